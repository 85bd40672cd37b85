"""Measures that real registries take beside the built-in ones, as a protocol declares them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from msgspec.structs import replace

from registry import Registry
from registry.catalogue.protocol import MeasureRecord, MissingItems, Protocol, Range, ScoreRecord, UnitRecord

SF36: Final = ("pf", "rp", "bp", "gh", "vt", "sf", "re", "mh")
HAQ: Final = tuple(f"haq_{n}" for n in range(1, 9))
EQ5D: Final = ("mobility", "self_care", "activities", "pain", "anxiety")
TITRES: Final = ("negative", "1:40", "1:80", "1:160", "1:320", "1:640")
SMOKING: Final = {"never": "never", "former": "former, none for 12 months", "current": "current"}


def upto(high: str, low: str = "0") -> Range:
    """The range from a number to another."""
    return Decimal(low), Decimal(high)


def number(name: str, unit: str, high: str, low: str = "0") -> MeasureRecord:
    """A measure of numbers in a range."""
    return MeasureRecord(name=name, label=name, unit=unit, range=upto(high, low))


def count(name: str, high: str, low: str = "0") -> MeasureRecord:
    """A measure of whole numbers in a range."""
    return MeasureRecord(name=name, label=name, holds="count", range=upto(high, low))


def words(name: str, *codes: str, ordinal: bool = False) -> MeasureRecord:
    """A measure of words of a list, each its own label."""
    return MeasureRecord(name=name, label=name, holds="codes", codes={code: code for code in codes}, ordinal=ordinal)


def laboratory(name: str, unit: str) -> MeasureRecord:
    """A laboratory value from 0, which may be a limit."""
    return MeasureRecord(name=name, label=name, unit=unit, range=(Decimal(0), None), laboratory=True)


MEASURES: Final = (
    MeasureRecord(
        name="bmi", label="body mass index", unit="kg/m2", range=upto("80", "10"), plausible=upto("60", "14")
    ),
    MeasureRecord(name="smoking", label="smoking status", holds="codes", codes=SMOKING),
    MeasureRecord(name="employed", label="in paid work", holds="yes-no"),
    MeasureRecord(name="last_dxa", label="last bone densitometry", holds="partial-day"),
    MeasureRecord(name="occupation", label="occupation", holds="text"),
    *(count(f"eq5d_{name}", "5", "1") for name in EQ5D),
    number("eq5d_vas", "mm", "100"),
    number("eq5d_index", "score", "1", "-1"),
    *(number(f"sf36_{scale}", "score", "100") for scale in SF36),
    *(number(item, "score", "3") for item in HAQ),
    number("wpai_missed", "h", "168"),
    number("wpai_worked", "h", "168"),
    number("wpai_impairment", "%", "100"),
    number("occiput_to_wall", "cm", "60"),
    count("swollen_joints_28", "28"),
    count("tender_joints_28", "28"),
    count("tender_joints_44", "44"),
    laboratory("calprotectin", "ug/g"),
    laboratory("rheumatoid_factor", "iu/ml"),
    words("rf_result", "negative", "positive"),
    words("ana_titre", *TITRES, ordinal=True),
    words("hla_b60", "positive", "negative", "unknown"),
)
UNITS: Final = (
    UnitRecord(name="mg/g", to={"ug/g": Decimal(1000)}),
    *(UnitRecord(name=unit) for unit in ("kg/m2", "h", "%", "ug/g", "iu/ml")),
)
SCORES: Final = (
    ScoreRecord(
        name="haq",
        edition=1,
        label="HAQ disability index",
        source="Fries 1980",
        items=HAQ,
        rule="mean",
        range=upto("3"),
        missing=MissingItems(at_most=2),
    ),
)
REASONS: Final = {"NASK": "not asked", "UNK": "not known to the patient"}
REAL_LIFE: Final = Protocol(
    protocol="north", title="Northern cohort", units=UNITS, measures=MEASURES, scores=SCORES, missing=REASONS
)


def with_protocol(registry: Registry, protocol: Protocol = REAL_LIFE) -> Registry:
    """The registry, which has adopted a protocol."""
    registry.adopt_protocol(protocol)
    return registry


def ended(measure: str, until: str) -> Protocol:
    """The protocol in an edition that takes a measure no more from a day on."""
    return _changed(measure, until=date.fromisoformat(until))


def without_code(measure: str, code: str, until: str) -> Protocol:
    """The protocol in an edition that takes a word of a measure no more from a day on."""
    return _changed(measure, ended_codes={code: date.fromisoformat(until)})


def _changed(measure: str, **changes: Any) -> Protocol:
    changed = (replace(each, **changes) if each.name == measure else each for each in MEASURES)
    return replace(REAL_LIFE, measures=tuple(changed))
