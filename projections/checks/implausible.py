"""One row per captured value and rule under which it is implausible: a warning, which changes nothing.

Rules (limits in `registry.catalogue.plausible_limits` and in a registry's protocol): `beyond-limit` for a value outside
what needs no second look;
`unit-suspect` for every value captured in a unit in which a centre's values are too high on average to be in it, or
none is as high as most of the other centres' patients have it (`projections.checks.scales`);
`decimal-point-lost` for a value far above the patient's others, a tenth of which lies among them, and for all values
of a visit label whose median is so beside the other labels';
`reported-total-differs` for a reported total that differs from the one computed from its items by more than the last
decimal that was reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.checks.scales import on_another_scale
from projections.clinical.visit_values import BASMI_OF_VERSION
from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, day, declared, frame, number, tabled, text, word
from projections.columns.tables import rows as rows_of
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.plausible_limits import (
    LOST_POINT_FACTOR,
    LOST_POINT_FROM,
    LOST_POINT_MEASURES,
    LOST_POINT_MOST,
    LOST_POINT_OTHERS,
    LOST_POINT_TIMES,
    SUSPECT_UNITS,
)

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

RULES: Final = ("beyond-limit", "decimal-point-lost", "reported-total-differs", "unit-suspect")
IMPLAUSIBLE_VALUES: Final[Table] = declared(
    "implausible_values",
    "captured value and rule under which it is implausible",
    order="patient visited_on visit_id measure rule",
    columns=(
        word("patient", "pseudonym"),
        day("visited_on", "day of the visit"),
        word("visit_id", "reference of the visit"),
        word("measure", "what was measured"),
        word("rule", "why the value is doubted", *RULES),
        number("value", "the value in the canonical unit", type_="double", unit="as in unit"),
        word("unit", "canonical unit of the measure"),
        text("limit", "what the value is held against"),
    ),
)
Value = Mapping[str, Any]  # one row of the table of measures


def implausible_values(facts: Facts) -> pd.DataFrame:
    """Return the implausible values as a frame, one row a value and rule; columns as in `IMPLAUSIBLE_VALUES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the implausible values as an Arrow table by patient, visited_on, visit_id, measure, rule."""
    from projections.derived import measures
    from projections.stated import patients, visits

    captured = measures.captured(facts)
    captured = captured.filter(captured["value"].is_valid())
    enrolled = patients.table(facts)
    centres = dict(zip(enrolled["patient"].to_pylist(), enrolled["centre"].to_pylist()))
    visited = visits.table(facts)
    labels = dict(zip(visited["visit_id"].to_pylist(), visited["visit"].to_pylist()))
    doubted = [
        *_beyond_limit(captured, facts.catalogue),
        *_unit_suspect(captured, centres),
        *(_doubted(value, "unit-suspect", why) for value, why in on_another_scale(captured, centres, facts.catalogue)),
        *_point_lost(captured, labels),
        *_total_differs(captured, lambda: measures.table(facts), facts.catalogue),
    ]
    rows = sorted(doubted, key=lambda row: [row[name] for name in IMPLAUSIBLE_VALUES.order])
    return tabled(IMPLAUSIBLE_VALUES, rows)


def _doubted(value: Value, rule: str, limit: str) -> Value:
    return {**value, "rule": rule, "limit": limit}


def _of(values: ArrowTable, measure: str) -> ArrowTable:
    return values.filter(pc.equal(values["measure"], measure))


def _beyond_limit(captured: ArrowTable, catalogue: Catalogue) -> Iterator[Value]:
    for name, measure in catalogue.measures.items():
        if measure.plausible is None:
            continue
        (low, high), values = measure.plausible, _of(captured, name)
        beyond = values.filter(pc.or_(pc.less(values["value"], float(low)), pc.greater(values["value"], float(high))))
        for value in beyond.to_pylist():
            yield _doubted(value, "beyond-limit", f"{low} to {high}")


def _unit_suspect(captured: ArrowTable, centres: Mapping[str, str | None]) -> Iterator[Value]:
    for (measure, unit), highest in SUSPECT_UNITS.items():
        values = _of(captured, measure)
        by_centre: defaultdict[str | None, list[Value]] = defaultdict(list)
        for value in values.filter(pc.equal(values["captured_unit"], unit)).to_pylist():
            by_centre[centres.get(value["patient"])].append(value)
        for of_centre in by_centre.values():
            mean = fmean(float(value["captured_value"]) for value in of_centre)
            if mean > highest:
                for value in of_centre:
                    yield _doubted(value, "unit-suspect", f"mean of the centre {mean:.4g} {unit}, above {highest}")


def _point_lost(captured: ArrowTable, labels: Mapping[str, str | None]) -> Iterator[Value]:
    """Yield values that seem to have lost their decimal point: beside the patient's others, or with a whole visit's.

    Where all values of one visit label lost it together, as in a table that was copied, the label's median gives it
    away beside the medians of the other labels, and every value of the label is doubted.
    """
    for measure in LOST_POINT_MEASURES:
        by_patient: defaultdict[str, list[Value]] = defaultdict(list)
        by_label: defaultdict[str, list[Value]] = defaultdict(list)
        taken: list[Any] = rows_of(_of(captured, measure))
        for value in taken:
            by_patient[value["patient"]].append(value)
            by_label[labels[value["visit_id"]] or ""].append(value)
        doubted: dict[str, Value] = {}
        medians = {label: median(value["value"] for value in values) for label, values in by_label.items() if label}
        for label, middle in medians.items():
            if limit := _lost(middle, [other for name, other in medians.items() if name != label]):
                doubted |= {
                    v["visit_id"]: _doubted(v, "decimal-point-lost", f"of medians, {limit}") for v in by_label[label]
                }
        for values in by_patient.values():
            for value in values:
                if limit := _lost(value["value"], [other["value"] for other in values]):
                    doubted[value["visit_id"]] = _doubted(value, "decimal-point-lost", limit)
        yield from doubted.values()


def _lost(value: float, others: list[float]) -> str | None:
    """Return what gives a lost decimal point away, None where nothing does."""
    usual = [other for other in others if other * LOST_POINT_TIMES < value]
    tenth, (most, of) = value / LOST_POINT_FACTOR, LOST_POINT_MOST
    if value < LOST_POINT_FROM or len(usual) < LOST_POINT_OTHERS or of * len(usual) < most * len(others):
        return None
    if not min(usual) / 2 <= tenth <= max(usual) * 2:
        return None
    return f"others {min(usual):.4g} to {max(usual):.4g}, a tenth of it {tenth:.4g}"


def _total_differs(
    captured: ArrowTable, all_measures: Callable[[], ArrowTable], catalogue: Catalogue
) -> Iterator[Value]:
    """Yield the reported totals that differ; `all_measures`, computed ones too, are asked for where there are some."""
    totals = [name for name in catalogue.computable if name in catalogue.measures]  # reported and computed alike
    reported = captured.filter(pc.is_in(captured["measure"].cast(pa.string()), pa.array([*totals, "basmi"])))
    if not reported.num_rows:
        return
    wanted = pa.array([*totals, *BASMI_OF_VERSION.values()])
    derived = all_measures()
    derived = derived.filter(pc.and_(derived["derived"], pc.is_in(derived["measure"].cast(pa.string()), wanted)))
    computed = {(row["visit_id"], row["measure"]): row for row in derived.to_pylist() if row["value"] is not None}
    for value in reported.to_pylist():
        name = BASMI_OF_VERSION.get(value["version"]) if value["measure"] == "basmi" else value["measure"]
        total = computed.get((value["visit_id"], name))
        text = Decimal(value["captured_value"])
        rounding = Decimal(1).scaleb(int(text.as_tuple().exponent)) / 2
        if total and abs(text - Decimal(repr(total["value"]))) > rounding:
            yield _doubted(value, "reported-total-differs", f"{total['rule']} gives {total['value']:.6g}")
