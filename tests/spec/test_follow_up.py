"""Follow-up: it ends, and can be resumed; who was lost in 2004 and came back in 2006 has two spans."""

from __future__ import annotations

import json

import pytest

from registry import Registry
from registry.errors import (
    AlreadyEndedError,
    AlreadyRecordedError,
    ClinicalDayError,
    ConsentWithdrawnError,
    HeldFactError,
    MissingValueError,
    NotEnrolledError,
    RefusalError,
    UnknownCodeError,
)
from tests.spec import given
from tests.spec.given import PATIENT, nothing_recorded, refused

ENROLMENT = "patient/BAR1-01"
RESUMPTION = "follow-up/BAR1-01/2006-03-01"
SECOND = "follow-up/BAR1-01/2010-05-17"


@pytest.fixture
def lost(enrolled: Registry) -> Registry:
    """A registry whose one patient was lost to follow-up on 30 June 2004."""
    enrolled.end_follow_up(PATIENT, ended_on="2004-06-30", reason="lost")
    return enrolled


@pytest.fixture
def returned(lost: Registry) -> Registry:
    """A registry whose one patient was lost on 30 June 2004 and is followed again since 1 March 2006."""
    lost.resume_follow_up(PATIENT, resumed_on="2006-03-01")
    return lost


@pytest.fixture
def twice(returned: Registry) -> Registry:
    """The same patient, who moved away on 24 November 2008 and is followed a third time since 17 May 2010."""
    returned.end_follow_up(PATIENT, ended_on="2008-11-24", reason="moved")
    returned.resume_follow_up(PATIENT, resumed_on="2010-05-17")
    return returned


def test_follow_up_is_resumed_after_its_end(lost: Registry) -> None:
    assert lost.resume_follow_up(PATIENT, resumed_on="2006-03-01") == RESUMPTION

    assert given.events_of(lost, RESUMPTION) == ["FollowUpResumed"]
    assert given.stated(lost, RESUMPTION) == {"resumed_on": "2006-03-01", "ended_on": None, "end_reason": None}
    assert given.stated(lost, ENROLMENT)["follow_up_ended_on"] == "2004-06-30"


def test_an_end_is_the_end_of_what_was_resumed(returned: Registry) -> None:
    assert returned.end_follow_up(PATIENT, ended_on="2008-11-24", reason="Moved") == RESUMPTION

    assert given.events_of(returned, RESUMPTION) == ["FollowUpResumed", "ResumptionEnded"]
    assert given.stated(returned, RESUMPTION)["end_reason"] == "moved"
    assert given.events_of(returned, ENROLMENT) == ["PatientEnrolled", "FollowUpEnded"]


def test_a_span_that_is_over_is_recorded_as_a_resumption_and_an_end(lost: Registry) -> None:
    lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2008-11-24", end_reason="study-end")

    resumed, ended = lost.history(RESUMPTION)
    assert (resumed.event, ended.event) == ("FollowUpResumed", "ResumptionEnded")
    days = [json.loads(payload)["clinical_on"] for chunk in lost.log.columns() for payload in chunk.payload]
    assert days[-2:] == ["2006-03-01", "2008-11-24"]
    assert resumed.statement is not None
    assert resumed.statement["ended_on"] is None


def test_a_resumed_follow_up_may_end_on_its_first_day_and_without_a_reason(returned: Registry) -> None:
    returned.end_follow_up(PATIENT, ended_on="2006-03-01")

    assert given.stated(returned, RESUMPTION)["end_reason"] is None


def test_follow_up_can_be_resumed_as_often_as_it_ends(twice: Registry) -> None:
    assert twice.end_follow_up(PATIENT, ended_on="2012-02-29", reason="died") == SECOND

    assert given.stated(twice, RESUMPTION)["ended_on"] == "2008-11-24"
    assert given.stated(twice, SECOND)["end_reason"] == "died"


def test_an_earlier_span_may_be_learnt_of_after_a_later_one(lost: Registry) -> None:
    lost.resume_follow_up(PATIENT, resumed_on="2010-05-17")

    assert lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2008-11-24") == RESUMPTION


def test_the_same_resumption_and_the_same_ends_again_trigger_nothing(twice: Registry) -> None:
    with nothing_recorded(twice):
        twice.resume_follow_up(PATIENT, resumed_on="2006-03-01")
        twice.end_follow_up(PATIENT, ended_on="2004-06-30", reason="lost")
        twice.end_follow_up(PATIENT, ended_on="2008-11-24", reason="moved")


