"""Courses that cannot all be as they are stated."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import facts_at
from projections.checks.all_warnings import table
from registry import Registry
from registry.catalogue.agents import AGENTS
from tests.oracle.histories import empty_registry
from tests.oracle.laws import laws
from tests.projections.checks.warned import says, warned

DAY = date(2002, 2, 1)


def course(registry: Registry, agent: str, started_on: str, stopped_on: str | None = None, **cells: object) -> str:
    return registry.start_treatment("P-1", agent=agent, started_on=started_on, stopped_on=stopped_on, **cells)


@pytest.mark.parametrize(
    ("started_on", "doubted"),
    [("2002-05-09", True), ("2002-05-10", False), ("2002-05-11", False), ("2002-05", False), ("2002-04", True)],
)
def test_a_course_that_begins_before_the_last_day_of_another_of_its_agent_is_doubted(
    registry: Registry, started_on: str, doubted: bool
) -> None:
    course(registry, "naproxen", "2002-02-01", "2002-05-10")
    later = course(registry, "naproxen", started_on, "2002-08-01")

    assert warned(registry, "one-agent-twice-at-once") == [(later, "started_on")] * doubted


@pytest.mark.parametrize(
    ("stopped_on", "doubted"), [("2002-05", False), ("2002-06", True), ("2002", False), ("2002-06-01", True)]
)
def test_a_partial_stop_counts_as_early_as_it_can_be(registry: Registry, stopped_on: str, doubted: bool) -> None:
    course(registry, "naproxen", "2002-02-01", stopped_on)
    later = course(registry, "naproxen", "2002-05-10", "2002-08-01")

    assert warned(registry, "one-agent-twice-at-once") == [(later, "started_on")] * doubted


def test_a_course_within_a_longer_one_is_doubted_though_a_shorter_one_lies_between(registry: Registry) -> None:
    longest = course(registry, "naproxen", "2002-02-01", "2003-02-01")
    course(registry, "naproxen", "2002-03-01", "2002-04-01")
    last = course(registry, "naproxen", "2002-05-01", "2002-06-01")

    assert (last, "started_on") in warned(registry, "one-agent-twice-at-once")
    assert says(registry, "one-agent-twice-at-once")[-1] == f"31 days together with {longest}"


@pytest.mark.parametrize(("started_on", "doubted"), [("2002-05-09", True), ("2002-05-10", False)])
def test_two_targeted_therapies_are_not_given_at_once(registry: Registry, started_on: str, doubted: bool) -> None:
    course(registry, "etanercept", "2002-02-01", "2002-05-10")
    later = course(registry, "infliximab", started_on)

    assert warned(registry, "two-targeted-at-once") == [(later, "started_on")] * doubted
    assert warned(registry, "open-course-overtaken") == []


def test_methotrexate_beside_a_targeted_therapy_and_two_nsaids_are_no_warning(registry: Registry) -> None:
    for agent in ("etanercept", "methotrexate", "naproxen", "celecoxib"):
        course(registry, agent, "2002-02-01", "2002-05-10")

    assert warned(registry, "two-targeted-at-once") == []
    assert warned(registry, "one-agent-twice-at-once") == []


@pytest.mark.parametrize("agent", ["etanercept", "infliximab"])
def test_an_open_course_is_doubted_where_a_later_one_of_its_agent_or_of_another_targeted_therapy_began(
    registry: Registry, agent: str
) -> None:
    first = course(registry, "etanercept", "2002-02-01")
    later = course(registry, agent, "2002-02-02", "2002-03-01")

    assert warned(registry, "open-course-overtaken") == [(first, "stopped_on")]
    assert says(registry, "open-course-overtaken") == [f"open; then began {later}"]
    assert warned(registry, "one-agent-twice-at-once") == warned(registry, "two-targeted-at-once") == []


@pytest.mark.parametrize(
    ("agent", "started_on"), [("methotrexate", "2003-01-01"), ("infliximab", "2002"), ("infliximab", "2001-01-01")]
)
def test_it_is_not_doubted_beside_other_drugs_or_courses_that_need_not_be_later(
    registry: Registry, agent: str, started_on: str
) -> None:
    course(registry, "etanercept", "2002-02-01")
    course(registry, agent, started_on, "2003-06-01" if agent == "methotrexate" else "2002-02-01")

    assert warned(registry, "open-course-overtaken") == []


@pytest.mark.parametrize(("started_on", "doubted"), [("2002-12-31", False), ("2003-01-01", True)])
def test_an_open_course_of_which_the_year_is_known_may_have_begun_on_its_last_day(
    registry: Registry, started_on: str, doubted: bool
) -> None:
    first = course(registry, "etanercept", "2002")
    course(registry, "infliximab", started_on, started_on)

    assert warned(registry, "open-course-overtaken") == [(first, "stopped_on")] * doubted


def test_two_open_targeted_therapies_that_began_on_one_day_are_two_at_once(registry: Registry) -> None:
    course(registry, "etanercept", "2002-02-01")
    course(registry, "infliximab", "2002-02-01")

    assert warned(registry, "two-targeted-at-once") == [("treatment/P-1/infliximab/2002-02-01", "started_on")]
    assert warned(registry, "open-course-overtaken") == []


def test_courses_of_two_patients_have_nothing_to_do_with_each_other(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    for patient in ("P-1", "P-2"):
        registry.start_treatment(patient, agent="etanercept", started_on=f"2002-0{patient[-1]}-20")

    for rule in ("one-agent-twice-at-once", "two-targeted-at-once", "open-course-overtaken"):
        assert warned(registry, rule) == []


class Course(NamedTuple):
    patient: str
    agent: str
    start: int
    length: int | None

    @property
    def fact(self) -> str:
        return f"treatment/{self.patient}/{self.agent}/{DAY + timedelta(self.start)}"


courses = st.lists(
    st.builds(
        Course,
        st.sampled_from(["P-1", "P-2"]),
        st.sampled_from(["etanercept", "infliximab", "adalimumab", "naproxen"]),
        st.integers(0, 20),
        st.one_of(st.none(), st.integers(0, 15)),
    ),
    max_size=7,
    unique_by=lambda each: (each.patient, each.agent, each.start),
)


def by_definition(stated: list[Course]) -> dict[str, set[str]]:
    """What each rule says of courses with whole days, by looking at every two of them."""
    said: dict[str, set[str]] = {"one": set(), "two": set(), "open": set()}
    for a, b in permutations(stated, 2):
        targeted = a.agent != b.agent and {AGENTS[a.agent].drug_class, AGENTS[b.agent].drug_class} == {"TNFi"}
        if a.patient != b.patient or not (a.agent == b.agent or targeted):
            continue
        if a.length is None and b.start > a.start:
            said["open"].add(a.fact)
        first = (a.start, a.length if a.length is not None else 1000, a.fact) < (
            b.start,
            b.length if b.length is not None else 1000,
            b.fact,
        )
        if first and (b.start < a.start + a.length if a.length is not None else a.start == b.start):
            said["two" if targeted else "one"].add(b.fact)
    return said


@laws(histories=60)
@given(courses)
def test_the_rules_find_what_looking_at_every_two_courses_finds(sqlite_template: Path, stated: list[Course]) -> None:
    with empty_registry(sqlite_template) as registry:
        for patient in ("P-1", "P-2"):
            registry.enrol_patient(patient, enrolled_on="2002-01-14")
        for each in stated:
            stop = None if each.length is None else DAY + timedelta(each.start + each.length)
            registry.start_treatment(
                each.patient, agent=each.agent, started_on=DAY + timedelta(each.start), stopped_on=stop
            )
        facts = facts_at(registry)

        found = {
            name: set(table(facts, rules=[rule])["reference"].to_pylist())
            for name, rule in (
                ("one", "one-agent-twice-at-once"),
                ("two", "two-targeted-at-once"),
                ("open", "open-course-overtaken"),
            )
        }

    assert found == by_definition(stated)
