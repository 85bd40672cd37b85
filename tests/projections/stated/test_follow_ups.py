"""Resumptions of follow-up, at a point in time, and who counts as having withdrawn consent."""

from __future__ import annotations

import pytest

from projections import facts_at, follow_ups
from projections.course import course_entries
from registry import Registry
from tests.projections.shown import one, shown

COLUMNS = "patient resumed_on follow_up_id ended_on end_reason"


@pytest.fixture
def returned(registry: Registry) -> Registry:
    """A registry whose one patient was lost in 2004, came back in 2006 and moved away in 2008."""
    registry.end_follow_up("P-1", ended_on="2004-06-30", reason="lost")
    registry.resume_follow_up("P-1", resumed_on="2006-03-01")
    registry.end_follow_up("P-1", ended_on="2008-11-24", reason="moved")
    return registry


@pytest.fixture
def withdrawn(registry: Registry) -> Registry:
    """A registry whose one patient withdrew consent in 2004, gave it anew in 2006 and withdrew it again in 2008."""
    registry.record_visit("P-1", visited_on="2003-06-04")
    registry.end_follow_up("P-1", ended_on="2004-06-30", reason="withdrawn")
    registry.amend("patient/P-1", {"consented_on": "2006-02-01"}, reason="new consent")
    registry.resume_follow_up("P-1", resumed_on="2006-03-01")
    registry.end_follow_up("P-1", ended_on="2008-11-24", reason="withdrawn")
    return registry


def test_a_resumption_goes_out_as_it_was_recorded(returned: Registry) -> None:
    facts = facts_at(returned)

    assert one(facts, "follow_ups", COLUMNS) == (
        "P-1", "2006-03-01", "follow-up/P-1/2006-03-01", "2008-11-24", "moved",
    )  # fmt: skip
    assert one(facts, "patients", "follow_up_ended_on follow_up_end_reason") == ("2004-06-30", "lost")


def test_resumptions_come_by_patient_and_day_and_as_a_frame(returned: Registry) -> None:
    returned.resume_follow_up("P-1", resumed_on="2010-05-17")
    returned.enrol_patient("P-0", enrolled_on="2002-01-14", follow_up_ended_on="2003-01-01")
    returned.resume_follow_up("P-0", resumed_on="2009-01-01")

    facts = facts_at(returned)

    assert shown(facts, "follow_ups", "patient resumed_on") == [
        ("P-0", "2009-01-01"), ("P-1", "2006-03-01"), ("P-1", "2010-05-17"),
    ]  # fmt: skip
    assert list(follow_ups(facts)["patient"]) == ["P-0", "P-1", "P-1"]


def test_a_resumption_is_there_from_its_own_day(returned: Registry) -> None:
    assert facts_at(returned, as_of="2006-02-28").count("follow_ups") == 0
    assert facts_at(returned, as_of="2006-03-01").count("follow_ups") == 1


def test_an_end_after_as_of_has_not_happened_and_has_no_reason(returned: Registry) -> None:
    assert one(facts_at(returned, as_of="2008-11-23"), "follow_ups", "ended_on end_reason") == (None, None)
    assert one(facts_at(returned, as_of="2008-11-24"), "follow_ups", "ended_on end_reason") == ("2008-11-24", "moved")


def test_an_end_that_was_learnt_of_later_was_not_known_before(returned: Registry) -> None:
    before = returned.head.position - 1

    assert one(facts_at(returned, known_at=before), "follow_ups", "resumed_on ended_on") == ("2006-03-01", None)


def test_the_course_of_a_patient_tells_each_end_and_each_resumption(returned: Registry) -> None:
    told = [(each.on, each.what, each.details) for each in course_entries(facts_at(returned), "P-1")]

    assert told == [
        ("2002-01-14", "enrolment", ""),
        ("2004-06-30", "end of follow-up", "lost"),
        ("2006-03-01", "resumption of follow-up", ""),
        ("2008-11-24", "end of follow-up", "moved"),
    ]


@pytest.mark.parametrize(
    ("as_of", "n_visits"),
    [("2004-06-29", 1), ("2004-06-30", 0), ("2006-01-31", 0), ("2006-02-01", 1), ("2008-11-23", 1), ("2008-11-24", 0)],
)
def test_who_has_withdrawn_is_left_out_until_a_new_consent(withdrawn: Registry, as_of: str, n_visits: int) -> None:
    assert facts_at(withdrawn, as_of=as_of, withdrawn="exclude").count("visits") == n_visits
    assert facts_at(withdrawn, as_of=as_of).count("visits") == 1


def test_nobody_is_left_out_for_another_end_of_a_resumed_follow_up(returned: Registry) -> None:
    assert facts_at(returned, withdrawn="exclude").count("patients") == 1