def test_a_resumption_is_amended_and_retracted_with_a_reason(twice: Registry) -> None:
    twice.amend(RESUMPTION, {"ended_on": "2008-12-01"}, reason="typing error")
    twice.retract(SECOND, reason="another patient's")

    assert given.stated(twice, RESUMPTION)["ended_on"] == "2008-12-01"
    assert given.events_of(twice, RESUMPTION)[-1] == "ResumptionAmended"
    assert given.events_of(twice, SECOND)[-1] == "ResumptionRetracted"


def test_a_resumption_with_an_id_of_its_own_can_be_moved(lost: Registry) -> None:
    resumption = lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", id="7")

    lost.amend(resumption, {"resumed_on": "2006-04-01"}, reason="typing error")

    assert resumption == "follow-up/BAR1-01/id=7"
    assert given.stated(lost, resumption)["resumed_on"] == "2006-04-01"


def test_a_resumption_of_who_is_not_enrolled_is_refused(registry: Registry) -> None:
    with refused(registry, NotEnrolledError, "^patient: 'BAR1-01' is not enrolled; enrol the patient first$"):
        registry.resume_follow_up(PATIENT, resumed_on="2006-03-01")


def test_a_resumption_of_follow_up_that_goes_on_is_refused(enrolled: Registry) -> None:
    with refused(
        enrolled,
        ClinicalDayError,
        "^resumed_on: 2006-03-01 resumes follow-up that goes on since 2002-01-14; record first when it ended$",
    ):
        enrolled.resume_follow_up(PATIENT, resumed_on="2006-03-01")


def test_a_second_resumption_of_follow_up_that_goes_on_is_refused(returned: Registry) -> None:
    with refused(
        returned, ClinicalDayError, "^resumed_on: 2010-05-17 resumes follow-up that goes on since 2006-03-01;"
    ):
        returned.resume_follow_up(PATIENT, resumed_on="2010-05-17")


def test_follow_up_is_resumed_on_the_day_after_its_end_at_the_earliest(lost: Registry) -> None:
    with refused(
        lost, ClinicalDayError, "^resumed_on: 2004-06-30 does not lie after the end of follow-up, 2004-06-30$"
    ):
        lost.resume_follow_up(PATIENT, resumed_on="2004-06-30")

    assert lost.resume_follow_up(PATIENT, resumed_on="2004-07-01") == "follow-up/BAR1-01/2004-07-01"


@pytest.mark.parametrize("day", ["2003-06-30", "2008-11-24"])
def test_spans_of_follow_up_do_not_overlap(twice: Registry, day: str) -> None:
    end = {"2003-06-30": "2004-06-30", "2008-11-24": "2008-11-24"}[day]

    with refused(twice, ClinicalDayError, f"^resumed_on: {day} does not lie after the end of follow-up, {end}$"):
        twice.resume_follow_up(PATIENT, resumed_on=day, ended_on="2009-01-01")


def test_a_span_that_reaches_into_the_next_one_is_refused(lost: Registry) -> None:
    lost.resume_follow_up(PATIENT, resumed_on="2010-05-17")

    with refused(lost, ClinicalDayError, "^ended_on: 2010-05-17 does not lie before the next resumption, 2010-05-17$"):
        lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2010-05-17")
    assert lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2010-05-16") == RESUMPTION


def test_a_span_without_an_end_before_another_one_is_refused(lost: Registry) -> None:
    lost.resume_follow_up(PATIENT, resumed_on="2010-05-17")

    with refused(
        lost,
        MissingValueError,
        "^ended_on is empty; give the last day before follow-up was resumed again, on 2010-05-17$",
    ):
        lost.resume_follow_up(PATIENT, resumed_on="2006-03-01")


def test_two_resumptions_on_one_day_are_refused_whatever_their_ids(lost: Registry) -> None:
    lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2006-03-01", id="7")

    with refused(lost, AlreadyRecordedError, f"^follow-up/{PATIENT}/id=7 is recorded already.*{PATIENT}/id=8 would"):
        lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2008-11-24", id="8")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2014-07-01", "is in the future; today is 2014-06-30"),
        ("1960-12-31", "lies before the year of birth, 1961"),
        ("2002-01-13", "lies before enrolment, 2002-01-14"),
    ],
)
def test_a_day_on_which_nothing_can_have_been_resumed_is_refused(lost: Registry, day: str, why: str) -> None:
    with refused(lost, ClinicalDayError, f"^resumed_on: {day} {why}$"):
        lost.resume_follow_up(PATIENT, resumed_on=day)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2014-07-01", "is in the future; today is 2014-06-30"),
        ("2006-02-28", "lies before resumed_on, 2006-03-01"),
    ],
)
def test_a_day_on_which_the_resumed_follow_up_cannot_have_ended_is_refused(
    returned: Registry, day: str, why: str
) -> None:
    with refused(returned, ClinicalDayError, f"^ended_on: {day} {why}$"):
        returned.amend(RESUMPTION, {"ended_on": day}, reason="found in the file")


