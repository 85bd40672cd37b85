"""Conditions: what a patient has or had beside the spine, of whatever time, and what is held of it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace

from registry import Registry
from registry.catalogue.conditions import CONDITIONS
from registry.catalogue.protocol import ConditionRecord, Protocol
from registry.errors import (
    AlreadyEndedError,
    AlreadyRecordedError,
    ClinicalDayError,
    ConsentWithdrawnError,
    MissingValueError,
    RangeError,
    RefusalError,
    UnknownCodeError,
)
from tests.spec import given
from tests.spec.given import PATIENT, nothing_recorded, refused

RESECTION = ConditionRecord(name="bowel-resection", label="bowel resection", icd10=("Z90.4",), group="event")


def suffered(registry: Registry, condition: str = "uveitis", **cells: object) -> str:
    return registry.record_condition(PATIENT, condition=condition, **cells)  # type: ignore[arg-type]


def collecting(registry: Registry, *, until: date | None = None) -> Registry:
    """The registry, collecting resections of the bowel, from `until` on no more."""
    own = (replace(RESECTION, until=until),)
    registry.adopt_protocol(Protocol(protocol="north", title="North", conditions=own))
    return registry


def test_a_condition_is_recorded_whole(enrolled: Registry) -> None:
    fact = suffered(
        enrolled, started_on="2003-09", ended_on="2003-10-02", basis="Clinician", side="LEFT", note="severe"
    )

    assert fact == "condition/BAR1-01/uveitis/2003-09"
    assert given.events_of(enrolled, fact) == ["ConditionRecorded", "ConditionEnded"]
    assert given.stated(enrolled, fact) == {
        "condition": "uveitis",
        "started_on": "2003-09",
        "ended_on": "2003-10-02",
        "basis": "clinician",
        "side": "left",
        "note": "severe",
    }


def test_uveitis_twice_in_one_eye_is_two_conditions(enrolled: Registry) -> None:
    first = suffered(enrolled, started_on="2003-03", ended_on="2003-05", side="left")
    second = suffered(enrolled, started_on="2005-11-02", side="left")

    assert [given.stated(enrolled, fact)["side"] for fact in (first, second)] == ["left", "left"]


def test_crohns_disease_and_its_resection_are_two_conditions_one_of_them_the_registry_s_own(enrolled: Registry) -> None:
    collecting(enrolled)

    disease = suffered(enrolled, "crohns-disease", started_on="1998", basis="imaging")
    resection = suffered(enrolled, "bowel-resection", started_on="2004-02-17", note="ileocaecal")

    assert given.stated(enrolled, disease)["ended_on"] is None
    assert given.stated(enrolled, resection)["note"] == "ileocaecal"


def test_a_pregnancy_is_an_interval_that_is_ended_when_it_is_over(enrolled: Registry) -> None:
    pregnancy = suffered(enrolled, "pregnancy", started_on="2006-01", basis="reported")

    enrolled.end_condition(pregnancy, ended_on="2006-10-08")

    assert given.events_of(enrolled, pregnancy) == ["ConditionRecorded", "ConditionEnded"]
    with refused(enrolled, AlreadyEndedError, "2006-10-08"):
        enrolled.end_condition(pregnancy, ended_on="2006-11-08")


def test_a_hip_replacement_has_its_side_and_no_end(enrolled: Registry) -> None:
    hip = suffered(enrolled, "joint-replacement", started_on="2007-05-21", side="right", note="hip", basis="clinician")

    assert given.stated(enrolled, hip)["side"] == "right"
    assert given.stated(enrolled, hip)["ended_on"] is None


def test_history_before_enrolment_is_recorded(enrolled: Registry) -> None:
    fact = suffered(enrolled, "psoriasis", started_on="1979", ended_on="1985")

    assert given.stated(enrolled, fact)["started_on"] == "1979"


def test_nobody_need_know_since_when_it_is_so(enrolled: Registry) -> None:
    fact = suffered(enrolled, "psoriasis", basis="reported")

    assert fact == "condition/BAR1-01/psoriasis"
    assert enrolled.history(fact)[0].statement == {
        "condition": "psoriasis", "started_on": None, "ended_on": None, "basis": "reported", "side": None, "note": None,
    }  # fmt: skip


def test_the_day_can_be_found_out_later_and_the_reference_stays(enrolled: Registry) -> None:
    fact = suffered(enrolled, "psoriasis")

    assert enrolled.amend(fact, {"started_on": "1979-04"}, reason="letter of the dermatologist") == fact
    assert suffered(enrolled, "psoriasis", started_on="1979-04") == fact


def test_a_condition_that_was_entered_in_error_is_retracted(enrolled: Registry) -> None:
    fact = suffered(enrolled, started_on="2003-03")

    enrolled.retract(fact, reason="of another patient")

    assert given.events_of(enrolled, fact) == ["ConditionRecorded", "ConditionRetracted"]


@pytest.mark.parametrize("said", ["Anterior uveitis", "UVEITIS", " uveitis "])
def test_a_label_written_out_is_read_as_the_name(enrolled: Registry, said: str) -> None:
    assert given.stated(enrolled, suffered(enrolled, said))["condition"] == "uveitis"


def test_a_condition_that_no_list_has_is_refused_with_the_nearest(enrolled: Registry) -> None:
    with refused(enrolled, UnknownCodeError, "^condition: 'uveitys' is not a known condition; did you mean 'uveitis'"):
        suffered(enrolled, "uveitys")


def test_a_condition_that_is_near_to_none_is_refused_with_where_the_protocol_has_its_own(enrolled: Registry) -> None:
    mend = r"declare it under \[\[conditions\]\] of the protocol"

    with refused(enrolled, UnknownCodeError, f"^condition: 'gout' is not a known condition; {mend}$"):
        suffered(enrolled, "gout")


def test_a_condition_without_its_name_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, MissingValueError, "^condition is empty; give the condition$"):
        suffered(enrolled, "")


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("basis", "guess", "write reported, clinician, imaging or laboratory"),
        ("side", "up", "write left, right or both"),
    ],
)
def test_a_word_that_no_list_contains_is_refused(enrolled: Registry, field: str, value: str, mend: str) -> None:
    with refused(enrolled, UnknownCodeError, f"^{field}: '{value}' is not a known {field}; {mend}$"):
        suffered(enrolled, **{field: value})


@pytest.mark.parametrize("field", ["started_on", "ended_on"])
def test_a_day_in_the_future_is_refused(enrolled: Registry, field: str) -> None:
    with refused(enrolled, ClinicalDayError, f"^{field}: 2014-07 is in the future; today is 2014-06-30$"):
        suffered(enrolled, **{field: "2014-07"})


@pytest.mark.parametrize("field", ["started_on", "ended_on"])
def test_a_day_after_the_end_of_follow_up_is_refused(enrolled: Registry, field: str) -> None:
    enrolled.end_follow_up(PATIENT, ended_on="2005-03-01")

    suffered(enrolled, **{field: "2005-03"})  # some day of that month lies before it
    with refused(enrolled, ClinicalDayError, f"^{field}: 2005-04 lies after the end of follow-up, 2005-03-01$"):
        suffered(enrolled, "psoriasis", **{field: "2005-04"})


def test_a_day_before_birth_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^started_on: 1960 lies before the year of birth, 1961$"):
        suffered(enrolled, started_on="1960")


def test_a_day_before_1900_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, RangeError, "^started_on: 1899 is outside 1900-01-01 and later$"):
        suffered(enrolled, started_on="1899")


def test_an_end_that_lies_before_every_possible_start_is_refused(enrolled: Registry) -> None:
    suffered(enrolled, started_on="2003-05-20", ended_on="2003-05")
    with refused(enrolled, ClinicalDayError, "^ended_on: 2003-04 lies before started_on, 2003-05-20$"):
        suffered(enrolled, "psoriasis", started_on="2003-05-20", ended_on="2003-04")


def test_nothing_is_recorded_after_consent_was_withdrawn(enrolled: Registry) -> None:
    enrolled.end_follow_up(PATIENT, ended_on="2005-03-01", reason="withdrawn")

    with refused(enrolled, ConsentWithdrawnError, "2005-03-01"):
        suffered(enrolled, "psoriasis")


def test_the_same_condition_again_triggers_nothing(enrolled: Registry) -> None:
    suffered(enrolled, side="left")

    with nothing_recorded(enrolled):
        suffered(enrolled, side="left")


def test_the_same_condition_with_other_content_is_refused(enrolled: Registry) -> None:
    fact = suffered(enrolled, side="left")

    with refused(enrolled, AlreadyRecordedError, f"^{fact} is recorded already, with other content; amend it with"):
        suffered(enrolled, side="right")


def test_a_condition_that_is_collected_no_more_keeps_its_past_and_refuses_what_comes_later(enrolled: Registry) -> None:
    collecting(enrolled)
    late = suffered(enrolled, "bowel-resection", started_on="2010-03")
    collecting(enrolled, until=date(2010, 1, 1))

    suffered(enrolled, "bowel-resection", started_on="2009-12-31")
    enrolled.amend(late, {"note": "ileocaecal"}, reason="letter")
    with refused(
        enrolled,
        RefusalError,
        "^condition: bowel-resection ended on 2010-01-01, and started_on is 2010-01; give another, or",
    ):
        suffered(enrolled, "bowel-resection", started_on="2010-01")
    enrolled.amend(late, {"started_on": "2010-04"}, reason="another letter")
    other = suffered(enrolled, "uveitis", started_on="2010-05")
    with refused(enrolled, RefusalError, "^condition: bowel-resection ended on 2010-01-01, and started_on is 2010-05"):
        enrolled.amend(other, {"condition": "bowel-resection"}, reason="wrong row")


def test_a_merge_takes_along_what_is_collected_no_more(enrolled: Registry) -> None:
    collecting(enrolled)
    suffered(enrolled, "bowel-resection", started_on="2010-03")
    collecting(enrolled, until=date(2010, 1, 1))
    given.enrolled(enrolled, "BAR1-02")

    enrolled.merge_patients(PATIENT, into="BAR1-02", reason="one person")

    assert given.stated(enrolled, "condition/BAR1-02/bowel-resection/2010-03")["started_on"] == "2010-03"


def test_the_conditions_that_are_built_in_are_those_of_the_contract() -> None:
    labels = {group: [each.label for each in CONDITIONS.values() if each.group == group] for group in GROUPS}

    assert labels == GROUPS


GROUPS = {
    "manifestation": [
        "anterior uveitis", "psoriasis", "Crohn's disease", "ulcerative colitis", "peripheral arthritis", "enthesitis",
        "dactylitis", "hip involvement",
    ],
    "comorbidity": [
        "hypertension", "diabetes mellitus", "ischaemic heart disease", "heart failure", "chronic kidney disease",
        "osteoporosis", "depression", "fibromyalgia", "solid malignancy, without non-melanoma skin cancer",
        "haematological malignancy", "non-melanoma skin cancer", "tuberculosis, active", "tuberculosis, latent",
        "hepatitis B", "hepatitis C", "chronic obstructive pulmonary disease", "asthma",
    ],
    "event": ["stroke", "venous thromboembolism", "vertebral fracture", "pregnancy", "joint replacement"],
}  # fmt: skip


@pytest.mark.parametrize("each", CONDITIONS.values(), ids=CONDITIONS)
def test_every_condition_has_codes_of_icd_10_in_the_form_of_the_world_health_organization(
    each: ConditionRecord,
) -> None:
    code = r"[A-Z]\d\d(\.\d{1,2})?"

    assert each.icd10
    for codes in each.icd10:
        assert re.fullmatch(f"{code}(-{code})?", codes)
