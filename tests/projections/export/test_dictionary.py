"""What the dictionary of an export says of what was collected, at its point of knowledge."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from projections import facts_at
from projections.export import export
from projections.export.dictionary import dictionary
from projections.export.manifest import as_json
from projections.tables import TABLES
from registry import Registry
from registry.catalogue.protocol import (
    AgentRecord,
    CodeRecord,
    ConditionRecord,
    FollowUpRule,
    MeasureRecord,
    MissingItems,
    ProductRecord,
    Protocol,
    ScheduledVisit,
    ScoreRecord,
    UnitRecord,
)
from tests.projections.shown import Clock

ENDED = date(2020, 1, 1)
ENDS = (Decimal(0), Decimal(3))
FIRST = Protocol(
    protocol="north",
    title="Northern cohort",
    units=(UnitRecord(name="stone", to={"kg": Decimal("6.35029318")}),),
    measures=(
        MeasureRecord(
            name="weight",
            label="body weight",
            unit="kg",
            range=(Decimal(20), Decimal("300.5")),
            plausible=(Decimal(35), Decimal(180)),
        ),
        MeasureRecord(
            name="smoking", label="smoking status", holds="codes", codes={"never": "never", "now": "at present"}
        ),
        MeasureRecord(name="q_1", label="item 1", unit="score", range=ENDS),
        MeasureRecord(name="q_2", label="item 2", unit="score", range=ENDS),
    ),
    scores=(
        ScoreRecord(
            name="q", edition=1, label="Q", source="Doe 2001", items=("q_1", "q_2"), rule="mean", reverse=("q_2",)
        ),
    ),
    agents=(AgentRecord(name="study-drug-7", drug_class="IL-17i"),),
    products=(ProductRecord(name="Sevenza", agent="study-drug-7", kind="originator"),),
    arms=(CodeRecord(code="A", title="active"),),
    conditions=(
        ConditionRecord(name="sjogren", label="Sjögren's disease", icd10=("M35.0",), group="comorbidity"),
    ),
    missing={"NASK": "not asked"},
    schedule=(ScheduledVisit(name="baseline", anchor="enrolment", day=0, window=(-30, 14), requires=("q",)),),
    follow_up=FollowUpRule(lost_after="18 months"),
)  # fmt: skip
WEIGHT, SMOKING, Q_1, Q_2 = FIRST.measures
SECOND = replace(
    FIRST,
    measures=(
        replace(WEIGHT, until=ENDED),
        replace(SMOKING, codes={**SMOKING.codes, "vapes": "electronic ones"}, ended_codes={"now": ENDED}, ordinal=True),
        Q_1,
        Q_2,
    ),
    scores=(
        *FIRST.scores,
        ScoreRecord(
            name="q",
            edition=2,
            label="Q, revised",
            source="Doe 2011",
            items=("q_1", "q_2"),
            rule="sum",
            missing=MissingItems(at_most=1),
        ),
    ),
    agents=(replace(FIRST.agents[0], until=ENDED, atc="L04AC99"),),
    centres=(CodeRecord(code="C1", title="Northtown"), CodeRecord(code="C2", title="Southtown", until=ENDED)),
    schedule=(replace(FIRST.schedule[0], window=(-60, 14)),),
)


@pytest.fixture
def north(registry: Registry, clock: Clock) -> Registry:
    """A registry that has adopted two editions, on two days, and recruited for a centre that neither lists."""
    registry.enrol_patient("P-2", enrolled_on="2003-01-14", centre="C9")
    registry.adopt_protocol(FIRST)
    clock.set("2015-03-01T09:00")
    registry.adopt_protocol(SECOND)
    return registry


def collected(registry: Registry, known_at: str | None = None) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(as_json(dictionary(TABLES, facts_at(registry, known_at=known_at))))
    return described["catalogue"]


def own(described: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in each.items() if key != "own"} for each in described if each["own"]]


def test_a_measure_stands_with_its_unit_limits_and_codes_as_they_were(north: Registry) -> None:
    weight, smoking, *_ = own(collected(north, "@3")["measures"])

    assert weight == {
        "name": "weight",
        "label": "body weight",
        "holds": "number",
        "unit": "kg",
        "other_units": {"stone": "6.35029318"},
        "range": ["20", "300.5"],
        "plausible": ["35", "180"],
        "laboratory": False,
        "codes": None,
        "ordinal": False,
        "sensitivity": "none",
        "until": None,
    }
    assert (smoking["unit"], smoking["range"], smoking["ordinal"]) == ("codes", None, False)
    assert smoking["codes"] == [
        {"code": "never", "label": "never", "until": None},
        {"code": "now", "label": "at present", "until": None},
    ]


def test_what_ended_since_stays_and_is_marked(north: Registry) -> None:
    now = collected(north)
    weight, smoking, *_ = own(now["measures"])

    assert weight["until"] == "2020-01-01"
    assert [(each["code"], each["until"]) for each in smoking["codes"]] == [
        ("never", None),
        ("now", "2020-01-01"),
        ("vapes", None),
    ]
    assert smoking["ordinal"] is True
    assert own(now["agents"]) == [
        {"name": "study-drug-7", "class": "IL-17i", "atc": "L04AC99", "until": "2020-01-01"},
    ]
    assert own(collected(north, "@3")["agents"]) == [
        {"name": "study-drug-7", "class": "IL-17i", "atc": None, "until": None},
    ]


def test_a_score_stands_in_the_edition_that_counts_with_its_source_and_formula(north: Registry) -> None:
    (then,), (now,) = own(collected(north, "@3")["scores"]), own(collected(north)["scores"])

    assert then == {
        "name": "q",
        "edition": 1,
        "rule": "q/1",
        "label": "Q",
        "source": "Doe 2001",
        "unit": "score",
        "range": [None, None],
        "items": ["q_1", "q_2"],
        "formula": {"rule": "mean", "reverse": ["q_2"], "weights": {}, "constant": None, "missing": None},
        "until": None,
    }
    assert (now["rule"], now["source"], now["formula"]["missing"]) == (
        "q/2",
        "Doe 2011",
        {"at_most": 1, "then": "mean-of-others"},
    )


def test_products_conditions_arms_and_reasons_stand_with_what_they_mean(north: Registry) -> None:
    now = collected(north)

    assert own(now["products"]) == [
        {"name": "Sevenza", "agent": "study-drug-7", "kind": "originator", "until": None},
    ]
    assert own(now["conditions"]) == [
        {
            "name": "sjogren",
            "label": "Sjögren's disease",
            "icd10": ["M35.0"],
            "group": "comorbidity",
            "until": None,
        },
    ]
    assert now["arms"] == [{"code": "A", "title": "active", "until": None}]
    assert now["missing_reasons"] == [{"code": "NASK", "meaning": "not asked"}]
    assert now["follow_up"] == {"lost_after": "18 months"}
    assert now["protocol"] == {"name": "north", "title": "Northern cohort", "edition": 2}


def test_centres_that_stand_from_before_the_list_are_in_the_dictionary_without_a_title(north: Registry) -> None:
    assert collected(north, "@3")["centres"] == []
    assert collected(north)["centres"] == [
        {"code": "C1", "title": "Northtown", "until": None},
        {"code": "C2", "title": "Southtown", "until": "2020-01-01"},
        {"code": "C9", "title": None, "until": None},
    ]
    assert codes(north, "@3")["patients", "centre"] is None
    assert codes(north)["patients", "centre"] == ["C1", "C2", "C9"]


def test_each_edition_of_a_scheduled_visit_stands_with_the_days_for_which_it_asks(north: Registry) -> None:
    asked = collected(north)["schedule"]

    assert [(each["name"], each["since"], each["window"], each["requires"]) for each in asked] == [
        ("baseline", "2014-06-30", [-30, 14], ["q"]),
        ("baseline", "2015-03-01", [-60, 14], ["q"]),
    ]
    assert len(collected(north, "@3")["schedule"]) == 1


def test_a_registry_without_a_protocol_describes_what_is_built_in(registry: Registry) -> None:
    found = collected(registry)

    assert found["protocol"] is None
    assert [found[name] for name in ("arms", "centres", "missing_reasons", "schedule", "follow_up")] == [
        [], [], [], [], None,
    ]  # fmt: skip
    assert own(found["measures"]) == own(found["scores"]) == own(found["agents"]) == own(found["conditions"]) == []
    crp = next(each for each in found["measures"] if each["name"] == "crp")
    assert (crp["unit"], crp["range"], crp["laboratory"], crp["other_units"]) == (
        "mg/l",
        ["0", None],
        True,
        {"mg/dl": "10"},
    )
    asdas = next(each for each in found["scores"] if each["name"] == "asdas_crp")
    assert (asdas["rule"], asdas["source"], asdas["formula"]) == (
        "asdas_crp/1",
        "Lukas et al., Ann Rheum Dis 2009;68:18-24",
        None,
    )


def codes(registry: Registry, known_at: str | None = None) -> dict[tuple[str, str], list[str] | None]:
    tables = json.loads(as_json(dictionary(TABLES, facts_at(registry, known_at=known_at))))["tables"]
    return {(name, each["name"]): each["codes"] for name, table in tables.items() for each in table["columns"]}


def test_columns_of_measures_list_what_could_stand_in_them(north: Registry) -> None:
    then, now = codes(north, "@3"), codes(north)

    assert {"weight", "q", "basdai"} <= {*(now["measures", "measure"] or ())}
    assert {"kg", "codes", "score"} <= {*(now["measures", "unit"] or ())}
    assert {"kg", "stone", "mg/dl"} <= {*(now["measures", "captured_unit"] or ())}
    assert "codes" not in (now["measures", "captured_unit"] or ())
    assert ("q/1" in (then["measures", "rule"] or ()), "q/1" in (now["measures", "rule"] or ())) == (True, False)


def test_the_file_of_an_export_is_the_dictionary_of_its_known_at(north: Registry, tmp_path: Path) -> None:
    export(north, tmp_path / "out", known_at="@3", tables=["visits"])

    described = json.loads((tmp_path / "out" / "dictionary.json").read_text("utf-8"))
    assert list(described["tables"]) == ["visits"]
    assert described["catalogue"] == collected(north, "@3")
