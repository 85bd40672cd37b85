"""Measures and units: what is taken at a visit, in which limits, and how it is kept."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec
import pytest

from registry import Registry
from registry.catalogue.measures import MEASURES
from registry.catalogue.units import in_unit
from registry.errors import FormatError, RangeError, RefusalError, UnitError, UnknownCodeError
from tests.spec import given
from tests.spec.given import refused

LIMITS = (  # measure, unit, low, high: the contract's table, in its order
    *((f"basdai_{n}", "nrs", 0, 10) for n in range(1, 7)),
    ("basdai", "score", 0, 10),
    *((f"basfi_{n}", "nrs", 0, 10) for n in range(1, 11)),
    ("basfi", "score", 0, 10),
    ("tragus_to_wall", "cm", 0, None),
    ("lateral_lumbar_flexion", "cm", 0, None),
    ("lumbar_flexion", "cm", 0, None),
    ("intermalleolar_distance", "cm", 0, None),
    ("cervical_rotation", "deg", 0, 120),
    ("basmi", "score", 0, 10),
    ("schober", "cm", 0, None),
    ("chest_expansion", "cm", 0, None),
    ("crp", "mg/l", 0, None),
    ("esr", "mm/h", 0, None),
    ("patient_global", "mm", 0, 100),
    ("physician_global", "mm", 0, 100),
    ("total_back_pain", "mm", 0, 100),
    ("night_back_pain", "mm", 0, 100),
    ("morning_stiffness", "min", 0, None),
    ("asqol", "score", 0, 18),
    ("asas_hi", "score", 0, 17),
    ("mases", "score", 0, 13),
    ("swollen_joints_44", "count", 0, 44),
    ("tender_joints_68", "count", 0, 68),
    ("swollen_joints_66", "count", 0, 66),
    ("bas_g_week", "nrs", 0, 10),
    ("bas_g_6months", "nrs", 0, 10),
)
WITH_HIGH = [(name, unit, high) for name, unit, _, high in LIMITS if high is not None]


def taken(registry: Registry, **measures: object) -> list[dict[str, str]]:
    stated = given.stated(registry, given.visited(registry, **measures))
    return msgspec.convert(stated["measures"], list[dict[str, str]])


def test_the_measures_are_those_of_the_contract_with_their_units_and_limits() -> None:
    assert [(m.name, m.unit, m.low, m.high) for m in MEASURES.values()] == list(LIMITS)


@pytest.mark.parametrize(("name", "unit", "low", "high"), LIMITS, ids=str)
def test_a_value_at_either_limit_is_recorded(
    enrolled: Registry, name: str, unit: str, low: int, high: int | None
) -> None:
    enrolled.record_visit("BAR1-01", visited_on="2002-06-04", measures={name: low})
    visit = enrolled.record_visit("BAR1-01", visited_on="2002-06-05", measures={name: high or 999})

    measures = given.stated(enrolled, visit)["measures"]
    assert measures == [{"measure": name, "value": str(high or 999), "unit": unit}]


@pytest.mark.parametrize(("name", "unit", "high"), WITH_HIGH, ids=str)
def test_a_value_just_beyond_the_upper_limit_is_refused(enrolled: Registry, name: str, unit: str, high: int) -> None:
    beyond = str(high + 1) if unit == "count" else f"{high}.01"

    limit = f"{beyond} is outside whole numbers from 0 to {high}"
    if unit != "count":
        limit = f"{beyond} {unit} is outside 0 to {high} {unit}"

    with refused(enrolled, RangeError, f"^{name}: {limit}$"):
        given.visited(enrolled, **{name: beyond})


@pytest.mark.parametrize(("name", "unit"), [(name, unit) for name, unit, _, _ in LIMITS], ids=str)
def test_a_value_just_below_0_is_refused(enrolled: Registry, name: str, unit: str) -> None:
    below = "-1" if unit == "count" else "-0.01"

    with refused(enrolled, RangeError, f"^{name}: {below}( {unit})? is outside (whole numbers from )?0 "):
        given.visited(enrolled, **{name: below})


@pytest.mark.parametrize("name", [name for name, unit, _, _ in LIMITS if unit == "count"])
def test_a_count_that_is_not_whole_is_refused(enrolled: Registry, name: str) -> None:
    with refused(enrolled, RangeError, f"^{name}: 3.5 is outside whole numbers from 0 to "):
        given.visited(enrolled, **{name: "3.5"})


def test_a_whole_count_may_be_written_with_a_decimal_point(enrolled: Registry) -> None:
    assert taken(enrolled, swollen_joints_44="3.0") == [
        {"measure": "swollen_joints_44", "value": "3.0", "unit": "count"}
    ]


@pytest.mark.parametrize(
    ("header", "value", "unit"),
    [
        ("crp [mg/dl]", "2.47", "mg/dl"),
        ("crp [MG/DL]", "2.47", "mg/dl"),
        ("crp[mg/l]", "24.70", "mg/l"),
        ("CRP", "24.7", "mg/l"),
        ("patient_global [nrs]", "6", "nrs"),
        ("total_back_pain [mm]", "62", "mm"),
    ],
)
def test_a_value_is_kept_as_it_was_captured_with_its_unit(
    enrolled: Registry, header: str, value: str, unit: str
) -> None:
    name = header.partition("[")[0].strip().lower()

    assert taken(enrolled, **{header: value}) == [{"measure": name, "value": value, "unit": unit}]


def test_a_conversion_is_exact() -> None:
    assert in_unit(Decimal("2.47"), "mg/dl", "mg/l") == Decimal("24.70")
    assert in_unit(Decimal("6.2"), "nrs", "mm") == Decimal("62.0")


@pytest.mark.parametrize("name", ["patient_global", "physician_global", "total_back_pain", "night_back_pain"])
def test_the_range_of_a_rating_is_judged_in_millimetres(enrolled: Registry, name: str) -> None:
    assert taken(enrolled, **{f"{name} [nrs]": 10}) == [{"measure": name, "value": "10", "unit": "nrs"}]

    with refused(enrolled, RangeError, f"^{name}: 10.1 nrs is outside 0 to 1"):
        enrolled.record_visit("BAR1-01", visited_on="2002-06-05", measures={f"{name} [nrs]": "10.1"})


def test_a_scale_is_never_guessed_from_a_magnitude(enrolled: Registry) -> None:
    assert taken(enrolled, patient_global=6) == [{"measure": "patient_global", "value": "6", "unit": "mm"}]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("crp [g/l]", "^crp: unit 'g/l' cannot be used; write mg/l or mg/dl$"),
        ("crp [nmol/l]", "^crp: unit 'nmol/l' cannot be used; write mg/l or mg/dl$"),
        ("basdai_1 [mm]", "^basdai_1: unit 'mm' cannot be used; write nrs$"),
        ("schober [mm]", "^schober: unit 'mm' cannot be used; write cm$"),
        ("esr [mm]", "^esr: unit 'mm' cannot be used; write mm/h$"),
        ("patient_global []", "^patient_global: unit '' cannot be used; write mm or nrs$"),
    ],
)
def test_a_unit_that_cannot_be_converted_exactly_is_refused(enrolled: Registry, header: str, message: str) -> None:
    with refused(enrolled, UnitError, message):
        given.visited(enrolled, **{header: 1})


def test_a_unit_of_what_is_no_measure_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, RefusalError, r"^column basmi_version has no unit; write it without \[cm\]$"):
        given.visited(enrolled, **{"basmi": 4, "basmi_version [cm]": "linear"})


def test_a_measure_in_two_units_at_once_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, RefusalError, "^column crp stands twice; remove one$"):
        given.visited(enrolled, **{"crp": 24, "crp [mg/dl]": "2.4"})


@pytest.mark.parametrize(
    ("value", "comparator", "number"), [("<5", "<", "5"), ("> 200", ">", "200"), ("<0.50", "<", "0.50")]
)
@pytest.mark.parametrize("name", ["crp", "esr"])
def test_a_laboratory_value_may_carry_a_comparator(
    enrolled: Registry, name: str, value: str, comparator: str, number: str
) -> None:
    [measurement] = taken(enrolled, **{name: value})

    assert (measurement["comparator"], measurement["value"]) == (comparator, number)


@pytest.mark.parametrize("name", [name for name, *_ in LIMITS if name not in ("crp", "esr")])
def test_only_a_laboratory_value_may_carry_a_comparator(enrolled: Registry, name: str) -> None:
    with refused(enrolled, FormatError, f"^{name}: '<5' is not a plain number; only laboratory values carry < or >$"):
        given.visited(enrolled, **{name: "<5"})


@pytest.mark.parametrize(
    ("value", "why"),
    [
        *((value, "; write a decimal point and no thousands separator, with < or > before it") for value in (
            "2,4", "1'200", "1’200", "1 200", "1\u00a0200", "1_200", "1.200,5"
        )),
        *((value, " with < or > before it; no other mark can be kept") for value in (
            "~5", "<=5", "≤5", ">= 5", "≥5"
        )),
        *((value, " but a word; leave the cell empty where there is none") for value in ("five", "<", "#N/A", "-")),
        *((value, " that is finite; leave the cell empty where there is none") for value in ("NaN", "-inf", "INF")),
        *((value, "; write digits with a decimal point and nothing else, with < or > before it") for value in (
            "<<5", "1e", "1.2.3", "٥", "5<", "5 or 6"
        )),
        *((value, " alone; its unit stands in the header: crp [mg/l]") for value in (
            "5mg/l", "<5 mg/l", "0.5 mg/dL", "30 \u00b5g/g", "30 \u03bcg/g", "7 nrs", "5 %"
        )),
        ("1" * 31, " of at most 30 significant digits, but of 31"),
        ("0." + "1" * 31, " of at most 30 significant digits, but of 31"),
        ("1e30", " from 1e-99 to below 1e30"),
        ("1e-100", " from 1e-99 to below 1e30"),
        ("0" * 101, " of at most 100 characters"),
    ],
)  # fmt: skip
def test_a_value_that_is_no_number_is_refused_with_the_reason(enrolled: Registry, value: str, why: str) -> None:
    with refused(enrolled, FormatError, f"^crp: .* is not a number{re.escape(why)}$"):
        given.visited(enrolled, crp=value)


@pytest.mark.parametrize(
    "value",
    ["4.699999999999999", "1e-7", "5E1", "+5", "5.", ".5", "-0", "0e-99", "123456789012345678901234567890", "007"],
)
def test_any_decimal_of_up_to_thirty_significant_digits_is_a_number_and_kept_as_it_came(
    enrolled: Registry, value: str
) -> None:
    [kept] = taken(enrolled, crp=value)

    assert kept["value"] == value


def test_no_digit_is_lost_when_a_number_of_thirty_digits_is_converted() -> None:
    assert in_unit(Decimal("123456789.012345678901234567891"), "mg/dl", "mg/l") == Decimal(
        "1234567890.12345678901234567891"
    )


def test_a_reported_basmi_names_its_version(enrolled: Registry) -> None:
    assert taken(enrolled, basmi="3.9", basmi_version="Linear") == [
        {"measure": "basmi", "value": "3.9", "unit": "score", "version": "linear"}
    ]


def test_a_reported_basmi_of_an_unknown_version_says_none(enrolled: Registry) -> None:
    assert taken(enrolled, basmi="3.9", basmi_version="") == [{"measure": "basmi", "value": "3.9", "unit": "score"}]


def test_a_version_without_a_basmi_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, RefusalError, "^basmi_version is given without a basmi; remove it or give the total$"):
        given.visited(enrolled, basmi_version="linear")


def test_an_unknown_version_of_the_basmi_is_refused(enrolled: Registry) -> None:
    with refused(
        enrolled, UnknownCodeError, "^basmi_version: '3-step' is not a known .*; write 2-step, 10-step or linear$"
    ):
        given.visited(enrolled, basmi=4, basmi_version="3-step")
