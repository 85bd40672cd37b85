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
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from math import isnan
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

import numpy as np

from projections.checks.captured_values import CapturedValues, Value
from projections.checks.scales import on_another_scale
from projections.clinical.derived_measures import computed_rows
from projections.clinical.visit_values import BASMI, BASMI_OF_VERSION, CriterionInputs
from projections.columns.arrow import ArrowTable
from projections.columns.coded import Rows
from projections.columns.tables import Table, day, declared, frame, number, tabled, text, word
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

    from projections.clinical.taken_measures import Cell
    from projections.point_in_time import Facts
    from registry.domain.statements import Measurement

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


def implausible_values(facts: Facts) -> pd.DataFrame:
    """Return the implausible values as a frame, one row a value and rule; columns as in `IMPLAUSIBLE_VALUES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the implausible values as an Arrow table by patient, visited_on, visit_id, measure, rule."""
    from projections.stated import patients

    captured, enrolled = CapturedValues(facts), patients.table(facts)
    centres = dict(zip(enrolled["patient"].to_pylist(), enrolled["centre"].to_pylist()))
    doubted = [
        *_beyond_limit(captured),
        *_unit_suspect(captured, centres),
        *_doubted(captured, "unit-suspect", on_another_scale(captured, centres)),
        *_point_lost(captured),
        *_total_differs(captured),
    ]
    rows = sorted(doubted, key=lambda row: [row[name] for name in IMPLAUSIBLE_VALUES.order])
    return tabled(IMPLAUSIBLE_VALUES, rows)


def _doubted(captured: CapturedValues, rule: str, found: Iterable[tuple[Rows, str]]) -> Iterator[Value]:
    """Yield values that a rule doubts, given with what they are held against."""
    for values, limit in found:
        yield from ({**value, "rule": rule, "limit": limit} for value in captured.told(values))


def _beyond_limit(captured: CapturedValues) -> Iterator[Value]:
    measures = captured.catalogue.measures
    limits = {name: measure.plausible for name, measure in measures.items() if measure.plausible is not None}

    def is_beyond(measured: Measurement, cell: Cell) -> bool:
        if measured.measure not in limits:
            return False
        low, high = limits[measured.measure]
        return not low <= cell.value <= high

    for value in captured.told(captured.where(is_beyond)):
        low, high = limits[value["measure"]]
        yield {**value, "rule": "beyond-limit", "limit": f"{low} to {high}"}


def _unit_suspect(captured: CapturedValues, centres: Mapping[str, str | None]) -> Iterator[Value]:
    for (measure, unit), highest in SUSPECT_UNITS.items():
        values = captured.of(measure, unit=unit)
        by_centre: defaultdict[str | None, list[int]] = defaultdict(list)
        patients = captured.visited("patient", values)
        whose = patients.words.take(patients.codes).to_pylist()
        for place, patient in enumerate(whose):
            by_centre[centres.get(patient)].append(place)
        numbers = captured.each(values, lambda measured: float(measured.number))
        for places in by_centre.values():
            mean = fmean(numbers[places].tolist())
            if mean > highest:
                why = f"mean of the centre {mean:.4g} {unit}, above {highest}"
                yield from _doubted(captured, "unit-suspect", [(values[places], why)])


def _point_lost(captured: CapturedValues) -> Iterator[Value]:
    """Yield values that seem to have lost their decimal point: beside the patient's others, or with a whole visit's.

    Where all values of one visit label lost it together, as in a table that was copied, the label's median gives it
    away beside the medians of the other labels, and every value of the label is doubted.
    """
    for measure in LOST_POINT_MEASURES:
        values = captured.of(measure)
        found = dict(_lost_with_their_label(captured, values)) | dict(_lost_beside_others(captured, values))
        yield from _doubted(captured, "decimal-point-lost", ((values[[at]], limit) for at, limit in found.items()))


def _lost_with_their_label(captured: CapturedValues, values: Rows) -> Iterator[tuple[int, str]]:
    """Yield the places of values whose visit label lost the decimal point in all, each with what gives it away."""
    labels, numbers = captured.visited("visit", values), captured.doubles(values)
    places = {name: np.flatnonzero(labels.codes == code) for code, name in enumerate(labels.words.to_pylist()) if name}
    medians = {label: median(numbers[at].tolist()) for label, at in places.items() if len(at)}
    for label, middle in medians.items():
        if limit := _lost(middle, [other for name, other in medians.items() if name != label]):
            yield from ((place, f"of medians, {limit}") for place in places[label].tolist())


def _lost_beside_others(captured: CapturedValues, values: Rows) -> Iterator[tuple[int, str]]:
    """Yield the places of values that lost the decimal point beside the patient's others; only high ones can have."""
    patients, numbers = captured.visited("patient", values).codes, captured.doubles(values)
    for place in np.flatnonzero(numbers >= LOST_POINT_FROM).tolist():
        first, end = np.searchsorted(patients, [patients[place], patients[place] + 1]).tolist()
        if limit := _lost(float(numbers[place]), numbers[first:end].tolist()):
            yield place, limit


def _lost(value: float, others: list[float]) -> str | None:
    """Return what gives a lost decimal point away, None where nothing does."""
    usual = [other for other in others if other * LOST_POINT_TIMES < value]
    tenth, (most, of) = value / LOST_POINT_FACTOR, LOST_POINT_MOST
    if value < LOST_POINT_FROM or len(usual) < LOST_POINT_OTHERS or of * len(usual) < most * len(others):
        return None
    if not min(usual) / 2 <= tenth <= max(usual) * 2:
        return None
    return f"others {min(usual):.4g} to {max(usual):.4g}, a tenth of it {tenth:.4g}"


def _total_differs(captured: CapturedValues) -> Iterator[Value]:
    """Yield the reported totals that differ; what they are held against is computed where there are some."""
    catalogue = captured.catalogue
    totals = {name for name in catalogue.computable if name in catalogue.measures}  # reported and computed alike
    values = captured.where(lambda measured, _: measured.measure in totals or measured.measure == BASMI)
    named = [_instrument(measured) for measured in captured.measured(values)]
    inputs = CriterionInputs(captured.visit_values)
    for computed in computed_rows(
        inputs, names=sorted({name for name in named if name and name in catalogue.computable})
    ):
        mine = values[[name == computed.measure for name in named]]
        total = np.full(inputs.visits.num_rows, np.nan)
        total[computed.visits] = computed.values
        differing = [
            ([place], f"{computed.rule} gives {found:.6g}")
            for place, measured, found in zip(mine, captured.measured(mine), total[captured.visits(mine)].tolist())
            if not isnan(found) and _differs(measured, found)
        ]
        yield from _doubted(captured, "reported-total-differs", ((np.array(at), why) for at, why in differing))


def _instrument(measured: Measurement) -> str | None:
    """Return by which instrument a reported total is computed here, None for a BASMI whose version was not said."""
    return BASMI_OF_VERSION.get(measured.version or "") if measured.measure == BASMI else measured.measure


def _differs(measured: Measurement, total: float) -> bool:
    """Return whether a reported total is not a computed one, to the last decimal that was reported."""
    rounding = Decimal(1).scaleb(int(measured.number.as_tuple().exponent)) / 2
    return abs(measured.number - Decimal(repr(total))) > rounding