def test_a_resumption_without_its_day_is_refused(lost: Registry) -> None:
    with refused(lost, MissingValueError, "^resumed_on is empty; give first day of follow-up after an end of it$"):
        lost.resume_follow_up(PATIENT, resumed_on="")


def test_a_reason_for_an_end_that_has_no_day_is_refused(lost: Registry) -> None:
    with refused(
        lost, MissingValueError, "^ended_on is empty; give the day on which follow-up ended, or no end_reason$"
    ):
        lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", end_reason="lost")


def test_an_unknown_reason_for_an_end_is_refused(lost: Registry) -> None:
    with refused(lost, UnknownCodeError, "^end_reason: 'deceased' is not a known .*write lost, withdrawn, moved, died"):
        lost.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2008-11-24", end_reason="deceased")


def test_an_end_in_a_gap_is_refused_as_a_second_one(returned: Registry) -> None:
    with refused(
        returned, AlreadyEndedError, f"^follow_up_ended_on: {ENROLMENT} has ended already, on 2004-06-30; ame"
    ):
        returned.end_follow_up(PATIENT, ended_on="2005-01-01", reason="moved")


def test_a_second_end_of_what_was_resumed_is_refused(returned: Registry) -> None:
    returned.end_follow_up(PATIENT, ended_on="2008-11-24", reason="moved")

    with refused(returned, AlreadyEndedError, f"^ended_on: {RESUMPTION} has ended already, on 2008-11-24; amend it"):
        returned.end_follow_up(PATIENT, ended_on="2008-11-25", reason="moved")


def test_the_same_resumption_with_another_end_is_refused(twice: Registry) -> None:
    with refused(
        twice, AlreadyEndedError, f"^ended_on: {RESUMPTION} has ended already, on 2008-11-24; amend it with a"
    ):
        twice.resume_follow_up(PATIENT, resumed_on="2006-03-01", ended_on="2008-11-25", end_reason="moved")


def test_nothing_resumes_after_death(enrolled: Registry) -> None:
    enrolled.end_follow_up(PATIENT, ended_on="2004-06-30", reason="died")

    with refused(enrolled, ClinicalDayError, "^resumed_on: 2006-03-01 lies after the patient's death, 2004-06-30$"):
        enrolled.resume_follow_up(PATIENT, resumed_on="2006-03-01")


def test_who_was_followed_later_had_not_died_before(twice: Registry) -> None:
    with refused(twice, HeldFactError, f"^{ENROLMENT} cannot change so: {RESUMPTION} rests on it; retract or amend"):
        twice.amend(ENROLMENT, {"follow_up_end_reason": "died"}, reason="registry office")
    with refused(twice, RefusalError, "^end_reason: died cannot be; follow-up was resumed on 2010-05-17$"):
        twice.amend(RESUMPTION, {"end_reason": "died"}, reason="registry office")


def test_nothing_resumes_after_a_withdrawal_without_a_new_consent(enrolled: Registry) -> None:
    enrolled.amend(ENROLMENT, {"consented_on": "2002-01-10"}, reason="form found")
    enrolled.end_follow_up(PATIENT, ended_on="2004-06-30", reason="withdrawn")

    with refused(
        enrolled,
        ConsentWithdrawnError,
        "^patient: consent was withdrawn on 2004-06-30, nothing more is recorded; "
        "amend consented_on of the enrolment to the day of a new consent first$",
    ):
        enrolled.resume_follow_up(PATIENT, resumed_on="2006-03-01")


@pytest.fixture
def consented_anew(enrolled: Registry) -> Registry:
    """A registry whose one patient withdrew consent on 30 June 2004 and gave it anew on 1 March 2006."""
    enrolled.end_follow_up(PATIENT, ended_on="2004-06-30", reason="withdrawn")
    enrolled.amend(ENROLMENT, {"consented_on": "2006-03-01"}, reason="new consent")
    return enrolled


