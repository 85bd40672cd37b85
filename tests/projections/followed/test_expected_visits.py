"""Who is expected when: P-1 was enrolled on 14 January 2002; it is 30 June 2014 unless said otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from projections import Facts, facts_at
from projections.columns.tables import rows
from projections.followed import recalls
from registry import Registry
from registry.catalogue.protocol import ScheduledImaging
from tests.projections.followed.conftest import Scheduling, baseline, week_12, yearly
from tests.projections.shown import Clock, shown


def states(facts: Facts, columns: str = "schedule state") -> list[tuple[object, ...]]:
    return shown(facts, "expected_visits", columns)


def seen(registry: Registry, *days: str, **measures: object) -> None:
    for day in days:
        registry.record_visit("P-1", visited_on=day, measures=measures)


def test_without_a_schedule_nobody_is_expected(registry: Registry) -> None:
    seen(registry, "2003-01-10")

    assert states(facts_at(registry)) == []


def test_a_visit_is_done_up_to_the_last_day_of_its_window(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(baseline(), yearly())
    seen(registry, "2002-01-28", "2003-04-14")

    assert states(facts_at(registry, as_of="2003-06-30"))[:2] == [("baseline", "done"), ("year 1", "done")]


def test_a_day_after_its_window_a_visit_is_outside_of_it(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(baseline(), yearly())
    seen(registry, "2002-01-29", "2003-04-15")

    found = states(facts_at(registry, as_of="2003-06-30"))

    assert found[:2] == [("baseline", "outside-window"), ("year 1", "outside-window")]


def test_a_visit_is_due_then_overdue_and_missed_when_the_next_window_opens(
    registry: Registry, scheduled: Scheduling
) -> None:
    scheduled(yearly())
    days = {"2002-10-15": "not-yet", "2002-10-16": "due", "2003-04-14": "due", "2003-04-15": "overdue"}
    days |= {"2003-10-15": "overdue", "2003-10-16": "missed"}

    assert {day: states(facts_at(registry, as_of=day))[0][1] for day in days} == days


def test_a_visit_is_made_up_no_longer_than_lost_after(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(yearly(), lost_after="6 months")

    assert states(facts_at(registry, as_of="2003-07-14"))[0] == ("year 1", "overdue")
    assert states(facts_at(registry, as_of="2003-07-15"))[0] == ("year 1", "missed")


def test_of_two_visits_in_a_window_the_nearer_stands_and_the_other_is_unscheduled(
    registry: Registry, scheduled: Scheduling
) -> None:
    scheduled(yearly())
    seen(registry, "2003-01-04", "2003-01-20")

    found = states(facts_at(registry, as_of="2003-12-31"), "schedule visited_on state")

    assert found[:2] == [("year 1", "2003-01-20", "done"), ("year 2", None, "due")]


def test_of_two_visits_as_near_the_earlier_stands(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(yearly())
    seen(registry, "2003-01-19", "2003-01-09")

    assert states(facts_at(registry), "visited_on")[0] == ("2003-01-09",)


def test_rows_of_one_day_are_one_visit_with_what_any_of_them_has(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(baseline(requires=("crp", "basdai", "esr")))
    registry.record_visit("P-1", visited_on="2002-01-14", visit="a", measures={"crp": "5"})
    registry.record_visit("P-1", visited_on="2002-01-14", visit="b", measures={"basdai": "4"})

    found = states(facts_at(registry), "visit_id n_required n_taken missing")

    assert found == [("visit/P-1/2002-01-14/a", 3, 2, ["esr"])]


def test_one_day_may_stand_for_a_visit_of_each_anchor(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(yearly(), week_12())
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-10-22")
    seen(registry, "2003-01-14")

    found = states(facts_at(registry, as_of="2003-06-30"), "schedule anchor state")

    assert found[:2] == [
        ("week 12", "treatment/P-1/infliximab/2002-10-22", "done"),
        ("year 1", "patient/P-1", "done"),
    ]


def test_week_12_is_expected_also_of_who_stopped_before_and_of_no_other_class(
    registry: Registry, scheduled: Scheduling
) -> None:
    scheduled(week_12())
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-01-01", stopped_on="2003-02-01")
    registry.start_treatment("P-1", agent="sulfasalazine", started_on="2003-01-01")

    assert states(facts_at(registry), "schedule due_on") == [("week 12", "2003-03-26")]


def test_a_course_before_enrolment_asks_for_nothing(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(week_12())
    registry.start_treatment("P-1", agent="infliximab", started_on="2001-01-01", stopped_on="2001-08-01")

    assert states(facts_at(registry)) == []


def test_after_a_death_nothing_more_is_expected(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(yearly(), yearly(name="closing", every=None, day=900, window=(-60, 60)))
    registry.end_follow_up("P-1", ended_on="2003-02-01", reason="died")

    assert states(facts_at(registry)) == [("year 1", "ended"), ("closing", "ended")]
    assert states(facts_at(registry, as_of="2003-01-31")) == [
        ("year 1", "due"),
        ("year 2", "not-yet"),
        ("closing", "not-yet"),
    ]


@pytest.mark.parametrize("reason", ["died", "moved", "withdrawn", "lost"])
def test_who_left_after_a_window_had_closed_without_a_visit_has_missed_it_and_is_called_no_more(
    registry: Registry, scheduled: Scheduling, reason: str
) -> None:
    scheduled(yearly())
    registry.end_follow_up("P-1", ended_on="2003-06-01", reason=reason)

    assert states(facts_at(registry, as_of="2003-05-31")) == [("year 1", "overdue"), ("year 2", "not-yet")]
    assert states(facts_at(registry, as_of="2003-06-02")) == [("year 1", "missed")]
    assert rows(recalls.table(facts_at(registry, as_of="2003-06-02"))) == []


def test_who_is_back_can_make_up_what_was_due_before(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(yearly())
    registry.end_follow_up("P-1", ended_on="2003-06-01", reason="moved")
    registry.resume_follow_up("P-1", resumed_on="2003-07-01")

    assert states(facts_at(registry, as_of="2003-06-15")) == [("year 1", "missed")]
    assert states(facts_at(registry, as_of="2003-07-15"))[0] == ("year 1", "overdue")


def test_who_came_before_dying_in_the_window_has_done_it(registry: Registry, scheduled: Scheduling) -> None:
    scheduled(yearly())
    seen(registry, "2003-01-20")
    registry.end_follow_up("P-1", ended_on="2003-02-01", reason="died")

    assert states(facts_at(registry)) == [("year 1", "done")]


def test_a_schedule_asks_from_the_day_of_its_adoption_on_unless_it_says_since(
    registry: Registry, scheduled: Scheduling
) -> None:
    scheduled(yearly(since=None), on="2014-06-30")

    assert states(facts_at(registry)) == [("year 13", "not-yet")]


def test_what_was_due_before_a_change_follows_what_held_then(
    registry: Registry, scheduled: Scheduling, clock: Clock
) -> None:
    scheduled(yearly(window=(-30, 30)), on="2014-06-30")
    scheduled(yearly(window=(-60, 60)), on="2015-06-30")
    clock.set("2016-06-30T09:00")
    registry.enrol_patient("P-2", enrolled_on="2015-07-01")

    found = states(facts_at(registry), "patient schedule window_to")

    assert ("P-1", "year 13", "2015-02-13") in found
    assert ("P-1", "year 14", "2016-03-14") in found
    assert ("P-2", "year 1", "2016-08-30") in found


def test_adopting_a_schedule_changes_nothing_that_was_expected_at_an_earlier_point(
    registry: Registry, scheduled: Scheduling
) -> None:
    scheduled(yearly(), on="2014-06-30")
    position = registry.head.position
    before = states(facts_at(registry, known_at=position), "schedule window_to")

    scheduled(yearly(window=(-1, 1), since=date(1999, 1, 1)), on="2014-07-30")

    assert states(facts_at(registry, known_at=position), "schedule window_to") == before
    assert states(facts_at(registry), "schedule window_to")[0] == ("year 1", "2003-01-15")


def test_recorded_at_is_when_the_registry_first_learnt_of_the_visit(
    registry: Registry, scheduled: Scheduling, clock: Clock
) -> None:
    scheduled(baseline())
    clock.set("2014-07-02T10:00")
    seen(registry, "2002-01-14", crp="5")
    clock.set("2014-08-02T10:00")
    registry.amend("visit/P-1/2002-01-14", {"crp": "6"}, reason="misread")

    assert states(facts_at(registry), "recorded_at") == [("2014-07-02 10:00:00+00:00",)]


def test_what_was_overdue_as_it_was_known_then_and_as_it_is_known_now(
    registry: Registry, scheduled: Scheduling, clock: Clock
) -> None:
    scheduled(yearly(since=date(2014, 1, 1)), on="2014-06-30")
    position = registry.head.position
    clock.set("2014-12-01T10:00")
    seen(registry, "2014-01-20")

    assert states(facts_at(registry, as_of="2014-06-30", known_at=position))[0] == ("year 12", "overdue")
    assert states(facts_at(registry, as_of="2014-06-30"))[0] == ("year 12", "done")


def test_imaging_every_two_years_is_wanted_where_the_last_one_lies_that_long_back(
    registry: Registry, scheduled: Scheduling
) -> None:
    mri = ScheduledImaging(modality="MRI", regions=("spine", "sij"), every="2 years")
    scheduled(yearly(imaging=(mri,)))
    registry.record_study("S1", patient="P-1", performed_on="2003-01-10", modality="MRI", regions="spine")
    registry.record_study("S2", patient="P-1", performed_on="2003-02-10", modality="MRI", regions="sij")
    seen(registry, "2003-01-14", "2004-01-14", "2005-01-14")

    found = states(facts_at(registry, as_of="2005-12-31"), "schedule n_required n_taken missing")

    assert found[:3] == [("year 1", 1, 1, []), ("year 2", 0, 0, []), ("year 3", 1, 0, ["MRI spine+sij"])]
