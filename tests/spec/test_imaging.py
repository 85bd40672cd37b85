"""Imaging studies: one examination by its code, with what it shows."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import (
    AlreadyRecordedError,
    ClinicalDayError,
    MissingValueError,
    RefusalError,
    UnknownCodeError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def test_a_study_is_recorded_in_the_canonical_spelling(enrolled: Registry) -> None:
    study = enrolled.record_study(
        "MR-0001",
        patient="BAR1-01",
        performed_on="2002-06-03",
        modality="mri",
        regions="Spine;SIJ",
        sequences=["stir", "t1-gd", "CISS"],
        note="ohne Kontrastmittel",
    )

    assert study == "imaging/MR-0001"
    assert given.stated(enrolled, study) == {
        "study": "MR-0001",
        "performed_on": "2002-06-03",
        "modality": "MRI",
        "regions": ["spine", "sij"],
        "sequences": ["T1-Gd", "STIR", "CISS"],
        "note": "ohne Kontrastmittel",
    }


def test_a_study_may_precede_enrolment(enrolled: Registry) -> None:
    assert given.mri(enrolled, "MR-0000", "1998-02-02") == "imaging/MR-0000"


def test_a_study_of_today_is_recorded(enrolled: Registry) -> None:
    assert given.mri(enrolled, "MR-0001", "2014-06-30") == "imaging/MR-0001"


def test_a_study_in_the_future_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^performed_on: 2014-07-01 is in the future; today is 2014-06-30$"):
        given.mri(enrolled, "MR-0001", "2014-07-01")


def test_a_study_before_birth_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^performed_on: 1960-12-31 lies before the year of birth, 1961$"):
        given.mri(enrolled, "MR-0001", "1960-12-31")


def test_a_study_after_the_end_of_follow_up_is_refused(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01")

    with refused(enrolled, ClinicalDayError, "^performed_on: 2005-03-02 lies after the end of follow-up, 2005-03-01$"):
        given.mri(enrolled, "MR-0001", "2005-03-02")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"modality": "MR"}, "^modality: 'MR' is not a known modality; write MRI, XR or CT$"),
        ({"regions": "spine;pelvis"}, "^regions: 'pelvis' is not a known .*; did you mean 'spine'\\?$|write spine, "),
        ({"regions": "lumbar spine"}, "^regions: 'lumbar spine' is not a known .*; did you mean 'lumbar-spine'\\?$"),
    ],
)
def test_a_word_that_no_list_contains_is_refused(enrolled: Registry, cells: dict[str, str], message: str) -> None:
    known = {"patient": "BAR1-01", "performed_on": "2002-06-03", "modality": "MRI", "regions": "spine"}

    with refused(enrolled, UnknownCodeError, message):
        enrolled.record_study("MR-0001", **{**known, **cells})


@pytest.mark.parametrize("regions", ["", (), ";"])
def test_a_study_that_shows_nothing_is_refused(enrolled: Registry, regions: object) -> None:
    with refused(enrolled, MissingValueError, "^regions is empty; give regions examined$"):
        enrolled.record_study("MR-0001", patient="BAR1-01", performed_on="2002-06-03", modality="MRI", regions=regions)


def test_a_study_code_that_may_be_a_name_is_refused_and_not_repeated(enrolled: Registry) -> None:
    with refused(enrolled, RefusalError, "^study must be 1 to 64 of .* never a name$") as refusal:
        given.mri(enrolled, "MRT Müller", "2002-06-03")

    assert "Müller" not in str(refusal.value)


def test_the_same_study_again_triggers_nothing(scanned: Registry) -> None:
    with nothing_recorded(scanned):
        given.mri(scanned, "MR-0001", "2002-06-03")


def test_the_same_study_with_other_content_is_refused(scanned: Registry) -> None:
    with refused(scanned, AlreadyRecordedError, "^imaging/MR-0001 is recorded already, with other content; amend it"):
        given.mri(scanned, "MR-0001", "2002-06-04")


def test_a_study_code_belongs_to_one_patient(scanned: Registry) -> None:
    given.enrolled(scanned, "BAR1-02")

    with refused(
        scanned, AlreadyRecordedError, "^imaging/MR-0001 is recorded .*; another patient has it; retract it there or"
    ) as refusal:
        given.mri(scanned, "MR-0001", "2002-06-03", patient="BAR1-02")

    assert "BAR1-01" not in str(refusal.value)


def test_a_study_code_is_free_for_another_patient_once_it_was_retracted(scanned: Registry) -> None:
    given.enrolled(scanned, "BAR1-02")
    scanned.retract("imaging/MR-0001", reason="filed under the wrong patient")

    given.mri(scanned, "MR-0001", "2002-06-03", patient="BAR1-02")

    holders = scanned.patient_batch.holders_of_studies(["MR-0001", "MR-0002"])
    assert holders == {"MR-0001": "BAR1-02", "MR-0002": "BAR1-01"}


def test_a_study_code_stands_for_one_study_of_a_patient_whatever_the_ids_of_the_rows(enrolled: Registry) -> None:
    def row(row_id: str, performed_on: str) -> None:
        enrolled.record_study(
            "MR-0001", patient="BAR1-01", performed_on=performed_on, modality="MRI", regions="spine", id=row_id
        )

    row("1", "2002-06-03")

    with refused(enrolled, AlreadyRecordedError, "^imaging/id=1 is recorded already, with other content"):
        row("2", "2002-06-04")
