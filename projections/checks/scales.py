"""Values that a whole centre gives on another scale than the others: 0 to 10 in a column of mm, hours for minutes.

A centre is doubted where no patient of it ever has a value above the limit of the measure, and chance would hardly have
it so: with the share of the other centres' patients who never have one either, each patient of the centre would be
such a one too less often than `SCALE_CHANCE`. To that share one patient is added who is, so that it is never 0.
Patients who have no centre count as those of one. Compared are values captured in the canonical unit; a value captured
in another, as `[nrs]`, was converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import truth
from projections.columns.coded import Codes, Rows, Truth, coded
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.plausible_limits import SCALE_CHANCE, SCALE_PATIENTS, SCALE_VALUES, SCALES

Value = Mapping[str, Any]  # one row of the table of measures


class OfCentre(NamedTuple):
    """The values of one measure in one centre: how many, of how many patients, how many of whom are never above."""

    values: int
    patients: int
    low: int


def on_another_scale(
    captured: Any, centres: Mapping[str, str | None], catalogue: Catalogue
) -> Iterator[tuple[Value, str]]:
    """Yield the values of centres that are on another scale, each with why it is doubted."""
    for measure, (limit, scale) in SCALES.items():
        unit = catalogue.measures[measure].unit
        of_measure = pc.and_(pc.equal(captured["measure"], measure), pc.equal(captured["captured_unit"], unit))
        values = captured.filter(of_measure)
        patient = coded(values["patient"])
        numbers: dict[str | None, int] = {}
        names = [centres.get(each) for each in patient.words.to_pylist()]
        centre = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.intp)
        counts = _counts(patient.codes, centre, _low(values, limit))
        for number, own in enumerate(counts):
            if not _is_doubted(own, counts):
                continue
            why = f"none of {own.patients} patients of the centre above {limit} {unit}: as on a scale of {scale}"
            rows = np.flatnonzero(centre[patient.codes] == number)
            for value in values.take(pa.array(rows)).to_pylist():
                yield value, why


def _low(values: Any, limit: int) -> Truth:
    """Return which values are not above a limit, exactly; a value marked `>` is above it."""
    text = coded(values["captured_value"])
    low = np.array([*(Decimal(each) <= limit for each in text.words.to_pylist()), False])[text.codes]
    marked = truth(pc.equal(values["comparator"], ">"))
    at_most: Truth = low & ~marked
    return at_most


def _counts(patient: Codes, centre: Rows, low: Truth) -> list[OfCentre]:
    """Return the counts of each centre by its number; `centre` is by patient, `patient` and `low` by value."""
    number = int(centre.max(initial=-1)) + 1
    values = np.bincount(patient, minlength=len(centre))
    there = values > 0
    always_low = there & (np.bincount(patient, weights=~low, minlength=len(centre)) == 0)
    columns = (
        np.bincount(centre, weights=values, minlength=number),
        np.bincount(centre[there], minlength=number),
        np.bincount(centre[always_low], minlength=number),
    )
    return [OfCentre(*map(int, each)) for each in zip(*columns)]


def _is_doubted(own: OfCentre, counts: list[OfCentre]) -> bool:
    values, patients, low = (sum(column) for column in zip(*counts))
    others = OfCentre(values - own.values, patients - own.patients, low - own.low)
    enough = min(own.values, others.values) >= SCALE_VALUES and own.patients >= SCALE_PATIENTS
    return enough and own.low == own.patients and _hardly_chance(own, others)


def _hardly_chance(own: OfCentre, others: OfCentre) -> bool:
    """Return whether so many patients would hardly all be never above the limit, by the share of the others' who are.

    >>> _hardly_chance(OfCentre(5, 5, 5), OfCentre(12, 12, 0)), _hardly_chance(OfCentre(5, 5, 5), OfCentre(12, 12, 6))
    (True, False)
    """
    seldom, of = SCALE_CHANCE
    share, whole = (others.low + 1) ** own.patients, (others.patients + 1) ** own.patients
    return bool(of * share < seldom * whole)