def test_after_a_new_consent_follow_up_is_resumed_and_recording_goes_on(consented_anew: Registry) -> None:
    assert consented_anew.resume_follow_up(PATIENT, resumed_on="2006-03-01") == RESUMPTION

    assert consented_anew.record_visit(PATIENT, visited_on="2006-03-01") == "visit/BAR1-01/2006-03-01"
    assert consented_anew.record_visit(PATIENT, visited_on="2003-06-04") == "visit/BAR1-01/2003-06-04"


def test_a_consent_of_the_day_of_the_withdrawal_is_no_new_one(enrolled: Registry) -> None:
    enrolled.end_follow_up(PATIENT, ended_on="2004-06-30", reason="withdrawn")
    enrolled.amend(ENROLMENT, {"consented_on": "2004-06-30"}, reason="form found")

    with refused(enrolled, ConsentWithdrawnError, "^patient: consent was withdrawn on 2004-06-30, nothing more"):
        enrolled.resume_follow_up(PATIENT, resumed_on="2006-03-01")


def test_follow_up_is_not_resumed_before_the_new_consent(consented_anew: Registry) -> None:
    with refused(
        consented_anew, ClinicalDayError, "^resumed_on: 2006-02-28 lies before consent was given anew, 2006-03-01$"
    ):
        consented_anew.resume_follow_up(PATIENT, resumed_on="2006-02-28")


def test_a_new_consent_alone_resumes_no_follow_up(consented_anew: Registry) -> None:
    with refused(
        consented_anew, ClinicalDayError, "^visited_on: 2007-06-04 lies after the end of follow-up, 2004-06-30$"
    ):
        consented_anew.record_visit(PATIENT, visited_on="2007-06-04")


def test_a_new_consent_on_which_follow_up_was_resumed_is_not_taken_away(consented_anew: Registry) -> None:
    consented_anew.resume_follow_up(PATIENT, resumed_on="2006-03-01")

    for day in ("2002-01-10", "2006-03-02", ""):
        with refused(consented_anew, HeldFactError, f"^{ENROLMENT} cannot change so: {RESUMPTION} rests on it; retr"):
            consented_anew.amend(ENROLMENT, {"consented_on": day}, reason="form found")


def test_a_withdrawal_in_a_resumed_span_ends_recording_too(returned: Registry) -> None:
    returned.end_follow_up(PATIENT, ended_on="2008-11-24", reason="withdrawn")

    with refused(returned, ConsentWithdrawnError, "^patient: consent was withdrawn on 2008-11-24, nothing more is"):
        returned.record_visit(PATIENT, visited_on="2007-06-04")
    with refused(returned, ConsentWithdrawnError, "^patient: consent was withdrawn on 2008-11-24, nothing more is"):
        returned.resume_follow_up(PATIENT, resumed_on="2005-01-01", ended_on="2005-02-01")
    with refused(returned, ConsentWithdrawnError, "^patient: consent was withdrawn on 2008-11-24, .*new consent first"):
        returned.resume_follow_up(PATIENT, resumed_on="2010-05-17")


def test_a_withdrawal_in_a_resumed_span_that_was_entered_in_error_is_amended(returned: Registry) -> None:
    returned.end_follow_up(PATIENT, ended_on="2008-11-24", reason="withdrawn")

    returned.amend(RESUMPTION, {"ended_on": "2008-11-25"}, reason="typing error")
    returned.amend(RESUMPTION, {"end_reason": "other"}, reason="wrong patient")

    assert returned.record_visit(PATIENT, visited_on="2007-06-04") == "visit/BAR1-01/2007-06-04"


def test_consent_can_be_withdrawn_and_given_anew_twice(consented_anew: Registry) -> None:
    consented_anew.resume_follow_up(PATIENT, resumed_on="2006-03-01")
    consented_anew.end_follow_up(PATIENT, ended_on="2008-11-24", reason="withdrawn")
    consented_anew.amend(ENROLMENT, {"consented_on": "2010-05-01"}, reason="second new consent")

    assert consented_anew.resume_follow_up(PATIENT, resumed_on="2010-05-17") == SECOND
    with refused(
        consented_anew, HeldFactError, f"^{ENROLMENT} cannot change so: {RESUMPTION} and {SECOND} rest on it;"
    ):
        consented_anew.amend(ENROLMENT, {"consented_on": "2006-03-01"}, reason="form found")


