"""The figures of a cohort by address, and what of them a printed number is laid beside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from projections.cohort.all_tables import figures
from projections.cohort.definition.statistical_options import StatisticalOptions, varied
from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.reconciliation.printed_numbers import Value
from projections.reconciliation.published_figures import Field, Part, PrintedFigure
from registry.catalogue.units import convertible, in_unit

PERCENT = "%"
FEW_RESAMPLES = 100

Figures = Mapping[Address, Figure]


class RecomputedValue(NamedTuple):
    """A recomputed figure and the field of it that a printed number is; `value` is None where it is undefined."""

    part: Part
    figure: Figure
    value: Value | None


class Variants:
    """The figures of a cohort under its own options, and under every other one, each computed once.

    Only `tables` are computed, and under other options only those that are asked for. Resampled limits do not depend on
    what is varied; other variants make them from few resamples, for nothing looks at them there.
    """

    def __init__(self, cohort: Cohort, tables: Collection[str]) -> None:
        self.cohort = cohort
        self.own: Figures = _figures(cohort, cohort.options, tables) if tables else {}
        self._kept: dict[tuple[str, str], Figures] = {}

    def of(self, table: str) -> Iterator[tuple[str, Figures]]:
        """Yield what differs, and the figures of a table under that option."""
        for name, options in varied(self.cohort.options):
            if (name, table) not in self._kept:
                few = options._replace(resamples=FEW_RESAMPLES)
                self._kept[name, table] = _figures(self.cohort, few, (table,))
            yield name, self._kept[name, table]


def _figures(cohort: Cohort, options: StatisticalOptions, tables: Collection[str]) -> Figures:
    """Return the figures of some tables of a cohort by address, with other options; nothing is looked up again."""
    return {placed.address: placed.figure for placed in figures(cohort.with_options(options), only=tables)}


def recomputed_values(
    figures: Figures, printed: PrintedFigure, *, converted: bool = True
) -> tuple[RecomputedValue, ...] | None:
    """Return the recomputed figure of each printed number, in the unit as printed; None where one is not there."""
    values = []
    for part in printed.parts:
        figure = figures.get(part.address)
        if figure is None:
            return None
        value = field_of(figure, part.field)
        if value is not None and converted and printed.unit and is_in_unit(figure, part):
            value = as_printed(value, printed.unit, figure.unit)
        values.append(RecomputedValue(part, figure, value))
    return tuple(values)


def field_of(figure: Figure, field: Field | None) -> Value | None:
    """Return a field of a figure, by default p of a test and else the value; percentages of counts exactly."""
    field = field or usual_field(figure)
    if field == "percent" or (field == "value" and figure.unit == PERCENT):
        share = _percent(figure)
        if field == "percent" or (share is not None and figure.value is not None and abs(share - figure.value) < 1e-9):
            return share
    value = getattr(figure, field)
    return None if value is None else Decimal(repr(float(value)))


def _percent(figure: Figure) -> Fraction | None:
    """Return the numerator as a percentage of the denominator, exactly where both are whole."""
    n, of = figure.numerator, figure.denominator
    return None if n is None or not of else 100 * Fraction(n) / Fraction(of)


def usual_field(figure: Figure) -> Field:
    """Return `p_value` of a test and `value` of anything else."""
    words = figure.statistic.split()
    return "p_value" if words[-1] == "p" or words[:2] == ["p", "of"] else "value"


def is_in_unit(figure: Figure, part: Part) -> bool:
    """Return whether a number is in the unit of its figure: a value or a limit, no count and no p."""
    return bool(figure.unit) and (part.field or usual_field(figure)) in ("value", "ci_low", "ci_high")


def as_printed(value: Value, printed_unit: str, unit: str) -> Value | None:
    """Return a value in the unit as printed, exactly; None where it cannot be converted."""
    if printed_unit == unit:
        return value
    if convertible(printed_unit, unit):
        return Fraction(value) / Fraction(in_unit(Decimal(1), printed_unit, unit))
    if convertible(unit, printed_unit):
        return Fraction(value) * Fraction(in_unit(Decimal(1), unit, printed_unit))
    return None
