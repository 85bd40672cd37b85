"""History: every version of a fact, when the registry learnt of it, from whom, whence and why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry import Registry
from registry.errors import ClinicalDayError, UnknownFactError, UnknownStudyError
from tests.spec import given


def test_every_version_has_its_place_its_person_and_its_reason(enrolled: Registry, clock: given.StandingClock) -> None:
    visit = given.visited(enrolled, crp=24)
    clock.now = given.instant("2014-07-02T14:30")
    enrolled.actor, enrolled.source = "voss", "visits.csv:17"

    enrolled.amend(visit, {"crp": "2.4"}, reason="decimal point lost")

    first, second = enrolled.history(visit)
    assert (first.position, first.recorded_at) == (2, datetime(2014, 6, 30, 9, tzinfo=UTC))
    assert (first.event, first.actor, first.source, first.reason) == ("VisitRecorded", "lindner", "python", None)
    assert (second.position, second.recorded_at) == (3, datetime(2014, 7, 2, 14, 30, tzinfo=UTC))
    assert (second.actor, second.source, second.reason) == ("voss", "visits.csv:17", "decimal point lost")


def test_a_visit_changes_by_measure(enrolled: Registry) -> None:
    visit = given.visited(enrolled, **{"crp [mg/dl]": "<2.4", "esr": 28, "basmi": 4, "basmi_version": "linear"})

    enrolled.amend(visit, {"crp": "24", "esr": None, "mases": 2}, reason="checked")

    assert [(c.field, c.before, c.after) for c in enrolled.history(visit)[-1].changes] == [
        ("crp", "<2.4 mg/dl", "24 mg/l"),
        ("esr", "28 mm/h", None),
        ("mases", None, "2 score"),
    ]


def test_a_reading_changes_by_location_and_item(scanned: Registry) -> None:
    reading = scanned.record_reading(
        "MR-0001", reader="R1", method="vu-lesions", grades={("C2/3 anterior", "erosion"): 1}
    )

    scanned.amend(reading, {"C2/3 anterior erosion": 0, "L5/S1 posterior inflammation": 1}, reason="read again")

    assert [(c.field, c.before, c.after) for c in scanned.history(reading)[-1].changes] == [
        ("C2/3 anterior erosion", 1, 0),
        ("L5/S1 posterior inflammation", None, 1),
    ]


def test_a_first_version_is_all_change_and_a_retraction_leaves_nothing(enrolled: Registry) -> None:
    flare = enrolled.start_flare("BAR1-01", started_on="2003-11-24", severity="mild")
    enrolled.retract(flare, reason="of another patient")

    recorded, retracted = enrolled.history(flare)
    assert [(c.field, c.after) for c in recorded.changes] == [("started_on", "2003-11-24"), ("severity", "mild")]
    assert [(c.field, c.after) for c in retracted.changes] == [("started_on", None), ("severity", None)]


def test_the_history_of_one_fact_leaves_out_the_others(enrolled: Registry) -> None:
    visit = given.visited(enrolled, crp=24)
    given.infliximab(enrolled)

    assert [version.position for version in enrolled.history(visit)] == [2]


def test_the_history_of_what_nobody_recorded_is_refused_with_the_nearest_fact(enrolled: Registry) -> None:
    given.visited(enrolled)

    with pytest.raises(UnknownFactError, match=r"is not recorded; did you mean 'visit/BAR1-01/2002-06-04/baseline'\?$"):
        enrolled.history("visit/BAR1-01/2002-06-04/basline")


def test_the_history_of_an_unknown_study_is_refused(enrolled: Registry) -> None:
    with pytest.raises(UnknownStudyError, match=r"^study: no imaging study 'MR-0009' is recorded"):
        enrolled.history("reading/MR-0009/R1/berlin")


def test_the_history_of_a_retracted_study_and_of_its_readings_stays(scanned: Registry) -> None:
    reading = given.berlin(scanned)
    scanned.retract(reading, reason="test image")
    scanned.retract("imaging/MR-0001", reason="test image")

    assert given.events_of(scanned, reading) == ["ReadingRecorded", "ReadingRetracted"]
    assert given.events_of(scanned, "imaging/MR-0001") == ["StudyRecorded", "StudyRetracted"]


def test_a_study_that_moved_to_another_patient_keeps_its_history(scanned: Registry) -> None:
    given.enrolled(scanned, "BAR1-02")
    reading = given.berlin(scanned)
    scanned.retract(reading, reason="filed under the wrong patient")
    scanned.retract("imaging/MR-0001", reason="filed under the wrong patient")

    given.mri(scanned, "MR-0001", "2002-06-03", patient="BAR1-02")

    assert given.events_of(scanned, reading) == ["ReadingRecorded", "ReadingRetracted"]


def test_the_recorded_clock_never_goes_back(enrolled: Registry, clock: given.StandingClock) -> None:
    clock.now = given.instant("2014-07-02T14:30")
    later = given.visited(enrolled)
    clock.now = given.instant("2014-07-01T14:30")
    afterwards = given.infliximab(enrolled)

    assert enrolled.history(afterwards)[0].recorded_at == enrolled.history(later)[0].recorded_at


def test_a_refusal_leaves_no_gap(enrolled: Registry) -> None:
    with given.refused(enrolled, ClinicalDayError, "^visited_on: 2031-01-01 is in the future"):
        enrolled.record_visit("BAR1-01", visited_on="2031-01-01")

    assert enrolled.history(given.visited(enrolled))[0].position == 2