def test_a_withdrawal_between_two_spans_needs_a_consent_between_them(twice: Registry) -> None:
    with refused(
        twice,
        RefusalError,
        "^end_reason: withdrawn cannot be; follow-up was resumed on 2010-05-17 without a new consent$",
    ):
        twice.amend(RESUMPTION, {"end_reason": "withdrawn"}, reason="found in the file")

    twice.amend(ENROLMENT, {"consented_on": "2010-05-17"}, reason="new consent")
    twice.amend(RESUMPTION, {"end_reason": "withdrawn"}, reason="found in the file")

    assert given.stated(twice, RESUMPTION)["end_reason"] == "withdrawn"


def test_what_happened_in_a_resumed_span_is_recorded(returned: Registry) -> None:
    visit = returned.record_visit(PATIENT, visited_on="2006-03-01")
    flare = returned.start_flare(PATIENT, started_on="2007-01-01", ended_on="2007-02-01")

    assert (visit, flare) == ("visit/BAR1-01/2006-03-01", "flare/BAR1-01/2007-01-01")


def test_a_course_may_begin_in_one_span_and_end_in_the_next(returned: Registry) -> None:
    course = given.infliximab(returned, "2004-06", stopped_on="2006-03")

    assert given.stated(returned, course)["stopped_on"] == "2006-03"


@pytest.mark.parametrize("day", ["2004-07-01", "2006-02-28"])
def test_what_happened_in_a_gap_of_follow_up_is_refused(returned: Registry, day: str) -> None:
    why = f"{day} lies after the end of follow-up, 2004-06-30, and before it was resumed, 2006-03-01$"

    with refused(returned, ClinicalDayError, f"^visited_on: {why}"):
        returned.record_visit(PATIENT, visited_on=day)
    with refused(returned, ClinicalDayError, f"^performed_on: {why}"):
        given.mri(returned, "MR-0001", day)
    with refused(returned, ClinicalDayError, f"^stopped_on: {why}"):
        given.infliximab(returned, stopped_on=day)


def test_a_month_in_which_follow_up_ended_or_was_resumed_lies_in_a_span(returned: Registry) -> None:
    assert given.infliximab(returned, "2006-03") == "treatment/BAR1-01/infliximab/2006-03"
    with refused(
        returned, ClinicalDayError, "^started_on: 2005 lies after the end of follow-up, 2004-06-30, and before"
    ):
        given.infliximab(returned, "2005")


def test_what_happened_after_the_last_span_is_refused(twice: Registry) -> None:
    twice.end_follow_up(PATIENT, ended_on="2012-02-29")

    with refused(twice, ClinicalDayError, "^visited_on: 2012-03-01 lies after the end of follow-up, 2012-02-29$"):
        twice.record_visit(PATIENT, visited_on="2012-03-01")
    with refused(
        twice, ClinicalDayError, "^visited_on: 2009-06-01 lies after the end of follow-up, 2008-11-24, and be"
    ):
        twice.record_visit(PATIENT, visited_on="2009-06-01")


def test_a_span_in_which_something_happened_is_neither_retracted_nor_cut(twice: Registry) -> None:
    visit = twice.record_visit(PATIENT, visited_on="2008-06-01")

    with refused(twice, HeldFactError, f"^{RESUMPTION} cannot change so: {visit} rests on it; retract or amend first$"):
        twice.retract(RESUMPTION, reason="another patient's")
    with refused(twice, HeldFactError, f"^{RESUMPTION} cannot change so: {visit} rests on it; retract or amend first$"):
        twice.amend(RESUMPTION, {"ended_on": "2008-05-31"}, reason="typing error")
    twice.retract(SECOND, reason="another patient's")

    assert given.events_of(twice, SECOND)[-1] == "ResumptionRetracted"


def test_an_end_that_was_resumed_is_not_taken_away_nor_moved_past_the_resumption(returned: Registry) -> None:
    for end in ({"follow_up_ended_on": "", "follow_up_end_reason": ""}, {"follow_up_ended_on": "2006-03-01"}):
        with refused(
            returned, HeldFactError, f"^{ENROLMENT} cannot change so: {RESUMPTION} rests on it; retract or am"
        ):
            returned.amend(ENROLMENT, end, reason="found in the file")

    returned.amend(ENROLMENT, {"follow_up_ended_on": "2006-02-28"}, reason="found in the file")

    assert given.stated(returned, ENROLMENT)["follow_up_ended_on"] == "2006-02-28"


def test_an_enrolment_with_a_resumption_is_not_retracted(returned: Registry) -> None:
    with refused(returned, HeldFactError, f"^{ENROLMENT} cannot change so: {RESUMPTION} rests on it; retract or amend"):
        returned.retract(ENROLMENT, reason="entered twice")
