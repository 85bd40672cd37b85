"""A patient's course as it is drawn: what each day can mean, what goes on, and at which point in time."""

from __future__ import annotations

from datetime import date

import pytest

from projections import facts_of
from projections.course.timeline import Timeline, timeline
from registry import Registry
from views.drawing.patient_timeline import patient_timeline

ASDAS = {"basdai_2": "10", "basdai_6": "10", "basdai_3": "0", "patient_global": "0", "crp": "<5"}  # 2.43 by a CRP of 2


def course(registry: Registry, **at: str) -> Timeline:
    return timeline(facts_of(registry, "P-1", **at), "P-1")


def days(of: Timeline, what: str) -> list[tuple[str, ...]]:
    names = ("first_begin", "last_begin", "first_end", "last_end")
    return [tuple(str(getattr(each, name)) for name in names) for each in of.entries if each.what == what]


def test_a_partial_day_is_all_the_days_that_it_can_mean(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="etanercept", started_on="2003-02", stopped_on="2004")

    (given,) = [each for each in course(registry).entries if each.what == "treatment"]
    assert days(course(registry), "treatment") == [("2003-02-01", "2003-02-28", "2004-01-01", "2004-12-31")]
    assert (given.on, given.until, given.lane, given.goes_on) == ("2003-02", "2004", "TNFi", False)


def test_a_course_that_is_stopped_after_the_day_goes_on(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="etanercept", started_on="2003-02-01", stopped_on="2005-06-01")

    found = course(registry, as_of="2004-12-31")

    assert [(each.goes_on, each.until) for each in found.entries if each.what == "treatment"] == [(True, None)]
    assert found.until == date(2004, 12, 31)


def test_without_a_day_the_course_reaches_to_the_last_of_which_anything_is_known(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="etanercept", started_on="2003-02")
    registry.record_visit("P-1", visited_on="2003-02-10")

    found = course(registry)

    assert (found.as_of, found.until) == (None, date(2003, 2, 28))


def test_what_began_nobody_knows_when_has_no_days(registry: Registry) -> None:
    registry.record_condition("P-1", condition="psoriasis")

    assert days(course(registry), "condition") == [("None", "None", "None", "None")]


def test_scores_come_with_their_state_and_the_mark_of_a_limit(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-02-10", measures=ASDAS)

    values = [(each.score, str(each.on), each.comparator, each.state) for each in course(registry).values]
    assert values == [("asdas_crp", "2003-02-10", values[0][2], "high"), ("crp", "2003-02-10", "<", "")]
    assert course(registry).values[0].value == pytest.approx(2.43, abs=0.005)


def test_a_retracted_fact_is_there_as_it_was_known_then_and_not_now(registry: Registry) -> None:
    flare = registry.start_flare("P-1", started_on="2003-05-01")
    known = registry.head.position
    registry.retract(flare, reason="another patient's")

    then, now = course(registry, known_at=f"@{known}"), course(registry)

    assert [len(patient_timeline(each).of_class("flare")) for each in (then, now)] == [1, 0]


def test_a_patient_who_is_unknown_has_no_entries(registry: Registry) -> None:
    found = timeline(facts_of(registry, "P-9"), "P-9")

    assert (found.entries, found.values, found.until) == ([], [], None)
