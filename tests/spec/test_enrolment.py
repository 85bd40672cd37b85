"""Enrolment: who is in the registry, from when, and until when."""

from __future__ import annotations

import re

import pytest

from registry import Registry
from registry.errors import (
    AlreadyEndedError,
    AlreadyRecordedError,
    ClinicalDayError,
    FormatError,
    HeldFactError,
    MissingValueError,
    NotEnrolledError,
    RefusalError,
    UnknownCodeError,
)
from tests.spec import given
from tests.spec.given import refused


def test_a_patient_is_enrolled_with_what_is_known(registry: Registry) -> None:
    patient = registry.enrol_patient(
        "BAR1-01",
        enrolled_on="2002-01-14",
        centre="Herne",
        sex="FEMALE",
        birth_year=1961,
        symptom_onset="1989",
        diagnosed_on="1994-03",
        criteria=("mny", "asas-axspa"),
        hla_b27="Positive",
        consented_on="2002-01-10",
    )

    assert patient == "patient/BAR1-01"
    assert given.stated(registry, patient) == {
        "enrolled_on": "2002-01-14",
        "centre": "Herne",
        "sex": "female",
        "birth_year": 1961,
        "symptom_onset": "1989",
        "diagnosed_on": "1994-03",
        "criteria": ["mNY", "ASAS-axSpA"],
        "hla_b27": "positive",
        "consented_on": "2002-01-10",
        "follow_up_ended_on": None,
        "follow_up_end_reason": None,
    }


def test_what_is_not_said_of_a_patient_is_not_recorded_and_never_a_no(registry: Registry) -> None:
    patient = registry.enrol_patient("BAR1-01", enrolled_on="2002-01-14", hla_b27="", criteria="", sex=None)

    stated = given.stated(registry, patient)
    assert (stated["hla_b27"], stated["criteria"], stated["sex"]) == (None, [], None)


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("visits", {"visited_on": "2002-06-04"}),
        ("treatments", {"agent": "infliximab", "started_on": "2002"}),
        ("flares", {"started_on": "2002-06-04"}),
        ("adverse_events", {"term": "infusion reaction", "started_on": "2002-06-04"}),
        ("imaging", {"study": "MR-0001", "performed_on": "2002-06-04", "modality": "MRI", "regions": "spine"}),
    ],
)
def test_a_fact_of_a_patient_who_is_not_enrolled_is_refused(
    registry: Registry, table: str, cells: dict[str, object]
) -> None:
    with refused(registry, NotEnrolledError, r"^patient: 'BAR1-01' is not enrolled; enrol the patient first$"):
        registry.record(table, {"patient": "BAR1-01", **cells})


def test_a_pseudonym_that_is_a_name_is_refused_and_not_repeated(registry: Registry) -> None:
    with refused(registry, RefusalError, r"^patient must be 1 to 64 of A-Z a-z 0-9 \. _ -, never a name$") as refusal:
        registry.enrol_patient("Anna Müller", enrolled_on="2002-01-14")

    assert "Anna" not in str(refusal.value)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("history", {}), ("retract", {"reason": "entered twice"}), ("amend", {"cells": {}, "reason": "typing error"})],
)
def test_a_name_in_the_place_of_a_reference_is_not_repeated(
    registry: Registry, command: str, arguments: dict[str, object]
) -> None:
    with refused(registry, RefusalError, "never a name$") as refusal:
        getattr(registry, command)("patient/Anna Müller", **arguments)

    assert "Anna" not in str(refusal.value)


@pytest.mark.parametrize("pseudonym", ["P", "p-1_2.3", "x" * 64])
def test_a_pseudonym_is_1_to_64_characters_of_the_code(registry: Registry, pseudonym: str) -> None:
    assert registry.enrol_patient(pseudonym, enrolled_on="2002-01-14") == f"patient/{pseudonym}"


@pytest.mark.parametrize("pseudonym", ["x" * 65, "P 1", "P/1", "Ä1", "P\n1", "P,1", "٣"])
def test_a_pseudonym_beyond_the_code_is_refused(registry: Registry, pseudonym: str) -> None:
    with refused(registry, RefusalError, "^patient must be 1 to 64 of"):
        registry.enrol_patient(pseudonym, enrolled_on="2002-01-14")


def test_an_enrolment_without_a_pseudonym_is_refused(registry: Registry) -> None:
    with refused(registry, MissingValueError, "^patient is empty; give pseudonym; never a name$"):
        registry.enrol_patient("", enrolled_on="2002-01-14")


@pytest.mark.parametrize(
    "field", ["enrolled_on", "symptom_onset", "diagnosed_on", "consented_on", "follow_up_ended_on"]
)
def test_a_day_of_an_enrolment_in_the_future_is_refused(registry: Registry, field: str) -> None:
    with refused(registry, ClinicalDayError, f"^{field}: 2014-07-01 is in the future; today is 2014-06-30$"):
        given.enrolled(registry, **{field: "2014-07-01"})


def test_a_patient_may_be_enrolled_today(registry: Registry) -> None:
    given.enrolled(registry, enrolled_on="2014-06-30", consented_on="2014-06-30")

    assert registry.head.position == 1


