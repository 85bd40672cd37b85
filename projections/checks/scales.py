"""Values that a whole centre gives on another scale than the others: 0 to 10 in a column of mm, hours for minutes.

A centre is doubted where no patient of it ever has a value above the limit of the measure, and chance would hardly have
it so: with the share of the other centres' patients who never have one either, each patient of the centre would be
such a one too less often than `SCALE_CHANCE`. To that share one patient is added who is, so that it is never 0.
Patients who have no centre count as those of one. Compared are values captured in the canonical unit; a value captured
in another, as `[nrs]`, was converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from projections.columns.coded import Codes, Rows, Truth
from registry.catalogue.plausible_limits import SCALE_CHANCE, SCALE_PATIENTS, SCALE_VALUES, SCALES

if TYPE_CHECKING:
    from projections.checks.captured_values import CapturedValues
    from registry.domain.statements import Measurement


class OfCentre(NamedTuple):
    """The values of one measure in one centre: how many, of how many patients, how many of whom are never above."""

    values: int
    patients: int
    low: int


def on_another_scale(captured: CapturedValues, centres: Mapping[str, str | None]) -> Iterator[tuple[Rows, str]]:
    """Yield the values of each centre that are on another scale, with why they are doubted."""
    for measure, (limit, scale) in SCALES.items():
        unit = captured.catalogue.measures[measure].unit
        values = captured.of(measure, unit=unit)
        patient = captured.visited("patient", values)
        numbers: dict[str | None, int] = {}
        names = [centres.get(each) for each in patient.words.to_pylist()]
        centre = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.intp)
        counts = _counts(patient.codes, centre, captured.each(values, partial(_is_low, limit=limit)).astype(bool))
        for number, own in enumerate(counts):
            if _is_doubted(own, counts):
                why = f"none of {own.patients} patients of the centre above {limit} {unit}: as on a scale of {scale}"
                yield values[centre[patient.codes] == number], why


def _is_low(measured: Measurement, *, limit: int) -> bool:
    """Return whether a value is not above a limit, exactly; a value marked `>` is above it."""
    return measured.number <= limit and measured.comparator != ">"


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
