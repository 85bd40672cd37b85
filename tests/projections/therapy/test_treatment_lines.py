"""Lines of targeted therapy: switches, restarts, failures."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.therapy.treatment_lines import table, treatment_lines
from registry import Registry
from tests.projections.rows_of import row_of, rows_of


def give(
    registry: Registry, agent: str, started_on: str, stopped_on: str | None = None, why: str | None = None
) -> None:
    registry.start_treatment("P-1", agent=agent, started_on=started_on, stopped_on=stopped_on, stop_reason=why)


def test_lines_are_numbered_by_their_start_and_switches_named_by_class(registry: Registry) -> None:
    give(registry, "secukinumab", "2006-01-01")
    give(registry, "etanercept", "2003-01-01", "2003-09-30", "lack-of-efficacy")
    give(registry, "infliximab", "2003-10-10", "2005-11-30", "adverse-event")

    assert rows_of(table(facts_at(registry)), "line n_agents agent switch_kind switch_from days_between failure") == [
        (1, 1, "etanercept", "first", None, None, True),
        (2, 2, "infliximab", "within-class", "etanercept", 10, True),
        (3, 3, "secukinumab", "between-classes", "infliximab", 32, None),
    ]


def test_an_agent_begun_anew_is_a_restart_also_after_another_one(registry: Registry) -> None:
    give(registry, "etanercept", "2003-01-01", "2003-06-30", "remission")
    give(registry, "etanercept", "2004-01-01", "2004-06-30", "loss-of-efficacy")
    give(registry, "adalimumab", "2004-07-14", "2005-01-01")
    give(registry, "etanercept", "2005-01-15")

    columns = "line n_agents switch_kind switch_from previous_stop_reason failure"
    assert rows_of(table(facts_at(registry)), columns) == [
        (1, 1, "first", None, None, False),
        (2, 1, "restart", "etanercept", "remission", True),
        (3, 2, "within-class", "etanercept", "loss-of-efficacy", None),
        (4, 2, "restart", "adalimumab", None, None),
    ]


@pytest.mark.parametrize("agent", ["methotrexate", "prednisolone", "naproxen", "paracetamol"])
def test_what_accompanies_a_line_makes_none(registry: Registry, agent: str) -> None:
    give(registry, agent, "2003-01-01", "2003-06-30")
    give(registry, "tofacitinib", "2014-01-01")

    assert rows_of(table(facts_at(registry)), "line agent switch_kind") == [(1, "tofacitinib", "first")]


def test_a_dose_change_and_a_short_gap_make_no_new_line(registry: Registry) -> None:
    give(registry, "adalimumab", "2003-01-01", "2003-06-30")
    give(registry, "adalimumab", "2003-08-01")

    assert table(facts_at(registry)).num_rows == 1
    assert table(facts_at(registry), max_gap_days=30).num_rows == 2


@pytest.mark.parametrize(
    ("stopped_on", "days", "overlap"), [("2004-02-01", -31, True), (None, None, True), ("2004-01-01", 0, False)]
)
def test_lines_may_overlap(registry: Registry, stopped_on: str | None, days: int | None, overlap: bool) -> None:
    give(registry, "etanercept", "2003-01-01", stopped_on)
    give(registry, "anakinra", "2004-01-01")

    assert rows_of(table(facts_at(registry)), "days_between overlap") == [(None, None), (days, overlap)]


def test_partial_ends_leave_the_days_between_open(registry: Registry) -> None:
    give(registry, "etanercept", "2003", "2004-02")  # of 29 days
    give(registry, "anakinra", "2004-05")

    found = rows_of(table(facts_at(registry)), "days_between days_between_min days_between_max started_on_precision")

    assert found == [(None, None, None, "year"), (91, 62, 120, "month")]


def test_a_patients_lines_do_not_count_for_another(registry: Registry) -> None:
    registry.enrol_patient("P-0", enrolled_on="2002-01-14")
    registry.start_treatment("P-0", agent="anakinra", started_on="2003-01-01")
    give(registry, "anakinra", "2004-01-01")

    assert rows_of(table(facts_at(registry)), "patient line switch_kind overlap") == [
        ("P-0", 1, "first", None),
        ("P-1", 1, "first", None),
    ]


def test_a_stop_after_as_of_is_no_failure_yet(registry: Registry) -> None:
    give(registry, "etanercept", "2003-01-01", "2003-09-30", "lack-of-efficacy")

    assert row_of(table(facts_at(registry, as_of="2003-09-29")), "ongoing failure") == (True, None)
    assert row_of(table(facts_at(registry)), "ongoing failure") == (False, True)


def test_the_planned_end_of_the_anakinra_study_is_no_failure(published: Registry) -> None:
    lines = treatment_lines(facts_at(published))
    anakinra = lines[lines["agent"] == "anakinra"]

    assert len(lines) == 31
    assert anakinra["failure"].tolist() == [False] * 9
    assert set(lines["switch_kind"]) == {"first"}


@pytest.mark.parametrize("agents", [("adalimumab", "secukinumab"), ("secukinumab", "adalimumab")])
def test_of_lines_begun_on_one_day_none_is_first_and_none_a_switch(registry: Registry, agents: tuple[str, str]) -> None:
    for agent in agents:
        give(registry, agent, "2003-01-01", "2003-06-30", "lack-of-efficacy")
    give(registry, "etanercept", "2003-07-10", "2003-12-31")
    give(registry, "anakinra", "2004-01-01")

    columns = "agent switch_kind switch_from previous_stop_reason days_between overlap"
    found = rows_of(table(facts_at(registry)), columns)

    assert sorted(found[:2]) == [
        ("adalimumab", "same-day", None, None, None, None),
        ("secukinumab", "same-day", None, None, None, None),
    ]
    assert found[2:] == [
        ("etanercept", "within-class", None, None, None, None),  # of adalimumab, whichever has the first reference
        ("anakinra", "between-classes", "etanercept", None, 1, False),
    ]


def test_of_two_begun_together_after_another_neither_is_a_switch(
    registry: Registry,
) -> None:
    give(registry, "etanercept", "2003-01-01", "2003-06-30")
    for agent in ("secukinumab", "adalimumab"):
        give(registry, agent, "2003-07-10", "2003-12-31")
    give(registry, "secukinumab", "2005-01-01")

    found = rows_of(table(facts_at(registry)), "agent switch_kind")

    assert [kind for _, kind in found] == ["first", "same-day", "same-day", "restart"]
