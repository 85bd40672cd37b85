"""Readings: one reader's scoring of one study by one method."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import (
    AlreadyRecordedError,
    ClinicalDayError,
    FormatError,
    GradeError,
    MissingValueError,
    RefusalError,
    StudyMisfitError,
    UnknownCodeError,
    UnknownStudyError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def read(registry: Registry, method: str, **grades: object) -> str:
    return registry.record_reading("MR-0001", reader="R1", method=method, grades=grades)  # type: ignore[arg-type]


def test_a_reading_has_a_grade_for_each_location_in_the_order_of_the_method(scanned: Registry) -> None:
    reading = read(scanned, "Berlin", **{"C2/3": 1, "t12/l1": 3, "L5/S1": "0"})

    assert reading == "reading/MR-0001/R1/berlin"
    assert given.stated(scanned, reading) == {
        "study": "MR-0001",
        "reader": "R1",
        "method": "berlin",
        "method_version": 1,
        "session": "",
        "read_on": None,
        "seconds": None,
        "grades": {"grade": [1, *[None] * 16, 3, *[None] * 4, 0]},
    }


def test_a_method_with_two_items_has_two_grades_a_location(scanned: Registry) -> None:
    reading = scanned.record_reading(
        "MR-0001",
        reader="R1",
        method="vu-lesions",
        grades={"C2/3 anterior inflammation": 1, ("C2/3 anterior", "Erosion"): 0, "L5/S1 posterior erosion": 1},
    )

    assert given.stated(scanned, reading)["grades"] == {
        "inflammation": [1, *[None] * 45],
        "erosion": [0, *[None] * 44, 1],
    }


def test_a_location_that_could_not_be_assessed_is_empty_and_never_0(scanned: Registry) -> None:
    reading = read(scanned, "berlin", **{"C2/3": None, "C3/4": "", "C4/5": 0})

    assert given.stated(scanned, reading)["grades"] == {"grade": [None, None, 0, *[None] * 20]}


def test_a_reading_keeps_its_session_its_day_and_its_duration(scanned: Registry) -> None:
    reading = scanned.record_reading(
        "MR-0001", reader="R1", method="berlin", grades={}, session="2012/A", read_on="2012-09-03", seconds=310
    )

    stated = given.stated(scanned, reading)
    assert reading == "reading/MR-0001/R1/berlin/2012%2FA"
    assert (stated["session"], stated["read_on"], stated["seconds"]) == ("2012/A", "2012-09-03", 310)


def test_readers_methods_and_sessions_are_told_apart(scanned: Registry) -> None:
    keys = [("R1", "berlin", ""), ("R2", "berlin", ""), ("R1", "asspimri", ""), ("R1", "berlin", "again")]

    readings = {
        scanned.record_reading("MR-0001", reader=reader, method=method, grades={"C2/3": 1}, session=session)
        for reader, method, session in keys
    }

    assert len(readings) == 4


def test_a_reading_belongs_to_the_day_of_the_examination(scanned: Registry) -> None:
    reading = scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={}, read_on="2012-09-03")

    patient = scanned.patient_batch.patients(["BAR1-01"])["BAR1-01"]
    assert reading in patient.facts
    [payload] = [text for chunk in scanned.log.columns(topics=["ReadingRecorded"]) for text in chunk.payload]
    assert '"clinical_on":"2002-06-03"' in str(payload)


def test_a_reading_of_an_unknown_study_is_refused_and_nothing_is_recorded(scanned: Registry) -> None:
    with refused(scanned, UnknownStudyError, "^study: no imaging study 'MR-0009' is recorded"):
        given.berlin(scanned, study="MR-0009")


def test_a_reading_of_a_retracted_study_is_refused(scanned: Registry) -> None:
    scanned.retract("imaging/MR-0001", reason="test image")

    with refused(scanned, UnknownStudyError, "^study: no imaging study 'MR-0001' of this patient is recorded"):
        given.berlin(scanned, study="MR-0001")


@pytest.mark.parametrize("modality", ["XR", "CT"])
def test_a_reading_of_a_study_of_another_modality_is_refused(enrolled: Registry, modality: str) -> None:
    enrolled.record_study("S1", patient="BAR1-01", performed_on="2002-06-03", modality=modality, regions="spine")

    with refused(enrolled, StudyMisfitError, f"^study: study 'S1' is {modality}; berlin reads MRI$"):
        given.berlin(enrolled, study="S1")


def test_a_reading_of_a_study_of_another_region_is_refused(enrolled: Registry) -> None:
    given.mri(enrolled, "S1", "2002-06-03", regions="sij")

    with refused(enrolled, StudyMisfitError, "^study: study 'S1' shows sij; berlin reads spine or cervical-spine or"):
        given.berlin(enrolled, study="S1")


@pytest.mark.parametrize("regions", ["cervical-spine", "thoracic-spine", "lumbar-spine", "sij;lumbar-spine"])
def test_a_reading_of_a_part_of_the_spine_is_recorded(enrolled: Registry, regions: str) -> None:
    given.mri(enrolled, "MR-0001", "2002-06-03", regions=regions)

    assert given.berlin(enrolled) == "reading/MR-0001/R1/berlin"


@pytest.mark.parametrize(
    ("method", "place", "limit"),
    [("berlin", "C2/3", 3), ("asspimri", "C2/3", 6), ("vu-lesions", "C2/3 anterior erosion", 1)],
)
def test_a_grade_is_recorded_up_to_the_limit_of_the_method(
    scanned: Registry, method: str, place: str, limit: int
) -> None:
    reading = read(scanned, method, **{place: limit})

    assert [grade for row in given.stated(scanned, reading)["grades"].values() for grade in row if grade] == [limit]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "place", "grade", "message"),
    [
        ("berlin", "C2/3", 4, "^grade: '4' at C2/3 is not a grade of berlin; write 0, 1, 2 or 3, or leave it empty"),
        ("asspimri", "T12/L1", 7, "^grade: '7' at T12/L1 is not a grade of asspimri; write 0, 1, 2, 3, 4, 5 or 6, or"),
        ("vu-lesions", "C2/3 anterior erosion", 2, "^grade: '2' at C2/3 anterior erosion is not a grade of vu-lesions"),
    ],
)
def test_a_grade_that_the_method_does_not_allow_is_refused(
    scanned: Registry, method: str, place: str, grade: int, message: str
) -> None:
    with refused(scanned, GradeError, message):
        read(scanned, method, **{place: grade})


@pytest.mark.parametrize("grade", [-1, "1.5", "x", "1,0", True])
def test_a_grade_that_is_no_whole_number_is_refused(scanned: Registry, grade: object) -> None:
    with refused(scanned, FormatError, "^grade: '.*' is not a whole number$"):
        read(scanned, "berlin", **{"C2/3": grade})


@pytest.mark.parametrize(
    ("method", "place", "message"),
    [
        ("berlin", "C2-3", "^location: 'C2-3' is not a known location of berlin; did you mean 'C2/3'\\?$"),
        ("berlin", "C1/2", "^location: 'C1/2' is not a known location of berlin$"),
        ("berlin", "L5/L6", "^location: 'L5/L6' is not a known location of berlin$"),
        ("vu-lesions", "C2/3 inflammation", "^location: 'C2/3' is not a known location of vu-lesions"),
        ("vu-lesions", "C2/3 anterior", "^item: '' is not a known item of vu-lesions; write inflammation or erosion$"),
    ],
)
def test_a_place_that_the_method_does_not_have_is_refused(
    scanned: Registry, method: str, place: str, message: str
) -> None:
    with refused(scanned, UnknownCodeError, message):
        read(scanned, method, **{place: 1})


def test_an_unknown_item_is_refused_with_the_nearest_known_one(scanned: Registry) -> None:
    with refused(scanned, UnknownCodeError, "^item: 'errosion' is not a known item of vu-lesions; did you mean 'eros"):
        scanned.record_reading("MR-0001", reader="R1", method="vu-lesions", grades={("C2/3 anterior", "errosion"): 1})


def test_an_item_is_refused_where_the_method_grades_one_thing(scanned: Registry) -> None:
    with refused(scanned, RefusalError, "^item: berlin grades one thing; leave the item empty$"):
        scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={("C2/3", "erosion"): 1})


def test_two_grades_for_one_place_are_refused(scanned: Registry) -> None:
    with refused(scanned, RefusalError, "^grade: C2/3 stands twice; remove one$"):
        read(scanned, "berlin", **{"C2/3": 1, "c2/3": 2})


@pytest.mark.parametrize(
    ("method", "near"), [("berlim", "berlin"), ("asspimri-a", "asspimri"), ("vu_lesions", "vu-lesions")]
)
def test_an_unknown_method_is_refused_with_the_nearest_known_one(scanned: Registry, method: str, near: str) -> None:
    with refused(scanned, UnknownCodeError, f"^method: '{method}' is not a known method; did you mean '{near}'\\?$"):
        read(scanned, method)


def test_a_reading_without_its_reader_is_refused(scanned: Registry) -> None:
    with refused(scanned, MissingValueError, "^reader is empty; give the reader's code$"):
        scanned.record_reading("MR-0001", reader="", method="berlin", grades={})


def test_a_reading_before_the_examination_is_refused(scanned: Registry) -> None:
    with refused(scanned, ClinicalDayError, "^read_on: 2002-06-02 lies before the examination MR-0001, 2002-06-03$"):
        scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={}, read_on="2002-06-02")


def test_a_reading_in_the_future_is_refused(scanned: Registry) -> None:
    with refused(scanned, ClinicalDayError, "^read_on: 2014-07-01 is in the future; today is 2014-06-30$"):
        scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={}, read_on="2014-07-01")


def test_a_study_may_be_read_after_the_end_of_follow_up(scanned: Registry) -> None:
    scanned.end_follow_up("BAR1-01", ended_on="2005-03-01")

    reading = scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={}, read_on="2012-09-03")

    assert given.stated(scanned, reading)["read_on"] == "2012-09-03"


@pytest.mark.parametrize("seconds", ["-1", "5 min", "310.5"])
def test_a_duration_that_is_no_whole_number_of_seconds_is_refused(scanned: Registry, seconds: str) -> None:
    with refused(scanned, FormatError, f"^seconds: '{seconds}' is not a whole number$"):
        scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={}, seconds=seconds)


def test_a_second_reading_with_the_same_key_and_other_grades_is_refused(scanned: Registry) -> None:
    reading = given.berlin(scanned)

    with refused(scanned, AlreadyRecordedError, f"^{reading} is recorded already, with other content; amend it with a"):
        given.berlin(scanned, {"C2/3": 2})


@pytest.mark.parametrize("again", [{"C2/3": 1}, {"c2/3": "1"}, {"C2/3": 1.0, "C3/4": None}])
def test_the_same_reading_again_triggers_nothing(scanned: Registry, again: dict[str, object]) -> None:
    given.berlin(scanned, {"C2/3": 1})

    with nothing_recorded(scanned):
        given.berlin(scanned, again)  # type: ignore[arg-type]


def test_a_reading_takes_no_row_of_a_file_in_the_place_of_its_grades(scanned: Registry) -> None:
    with refused(scanned, RefusalError, "^grade: name the place of each grade, as 'C2/3'"):
        scanned.record(
            "readings", {"study": "MR-0001", "reader": "R1", "method": "berlin", "location": "C2/3", "grade": 1}
        )


@pytest.mark.parametrize("cells", [{"grade": 1}, {"location": "C2/3", "grade": 1}, {"item": "erosion"}])
def test_a_grade_beside_the_grades_is_refused(scanned: Registry, cells: dict[str, object]) -> None:
    with refused(scanned, RefusalError, "^(grade|location|item): name the place of each grade, as 'C2/3'"):
        scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={"C2/3": 1}, **cells)


def test_a_reading_stands_once_whatever_the_ids_of_its_rows(scanned: Registry) -> None:
    first = given.berlin(scanned)

    with refused(scanned, AlreadyRecordedError, f"^{first} is recorded already, with other content"):
        scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={"C2/3": 3}, id="17")
