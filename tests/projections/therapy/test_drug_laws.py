"""What holds of episodes, follow-up and flare rates, whatever the history: laws, with a slow oracle day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from projections import Facts, facts_at
from projections.therapy.flare_rates import table as flare_rates
from projections.therapy.patient_years import table as patient_years
from projections.therapy.treatment_episodes import table as treatment_episodes
from projections.therapy.treatment_lines import table as treatment_lines
from registry import Registry
from tests.oracle.histories import empty_registry
from tests.oracle.laws import laws
from tests.oracle.replay import interval_days
from tests.projections.rows_of import rows_of

FIRST = date(2018, 1, 1)
AGENTS = ("etanercept", "adalimumab", "methotrexate", "naproxen")
SYMPTOMATIC = "naproxen"
PATIENTS = ("P-1", "P-2")


class Course(NamedTuple):
    """A course, its days as they are recorded."""

    patient: str
    agent: str
    started_on: str
    stopped_on: str | None


def course(patient: str, agent: str, start: int, length: int | None, precision: int) -> Course:
    started = FIRST + timedelta(days=start)
    stopped = None if length is None else (started + timedelta(days=length)).isoformat()[:precision]
    return Course(patient, agent, started.isoformat(), stopped)


courses = st.lists(
    st.builds(
        course,
        st.sampled_from(PATIENTS),
        st.sampled_from(AGENTS),
        st.integers(0, 700),
        st.none() | st.integers(0, 300),
        st.sampled_from((10, 10, 10, 7, 4)),
    ),
    max_size=12,
    unique_by=lambda each: each[:3],
)
flares = st.lists(st.tuples(st.sampled_from(PATIENTS), st.integers(-30, 900)), max_size=6, unique=True)
limits = st.none() | st.integers(0, 1000).map(lambda days: FIRST + timedelta(days=days))


@contextmanager
def recorded(
    template: Path, given_courses: Sequence[Course], flared: Sequence[tuple[str, int]] = ()
) -> Iterator[Registry]:
    """Open a registry of two patients, enrolled on the 100th day and last seen on the 800th."""
    with empty_registry(template) as registry:
        for patient in PATIENTS:
            registry.enrol_patient(patient, enrolled_on=(FIRST + timedelta(days=100)).isoformat())
            registry.record_visit(patient, visited_on=(FIRST + timedelta(days=800)).isoformat())
        for each in given_courses:
            registry.start_treatment(
                each.patient, agent=each.agent, started_on=each.started_on, stopped_on=each.stopped_on
            )
        for patient, day in flared:
            registry.start_flare(patient, started_on=(FIRST + timedelta(days=day)).isoformat())
        yield registry


def days_of(each: Course, as_of: date | None) -> tuple[date, date]:
    """Return the first and the last day of a course by the rule for partial dates."""
    started, stopped = interval_days(each.started_on, each.stopped_on)
    return started, date.max if stopped is None or (as_of is not None and stopped > as_of) else stopped


def last_contact(given_courses: Sequence[Course], flared: Sequence[tuple[str, int]], patient: str) -> date:
    """Return the last day on which somebody is known to have seen a patient."""
    days = [FIRST + timedelta(days=800)]
    days += [FIRST + timedelta(days=day) for whose, day in flared if whose == patient]
    for each in given_courses:
        if each.patient == patient:
            days += [day for day in interval_days(each.started_on, each.stopped_on) if day is not None]
    return max(days)


def slow_episodes(all_courses: Sequence[Course], as_of: date | None, max_gap_days: int) -> list[tuple[str, str, int]]:
    """Return patient, agent and number of courses of each episode, by joining one course after the other."""
    found: list[tuple[str, str, int]] = []
    if as_of is not None and as_of < FIRST + timedelta(days=100):  # before enrolment
        return found
    for patient in PATIENTS:
        for agent in sorted(AGENTS):
            mine = sorted(days_of(each, as_of) for each in all_courses if each[:2] == (patient, agent))
            until, n_courses = date.min, 0
            for started, stopped in (span for span in mine if as_of is None or span[0] <= as_of):
                if n_courses and (started - until).days > max_gap_days:
                    found.append((patient, agent, n_courses))
                    until, n_courses = date.min, 0
                until, n_courses = max(until, stopped), n_courses + 1
            if n_courses:
                found.append((patient, agent, n_courses))
    return sorted(found)


@laws(histories=40)
@given(courses, limits, st.sampled_from((0, 30, 90)))
def test_episodes_partition_the_courses(
    sqlite_template: Path, given_courses: list[Course], as_of: date | None, max_gap_days: int
) -> None:
    with recorded(sqlite_template, given_courses) as registry:
        found = treatment_episodes(facts_at(registry, as_of=as_of), max_gap_days=max_gap_days)

    assert sorted(rows_of(found, "patient agent n_courses")) == slow_episodes(given_courses, as_of, max_gap_days)


@laws(histories=25)
@given(courses, limits)
def test_the_possible_gaps_enclose_the_exported_one(
    sqlite_template: Path, given_courses: list[Course], as_of: date | None
) -> None:
    with recorded(sqlite_template, given_courses) as registry:
        found = treatment_episodes(facts_at(registry, as_of=as_of)).to_pylist()

    for row in found:
        assert row["gap_days_min"] <= row["gap_days"] <= row["gap_days_max"]
        assert (row["off_days"] is None) == (row["episode"] == 1) == (row["restart_of"] is None)
        if row["off_days"] is not None:
            assert row["off_days_min"] <= row["off_days"] <= row["off_days_max"]
            assert row["off_days"] > 90


def treated_days(facts: Facts, all_courses: Sequence[Course], patient: str, span: tuple[date, date]) -> int:
    """Return how many of the steps from one day of follow-up to the next a course covers at both ends."""
    spans = [
        days_of(each, facts.at.as_of) for each in all_courses if each.patient == patient and each.agent != SYMPTOMATIC
    ]
    steps = [span[0] + timedelta(days=step) for step in range((span[1] - span[0]).days)]
    return sum(any(started <= day and stopped > day for started, stopped in spans) for day in steps)


@laws(histories=25)
@given(courses, flares, limits)
def test_time_and_flares_on_and_off_treatment_add_up_to_follow_up(
    sqlite_template: Path, given_courses: list[Course], flared: list[tuple[str, int]], as_of: date | None
) -> None:
    with recorded(sqlite_template, given_courses, flared) as registry:
        facts = facts_at(registry, as_of=as_of)
        rated = {row[:2]: row[2:] for row in rows_of(flare_rates(facts), "group last_agent n_flares days")}
        years = {row[:2]: row[2] for row in rows_of(patient_years(facts), "level name days")}
        counted = {row[:2]: row[2:] for row in rows_of(flare_rates(facts), "group last_agent n_patients n_flared")}
        exposed = {row[:2]: row[2] for row in rows_of(patient_years(facts), "level name n_patients")}

    def both(*groups: str) -> tuple[int, ...]:
        parts = [counts for (group, _), counts in rated.items() if group in groups]
        return tuple(sum(column) for column in zip(*parts))

    assert both("on-treatment", "off-treatment") == both("follow-up")
    assert both("after", "before-any-stop") == both("off-treatment")
    assert both("on-treatment")[1] == years["treatment", "immunomodulating"]
    assert both("off-treatment")[1] == years["treatment", "none"]
    assert counted["follow-up", None][0] == exposed["follow-up", "all"]
    assert counted["on-treatment", None][0] == exposed["treatment", "immunomodulating"]
    assert counted["off-treatment", None][0] == exposed["treatment", "none"]
    assert all(n_flared <= n_patients for n_patients, n_flared in counted.values())
    enrolled = FIRST + timedelta(days=100)
    ends = [min(last_contact(given_courses, flared, patient), as_of or date.max) for patient in PATIENTS]
    if ends[0] >= enrolled:
        spans = [(enrolled, end) for end in ends]
        slow = sum(treated_days(facts, given_courses, *each) for each in zip(PATIENTS, spans))
        assert (both("on-treatment")[1], both("follow-up")[1]) == (slow, sum((end - enrolled).days for end in ends))


@laws(histories=15)
@given(courses, flares, st.randoms(use_true_random=False), limits)
def test_the_order_of_recording_does_not_matter(
    sqlite_template: Path,
    given_courses: list[Course],
    flared: list[tuple[str, int]],
    random: Random,
    as_of: date | None,
) -> None:
    tables = (treatment_episodes, treatment_lines, patient_years, flare_rates)
    with recorded(sqlite_template, given_courses, flared) as registry:
        in_one_order = [table(facts_at(registry, as_of=as_of)).to_pylist() for table in tables]
    shuffled = random.sample(given_courses, len(given_courses)), random.sample(flared, len(flared))

    with recorded(sqlite_template, *shuffled) as registry:
        in_another_order = [table(facts_at(registry, as_of=as_of)).to_pylist() for table in tables]

    assert in_another_order == in_one_order
