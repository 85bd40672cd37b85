"""Conditions at a point in time: what is there, what has ended, what was before enrolment, and who was seen."""

from __future__ import annotations

from datetime import date

import pytest

from projections import conditions, facts_at, observed_spans
from projections.course import course_entries
from registry import Registry
from registry.catalogue.protocol import ConditionRecord, Protocol
from tests.projections.shown import one, shown

DAYS = "started_on started_on_precision ended_on ended_on_precision ongoing"


def test_a_condition_goes_out_with_its_group_and_its_codes(registry: Registry) -> None:
    registry.record_condition(
        "P-1", condition="uveitis", started_on="2003-05-02", basis="clinician", side="left", note="severe"
    )

    named = "patient condition_id condition group icd10 basis side note"
    assert one(facts_at(registry), "conditions", named) == (
        "P-1", "condition/P-1/uveitis/2003-05-02", "uveitis", "manifestation", ["H20", "H22.1"], "clinician", "left",
        "severe",
    )  # fmt: skip


def test_conditions_come_by_day_those_without_one_first_and_as_a_frame(registry: Registry) -> None:
    registry.record_condition("P-1", condition="uveitis", started_on="2003-05")
    registry.record_condition("P-1", condition="uveitis", started_on="1999")
    registry.record_condition("P-1", condition="psoriasis")

    facts = facts_at(registry)

    assert shown(facts, "conditions", "condition started_on") == [
        ("psoriasis", None), ("uveitis", "1999-01-01"), ("uveitis", "2003-05-01"),
    ]  # fmt: skip
    assert list(conditions(facts)["condition"]) == ["psoriasis", "uveitis", "uveitis"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2003-05-15", []),  # May 2003 counts as its middle, the 16th
        ("2003-05-16", [("2003-05-01", "month", None, None, True)]),
        ("2004-06-30", [("2003-05-01", "month", None, None, True)]),  # 2004 counts as its middle, 1 July
        ("2004-07-01", [("2003-05-01", "month", "2004-01-01", "year", False)]),
    ],
)
def test_partial_days_count_as_their_middle(registry: Registry, as_of: str, expected: list[object]) -> None:
    registry.record_condition("P-1", condition="uveitis", started_on="2003-05", ended_on="2004")

    assert shown(facts_at(registry, as_of=as_of), "conditions", DAYS) == expected


def test_what_began_nobody_knows_when_is_there_on_every_day_of_an_enrolled_patient(registry: Registry) -> None:
    registry.record_condition("P-1", condition="psoriasis", ended_on="2008")

    assert shown(facts_at(registry, as_of="2002-01-13"), "conditions", DAYS) == []
    assert one(facts_at(registry, as_of="2002-01-14"), "conditions", DAYS) == (None, None, None, None, True)
    assert one(facts_at(registry), "conditions", DAYS) == (None, None, "2008-01-01", "year", False)


@pytest.mark.parametrize(
    ("days", "before"),
    [
        ({"started_on": "2002-01-13"}, True),
        ({"started_on": "2002-01-14"}, False),
        ({"started_on": "2001"}, True),
        ({"started_on": "2002"}, False),  # which counts as July
        ({}, None),
        ({"ended_on": "2001-12"}, True),
        ({"ended_on": "2003"}, None),
    ],
)
def test_whether_it_began_before_enrolment_on_14_january_2002(
    registry: Registry, days: dict[str, str], before: bool | None
) -> None:
    registry.record("conditions", {"patient": "P-1", "condition": "psoriasis", **days})

    assert one(facts_at(registry), "conditions", "before_enrolment") == (before,)


def test_a_state_of_knowledge_has_the_conditions_and_the_codes_of_its_time(registry: Registry) -> None:
    own = ConditionRecord(name="sjogren", label="Sjögren's disease", icd10=("M35.0",), group="comorbidity")
    registry.record_condition("P-1", condition="psoriasis")
    registry.adopt_protocol(Protocol(protocol="north", title="North", conditions=(own,)))
    adopted = registry.head.position
    registry.record_condition("P-1", condition="Sjögren's disease", started_on="2004")

    assert shown(facts_at(registry), "conditions", "condition icd10") == [
        ("psoriasis", ["L40"]), ("sjogren", ["M35.0"]),
    ]  # fmt: skip
    assert shown(facts_at(registry, known_at=adopted), "conditions", "condition") == [("psoriasis",)]
    assert "sjogren" not in facts_at(registry, known_at=adopted - 1).catalogue.conditions


def test_the_course_of_a_patient_tells_conditions_those_without_a_day_first(registry: Registry) -> None:
    registry.record_condition("P-1", condition="pregnancy", started_on="2006-01", ended_on="2006-10-08")
    registry.record_condition("P-1", condition="crohns-disease", basis="reported")

    told = [(each.on, each.until, each.what, each.which) for each in course_entries(facts_at(registry), "P-1")]

    assert told == [
        (None, None, "condition", "Crohn's disease"),
        ("2002-01-14", None, "enrolment", "P-1"),
        ("2006-01", "2006-10-08", "condition", "pregnancy"),
    ]


@pytest.mark.parametrize(
    ("cells", "last_seen"),
    [
        ({"basis": "clinician", "started_on": "2004-03-02"}, date(2004, 3, 2)),
        ({"basis": "imaging", "started_on": "2003", "ended_on": "2005-06-07"}, date(2005, 6, 7)),
        ({"basis": "laboratory", "started_on": "2004-03-02"}, date(2004, 3, 2)),
        ({"basis": "clinician", "started_on": "2004-03"}, date(2002, 1, 14)),
        ({"basis": "reported", "started_on": "2004-03-02"}, date(2002, 1, 14)),
        ({"started_on": "2004-03-02"}, date(2002, 1, 14)),
    ],
)
def test_a_patient_was_seen_where_somebody_found_a_condition_on_a_day(
    registry: Registry, cells: dict[str, str], last_seen: date
) -> None:
    registry.record("conditions", {"patient": "P-1", "condition": "uveitis", **cells})

    spans = observed_spans(facts_at(registry))

    assert spans.ended.astype("datetime64[D]").tolist() == [last_seen]
