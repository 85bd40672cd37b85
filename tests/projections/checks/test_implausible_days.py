"""Days that nothing forbids and that are hardly ever true."""

from __future__ import annotations

import pytest

from registry import Registry
from tests.projections.checks.warned import as_an_earlier_release_kept_it, says, warned


@pytest.mark.parametrize("day", ["1900-01-01", "1904-01-01", "1960-01-01", "1970-01-01", "1900-01", "1900"])
def test_a_day_that_programs_write_for_none_is_a_placeholder(registry: Registry, day: str) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-03-01", symptom_onset=day)

    assert warned(registry, "placeholder-day") == [("patient/P-2", "symptom_onset")]


@pytest.mark.parametrize("day", ["0001-01-01", "1111-11-11", "1582-10-14", "1800", "1899-12-30", "1899-12"])
def test_a_placeholder_before_1900_that_an_earlier_release_let_in_is_told(registry: Registry, day: str) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-03-01")
    as_an_earlier_release_kept_it(registry, "patient/P-2", symptom_onset=day)

    assert warned(registry, "placeholder-day") == [("patient/P-2", "symptom_onset")]


@pytest.mark.parametrize("day", ["1900-01-02", "1969-12-31", "1970-01-02", "1970-01", "1970", "1901", "1901-01"])
def test_a_day_beside_it_or_a_year_that_somebody_may_mean_is_none(registry: Registry, day: str) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-03-01", symptom_onset=day)

    assert warned(registry, "placeholder-day") == []


def test_every_kind_of_fact_is_looked_at_for_placeholders(registry: Registry) -> None:
    day = "1970-01-01"
    registry.enrol_patient("P-2", enrolled_on=day, diagnosed_on=day, consented_on=day)
    registry.record_visit("P-2", visited_on=day)
    registry.start_treatment("P-2", agent="naproxen", started_on=day, stopped_on=day)
    registry.start_flare("P-2", started_on=day, ended_on=day)
    registry.record_adverse_event("P-2", term="uveitis", started_on=day, ended_on=day)
    registry.record_study("A", patient="P-2", performed_on=day, modality="MRI", regions="spine")
    registry.record_study("B", patient="P-2", performed_on="1958-05-05", modality="MRI", regions="spine")
    registry.record_study("C", patient="P-2", performed_on="1959-05-05", modality="MRI", regions="spine")
    registry.record_lesion_verdict(
        "B", "C", reader="R1", lesion="1", region="spine", kind="romanus", verdict="new", read_on="1960-01-01"
    )
    registry.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 0}, read_on=day)
    registry.end_follow_up("P-2", ended_on="1999-06-05")

    doubted = {(reference.partition("/")[0], on) for reference, on in warned(registry, "placeholder-day")}

    assert doubted == {
        ("patient", "enrolled_on"),
        ("patient", "diagnosed_on"),
        ("patient", "consented_on"),
        ("visit", "visited_on"),
        ("treatment", "started_on"),
        ("treatment", "stopped_on"),
        ("flare", "started_on"),
        ("flare", "ended_on"),
        ("adverse-event", "started_on"),
        ("adverse-event", "ended_on"),
        ("imaging", "performed_on"),
        ("reading", "read_on"),
        ("lesion", "read_on"),
    }


@pytest.mark.parametrize(
    ("onset", "doubted"), [("1961-12-31", True), ("1961", True), ("1962-01-01", False), ("1962", False)]
)
def test_a_day_up_to_the_end_of_the_year_of_birth_is_doubted(registry: Registry, onset: str, doubted: bool) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-03-01", birth_year=1961, symptom_onset=onset)

    assert warned(registry, "before-birth") == [("patient/P-2", "symptom_onset")] * doubted


@pytest.mark.parametrize(("born", "doubted"), [(1891, True), (1892, False)])
def test_a_patient_is_at_most_110_years_old_at_enrolment(registry: Registry, born: int, doubted: bool) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-03-01", birth_year=born)

    assert warned(registry, "age-above-limit") == [("patient/P-2", "birth_year")] * doubted


@pytest.mark.parametrize(("visited_on", "doubted"), [("2005-12-31", False), ("2006-01-01", True)])
def test_and_on_the_latest_day_that_is_stated(registry: Registry, visited_on: str, doubted: bool) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-03-01", birth_year=1895)
    registry.record_visit("P-2", visited_on=visited_on)

    expected = ["born in 1895, 111 years old on 2006-01-01; 110 at the most"] * doubted
    assert says(registry, "age-above-limit") == expected


@pytest.mark.parametrize(
    ("onset", "diagnosed_on", "doubted"),
    [
        ("1994-05-02", "1994-05-01", True),
        ("1994-05-02", "1994-05-02", False),
        ("1994-05-02", "1994-04", True),
        ("1994-05-02", "1994-05", False),
        ("1994-05-02", "1994", False),
        ("1994-05", "1994-04-30", True),
        ("1994-05", "1994-05-01", False),
        ("1995", "1994", True),
    ],
)
def test_a_diagnosis_is_doubted_where_it_cannot_have_followed_the_first_symptoms(
    registry: Registry, onset: str, diagnosed_on: str, doubted: bool
) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-03-01", symptom_onset=onset, diagnosed_on=diagnosed_on)

    assert warned(registry, "diagnosis-before-symptoms") == [("patient/P-2", "diagnosed_on")] * doubted


@pytest.mark.parametrize(
    ("kind", "started_on", "doubted"),
    [  # enrolled on 2002-01-14
        ("flare", "1982-01-14", False),
        ("flare", "1982-01-13", True),
        ("adverse-event", "1962-01-14", False),
        ("adverse-event", "1962-01-13", True),
        ("treatment", "1962-01-14", False),
        ("treatment", "1962-01-13", True),
        ("treatment", "1962-01", False),
        ("treatment", "1961", True),
    ],
)
def test_a_day_is_doubted_where_it_lies_too_long_before_enrolment(
    registry: Registry, kind: str, started_on: str, doubted: bool
) -> None:
    if kind == "flare":
        fact = registry.start_flare("P-1", started_on=started_on)
    elif kind == "treatment":
        fact = registry.start_treatment("P-1", agent="indometacin", started_on=started_on)
    else:
        fact = registry.record_adverse_event("P-1", term="uveitis", started_on=started_on)

    assert warned(registry, "long-before-enrolment") == [(fact, "started_on")] * doubted


def test_consent_ten_years_before_enrolment_is_the_earliest_that_needs_no_second_look(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", consented_on="1992-01-14")
    registry.enrol_patient("P-3", enrolled_on="2002-01-14", consented_on="1992-01-13")

    assert warned(registry, "long-before-enrolment") == [("patient/P-3", "consented_on")]


def test_a_registry_of_placeholders_is_told_of_each_thing_that_is_wrong(registry: Registry) -> None:
    registry.enrol_patient(
        "P-2", enrolled_on="2002-03-01", birth_year=1889, symptom_onset="1904-01-01", diagnosed_on="1900-01-01"
    )
    registry.start_treatment("P-2", agent="infliximab", started_on="1900-01-01")

    rules = ("placeholder-day", "age-above-limit", "diagnosis-before-symptoms", "drug-before-its-time")
    assert [len(warned(registry, rule)) for rule in rules] == [3, 1, 1, 1]
