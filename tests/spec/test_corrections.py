"""Corrections: amendments and retractions, always with a reason, and never a loss."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import (
    AlreadyRecordedError,
    ClinicalDayError,
    HeldFactError,
    MissingValueError,
    RangeError,
    RefusalError,
    RetractedFactError,
    UnknownCodeError,
    UnknownFactError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def test_an_amendment_is_a_whole_new_statement_of_the_fact(enrolled: Registry) -> None:
    visit = given.visited(enrolled, crp=24, esr=28)

    enrolled.amend(visit, {"crp": "2.4"}, reason="decimal point lost")

    first, second = enrolled.history(visit)
    assert (first.event, second.event, second.reason) == ("VisitRecorded", "VisitAmended", "decimal point lost")
    assert second.statement == {
        "visited_on": "2002-06-04",
        "visit": "baseline",
        "measures": [
            {"measure": "crp", "value": "2.4", "unit": "mg/l"},
            {"measure": "esr", "value": "28", "unit": "mm/h"},
        ],
    }


def test_an_amendment_can_say_that_something_was_not_recorded_after_all(enrolled: Registry) -> None:
    visit = given.visited(enrolled, crp=24, esr=28)

    enrolled.amend(visit, {"crp": None}, reason="of another patient")

    assert given.stated(enrolled, visit)["measures"] == [{"measure": "esr", "value": "28", "unit": "mm/h"}]


def test_an_amendment_can_state_another_unit(enrolled: Registry) -> None:
    visit = given.visited(enrolled, crp="2.4")

    enrolled.amend(visit, {"crp [mg/dl]": "2.4"}, reason="the laboratory reports mg/dl")

    assert given.stated(enrolled, visit)["measures"] == [{"measure": "crp", "value": "2.4", "unit": "mg/dl"}]


def test_single_grades_of_a_reading_are_amended_by_their_places(scanned: Registry) -> None:
    reading = given.berlin(scanned, {"C2/3": 1, "L5/S1": 2})

    scanned.amend(reading, {"L5/S1": 3, "C3/4": 0, "seconds": 300}, reason="read again")

    stated = given.stated(scanned, reading)
    assert stated["grades"] == {"grade": [1, 0, *[None] * 20, 3]}
    assert stated["seconds"] == 300


def test_a_grade_is_amended_by_location_and_item(scanned: Registry) -> None:
    place = ("C2/3 anterior", "erosion")
    reading = scanned.record_reading("MR-0001", reader="R1", method="vu-lesions", grades={place: 1})

    scanned.amend(reading, {place: 0}, reason="read again")  # type: ignore[dict-item]

    assert scanned.history(reading)[-1].changes[0].after == 0


@pytest.mark.parametrize("cells", [{"grade": 2}, {"location": "C2/3", "grade": 2}])
def test_a_grade_without_its_place_cannot_be_amended(scanned: Registry, cells: dict[str, object]) -> None:
    reading = given.berlin(scanned)

    with refused(scanned, RefusalError, "^grade: name the place of each grade, as 'C2/3'|^location: name the place"):
        scanned.amend(reading, cells, reason="read again")


@pytest.mark.parametrize("cells", [{}, {"crp": 24}, {"crp": "24.0"}, {"crp": "24", "esr": None}])
def test_an_amendment_that_changes_nothing_triggers_nothing(enrolled: Registry, cells: dict[str, object]) -> None:
    visit = given.visited(enrolled, crp=24)

    with nothing_recorded(enrolled):
        enrolled.amend(visit, cells, reason="checked against the chart")


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_an_amendment_without_a_reason_is_refused(enrolled: Registry, reason: str) -> None:
    visit = given.visited(enrolled, crp=24)

    with refused(enrolled, MissingValueError, "^reason is empty; give why the fact is amended$"):
        enrolled.amend(visit, {"crp": 25}, reason=reason)


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_a_retraction_without_a_reason_is_refused(enrolled: Registry, reason: str) -> None:
    visit = given.visited(enrolled, crp=24)

    with refused(enrolled, MissingValueError, "^reason is empty; give why the fact is retracted$"):
        enrolled.retract(visit, reason=reason)


@pytest.mark.parametrize(
    ("fact", "cells"),
    [
        ("patient/BAR1-01", {"patient": "BAR1-02"}),
        ("visit/BAR1-01/2002-06-04/baseline", {"id": "17"}),
        ("imaging/MR-0001", {"patient": "BAR1-02"}),
        ("reading/MR-0001/R1/berlin", {"method": "asspimri"}),
    ],
)
def test_whose_a_fact_is_and_by_which_method_it_was_read_cannot_be_amended(
    scanned: Registry, fact: str, cells: dict[str, object]
) -> None:
    given.visited(scanned)
    given.berlin(scanned)
    [field] = cells

    with refused(scanned, RefusalError, f"^{field} identifies {fact}; retract it and record it anew$"):
        scanned.amend(fact, cells, reason="typing error")


@pytest.mark.parametrize(
    ("fact", "field", "value"),
    [
        ("visit/BAR1-01/2002-06-04/baseline", "visited_on", "2002-06-05"),
        ("visit/BAR1-01/2002-06-04/baseline", "visit", "week 0"),
        ("visit/BAR1-01/2002-06-04/baseline", "visit", "Baseline"),
        ("treatment/BAR1-01/infliximab/2002-06-04", "agent", "adalimumab"),
        ("treatment/BAR1-01/infliximab/2002-06-04", "started_on", "2002-06"),
        ("imaging/MR-0002", "study", "MR-0009"),
        ("reading/MR-0001/R1/berlin", "reader", "R2"),
        ("reading/MR-0001/R1/berlin", "session", "2"),
    ],
)
def test_a_fact_keeps_its_reference_whatever_becomes_of_its_key(
    scanned: Registry, fact: str, field: str, value: str
) -> None:
    given.visited(scanned)
    given.infliximab(scanned)
    given.berlin(scanned)

    assert scanned.amend(fact, {field: value}, reason="typing error") == fact

    assert given.stated(scanned, fact)[field] == value


def test_a_fact_is_not_amended_to_the_key_of_another(enrolled: Registry) -> None:
    given.visited(enrolled)
    other = enrolled.record_visit("BAR1-01", visited_on="2002-06-05", visit="baseline")

    with refused(enrolled, AlreadyRecordedError, f"^{other} is recorded already, with other content; it has this key"):
        enrolled.amend("visit/BAR1-01/2002-06-04/baseline", {"visited_on": "2002-06-05"}, reason="typing error")


def test_what_a_fact_must_have_cannot_be_amended_away(enrolled: Registry) -> None:
    visit = given.visited(enrolled)

    with refused(enrolled, MissingValueError, "^visited_on is empty; give day of the visit$"):
        enrolled.amend(visit, {"visited_on": None}, reason="typing error")


def test_a_new_fact_where_an_amended_one_was_has_a_reference_with_a_number(enrolled: Registry) -> None:
    first = given.visited(enrolled)
    enrolled.amend(first, {"visited_on": "2002-06-11"}, reason="typing error")

    second = given.visited(enrolled)

    assert (first, second) == ("visit/BAR1-01/2002-06-04/baseline", "visit/BAR1-01/2002-06-04/baseline~2")
    assert given.stated(enrolled, second)["visited_on"] == "2002-06-04"
    enrolled.retract(second, reason="entered twice")
    assert given.visited(enrolled) == second


@pytest.mark.parametrize(
    ("cells", "error", "message"),
    [
        ({"crp": "-1"}, RangeError, "^crp: -1 mg/l is outside 0 mg/l and above"),
        ({"basdia": 1}, UnknownCodeError, "^column: 'basdia' is not a known column of visits; did you mean 'basdai'"),
    ],
)
def test_an_amendment_is_refused_for_what_a_record_is_refused_for(
    enrolled: Registry, cells: dict[str, object], error: type[RefusalError], message: str
) -> None:
    visit = given.visited(enrolled, crp=24)

    with refused(enrolled, error, message):
        enrolled.amend(visit, cells, reason="typing error")


def test_an_amended_stop_may_not_precede_the_start_either(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, stopped_on="2003-02-11")

    with refused(enrolled, ClinicalDayError, "^stopped_on: 2001 lies before started_on, 2002-06-04$"):
        enrolled.amend(course, {"stopped_on": "2001"}, reason="typing error")


def test_a_stop_can_be_taken_back_by_an_amendment(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, stopped_on="2003-02-11", stop_reason="infection")

    enrolled.amend(course, {"stopped_on": None, "stop_reason": None}, reason="was paused only")
    enrolled.stop_treatment(course, stopped_on="2004-01-05")

    assert given.events_of(enrolled, course) == [
        "TreatmentStarted",
        "TreatmentStopped",
        "TreatmentAmended",
        "TreatmentStopped",
    ]


def test_amending_what_does_not_exist_is_refused_with_the_nearest_fact(enrolled: Registry) -> None:
    given.visited(enrolled)
    nearest = "did you mean 'visit/BAR1-01/2002-06-04/baseline'"

    with refused(enrolled, UnknownFactError, f"^visit/BAR1-01/2002-06-04/basline is not recorded; {nearest}"):
        enrolled.amend("visit/BAR1-01/2002-06-04/basline", {"crp": 24}, reason="late result")


def test_retracting_what_does_not_exist_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, UnknownFactError, "^visit/BAR1-01/2002-06-04/baseline is not recorded"):
        enrolled.retract("visit/BAR1-01/2002-06-04/baseline", reason="entered twice")


def test_a_retraction_says_that_a_fact_was_entered_in_error(enrolled: Registry) -> None:
    visit = given.visited(enrolled, crp=24)

    enrolled.retract(visit, reason="of another patient")

    assert given.events_of(enrolled, visit) == ["VisitRecorded", "VisitRetracted"]
    retraction = enrolled.history(visit)[-1]
    assert (retraction.reason, retraction.statement) == ("of another patient", None)


@pytest.mark.parametrize("command", ["amend", "retract"])
def test_what_was_retracted_can_be_neither_amended_nor_retracted(enrolled: Registry, command: str) -> None:
    visit = given.visited(enrolled, crp=24)
    enrolled.retract(visit, reason="of another patient")
    cells = ({"crp": 25},) if command == "amend" else ()

    with refused(enrolled, RetractedFactError, f"^{visit} was retracted; record it anew where it is true after all$"):
        getattr(enrolled, command)(visit, *cells, reason="again")


def test_a_course_that_was_retracted_cannot_be_stopped(enrolled: Registry) -> None:
    course = given.infliximab(enrolled)
    enrolled.retract(course, reason="of another patient")

    with refused(enrolled, RetractedFactError, f"^{course} was retracted"):
        enrolled.stop_treatment(course, stopped_on="2003")


@pytest.mark.parametrize("crp", [24, 31])
def test_what_was_retracted_can_be_recorded_again(enrolled: Registry, crp: int) -> None:
    visit = given.visited(enrolled, crp=24)
    enrolled.retract(visit, reason="of another patient")

    given.visited(enrolled, crp=crp)

    assert given.events_of(enrolled, visit) == ["VisitRecorded", "VisitRetracted", "VisitRecorded"]


def test_a_study_that_readings_rest_on_cannot_be_retracted(scanned: Registry) -> None:
    reading = given.berlin(scanned)

    with refused(scanned, HeldFactError, f"^imaging/MR-0001 cannot change so: {reading} rests on it; retract or amend"):
        scanned.retract("imaging/MR-0001", reason="test image")


def test_a_study_can_be_retracted_after_its_readings(scanned: Registry) -> None:
    scanned.retract(given.berlin(scanned), reason="test image")

    scanned.retract("imaging/MR-0001", reason="test image")

    assert scanned.patient_batch.holders_of_studies(["MR-0001"]) == {}


@pytest.mark.parametrize("cells", [{"modality": "XR"}, {"regions": "sij"}])
def test_a_study_cannot_be_amended_to_what_its_readings_cannot_rest_on(
    scanned: Registry, cells: dict[str, object]
) -> None:
    given.berlin(scanned)

    with refused(scanned, HeldFactError, "^imaging/MR-0001 cannot change so: reading/MR-0001/R1/berlin rests on it"):
        scanned.amend("imaging/MR-0001", cells, reason="typing error")


def test_an_enrolment_that_facts_rest_on_cannot_be_retracted(scanned: Registry) -> None:
    with refused(scanned, HeldFactError, "^patient/BAR1-01 cannot change so: imaging/MR-0001 and imaging/MR-0002 rest"):
        scanned.retract("patient/BAR1-01", reason="consent withdrawn")


def test_an_enrolment_on_which_nothing_rests_can_be_retracted_and_recorded_again(enrolled: Registry) -> None:
    enrolled.retract("patient/BAR1-01", reason="wrong pseudonym")
    given.enrolled(enrolled, birth_year=1970)

    assert given.events_of(enrolled, "BAR1-01") == ["PatientEnrolled", "EnrolmentRetracted", "PatientEnrolled"]


def test_an_enrolment_can_be_moved_behind_a_visit_which_is_history_then(enrolled: Registry) -> None:
    given.visited(enrolled)

    enrolled.amend("patient/BAR1-01", {"enrolled_on": "2002-06-05"}, reason="typing error")

    assert given.stated(enrolled, "patient/BAR1-01")["enrolled_on"] == "2002-06-05"


def test_a_year_of_birth_cannot_be_moved_behind_a_treatment(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, "1999")

    with refused(enrolled, HeldFactError, f"^patient/BAR1-01 cannot change so: {course} rests on it; retract or amend"):
        enrolled.amend("patient/BAR1-01", {"birth_year": 2000}, reason="typing error")


def test_the_end_of_follow_up_can_be_taken_back(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01", reason="lost")

    ended = {"follow_up_ended_on": None, "follow_up_end_reason": None}
    enrolled.amend("patient/BAR1-01", ended, reason="came back")

    assert enrolled.record_visit("BAR1-01", visited_on="2006-03-01") == "visit/BAR1-01/2006-03-01"


def test_the_version_of_a_reported_basmi_outlasts_an_amendment_of_its_value(enrolled: Registry) -> None:
    visit = given.visited(enrolled, basmi="3.8", basmi_version="linear")

    enrolled.amend(visit, {"basmi": "3.9"}, reason="typing error")

    assert given.stated(enrolled, visit)["measures"] == [
        {"measure": "basmi", "value": "3.9", "unit": "score", "version": "linear"}
    ]


def test_the_version_of_a_reported_basmi_can_be_amended_alone(enrolled: Registry) -> None:
    visit = given.visited(enrolled, basmi="3.9", basmi_version="linear")

    enrolled.amend(visit, {"basmi_version": "10-step"}, reason="see the case report form")

    assert given.stated(enrolled, visit)["measures"] == [
        {"measure": "basmi", "value": "3.9", "unit": "score", "version": "10-step"}
    ]