@pytest.mark.parametrize("field", ["enrolled_on", "symptom_onset", "diagnosed_on", "consented_on"])
def test_a_day_of_an_enrolment_before_birth_is_refused(registry: Registry, field: str) -> None:
    with refused(registry, ClinicalDayError, f"^{field}: 1960-12-31 lies before the year of birth, 1961$"):
        given.enrolled(registry, **{field: "1960-12-31"})


def test_a_patient_may_have_fallen_ill_in_the_year_of_birth(registry: Registry) -> None:
    given.enrolled(registry, symptom_onset="1961")

    assert registry.head.position == 1


def test_symptom_onset_and_diagnosis_may_precede_enrolment(registry: Registry) -> None:
    patient = given.enrolled(registry, symptom_onset="1979-11", diagnosed_on="1985")

    assert given.stated(registry, patient)["symptom_onset"] == "1979-11"


def test_follow_up_that_ended_before_enrolment_is_refused(registry: Registry) -> None:
    with refused(registry, ClinicalDayError, "^follow_up_ended_on: 2002-01-13 lies before enrolled_on, 2002-01-14$"):
        given.enrolled(registry, follow_up_ended_on="2002-01-13")


def test_follow_up_may_end_on_the_day_of_enrolment(enrolled: Registry) -> None:
    patient = enrolled.end_follow_up("BAR1-01", ended_on="2002-01-14", reason="withdrawn")

    assert given.events_of(enrolled, patient) == ["PatientEnrolled", "FollowUpEnded"]
    assert given.stated(enrolled, patient)["follow_up_end_reason"] == "withdrawn"


def test_an_end_of_follow_up_without_its_day_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, MissingValueError, "^follow_up_ended_on is empty; give "):
        enrolled.end_follow_up("BAR1-01", ended_on="")


def test_a_reason_for_an_end_of_follow_up_that_has_no_day_is_refused(registry: Registry) -> None:
    with refused(registry, MissingValueError, "^follow_up_ended_on is empty; give the day on which follow-up ended"):
        given.enrolled(registry, follow_up_end_reason="lost")


def test_a_second_end_of_follow_up_is_refused(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01", reason="moved")

    with refused(enrolled, AlreadyEndedError, "patient/BAR1-01 has ended already, on 2005-03-01; amend it with a reas"):
        enrolled.end_follow_up("BAR1-01", ended_on="2005-04-01", reason="moved")


def test_an_end_of_follow_up_before_what_is_recorded_is_refused(enrolled: Registry) -> None:
    visit = given.visited(enrolled)

    with refused(enrolled, HeldFactError, f"^patient/BAR1-01 cannot change so: {visit} rests on it; retract or amend"):
        enrolled.end_follow_up("BAR1-01", ended_on="2002-06-03")


def test_enrolling_a_patient_again_with_other_content_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, AlreadyRecordedError, "^patient/BAR1-01 is recorded already, with other content; amend it"):
        given.enrolled(enrolled, birth_year=1962)


def test_enrolling_a_patient_again_triggers_nothing(enrolled: Registry) -> None:
    with given.nothing_recorded(enrolled):
        given.enrolled(enrolled)


def test_enrolling_a_patient_again_after_the_end_of_follow_up_triggers_nothing(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01", reason="moved")

    with given.nothing_recorded(enrolled):
        given.enrolled(enrolled)


def test_ending_follow_up_again_in_the_same_way_triggers_nothing(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01", reason="moved")

    with given.nothing_recorded(enrolled):
        enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01", reason="moved")


@pytest.mark.parametrize(
    ("field", "value", "unknown", "mend"),
    [
        ("sex", "femal", "femal", "did you mean 'female'?"),
        ("hla_b27", "yes", "yes", "write positive, negative or unknown"),
        ("criteria", "mNY;ASAS", "ASAS", "write mNY, ASAS-axSpA, ASAS-imaging or ASAS-clinical"),
        ("follow_up_end_reason", "deceased", "deceased", "write lost, withdrawn, moved, died, study-end or other"),
    ],
)
def test_a_word_that_no_list_contains_is_refused_with_what_would_be_right(
    registry: Registry, field: str, value: str, unknown: str, mend: str
) -> None:
    with refused(registry, UnknownCodeError, f"^{field}: '{unknown}' is not a known .*; {re.escape(mend)}$"):
        given.enrolled(registry, **{field: value})


@pytest.mark.parametrize("year", ["1961", "1961.0", "1961.00", "1.961e3", 1961, 1961.0])
def test_a_year_of_birth_is_a_whole_number_in_any_spelling(registry: Registry, year: object) -> None:
    patient = given.enrolled(registry, birth_year=year)

    assert given.stated(registry, patient)["birth_year"] == 1961


@pytest.mark.parametrize("year", ["61", "1849", "19610", "MCMLXI", "1961.5", "1e999", "-1961"])
def test_a_year_of_birth_that_is_none_is_refused(registry: Registry, year: str) -> None:
    with refused(registry, FormatError, f"^birth_year: '{year}' is not a year of four digits from 1850$"):
        given.enrolled(registry, birth_year=year)


def test_a_code_list_is_one_cell_separated_by_semicolons(registry: Registry) -> None:
    patient = given.enrolled(registry, criteria=" ASAS-imaging ;; ASAS-clinical; asas-IMAGING")

    assert given.stated(registry, patient)["criteria"] == ["ASAS-imaging", "ASAS-clinical"]
