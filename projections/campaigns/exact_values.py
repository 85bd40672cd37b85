"""Values of several readers as exact fractions: brought to one scale, and how far they lie apart.

Every table is studies × readers. Whole numbers of 64 bits as long as nothing can leave them, Python's own beyond that.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Truth

ROOM: Final = 2.0**61  # of a product, so that sums and differences of a few of them are whole numbers of 64 bits

Integers = npt.NDArray[Any]


class ExactValues(NamedTuple):
    """Values `numerators` / `denominators` where they are `known`; 0 / 1 where not."""

    numerators: Integers
    denominators: Integers
    known: Truth

    @classmethod
    def of(cls, numerators: Integers, denominators: Integers, known: Truth) -> Self:
        """Return fractions in their lowest terms; those that are not known are nothing."""
        above, below = np.where(known, numerators, 0), np.where(known, denominators, 1)
        common = np.gcd(above, below)
        return cls(above // common, below // common, known)

    @property
    def doubles(self) -> npt.NDArray[np.float64]:
        """The values as the nearest floating-point numbers."""
        return np.asarray(self.numerators / self.denominators, dtype=np.float64)

    def fraction(self, row: int) -> Fraction | None:
        """Return the value of a row of single values; None where it is not known, or there is no such row (-1)."""
        if row < 0 or not self.known[row]:
            return None
        return Fraction(int(self.numerators[row]), int(self.denominators[row]))

    def at(self, rows: Any) -> ExactValues:
        """Return some of the rows."""
        return ExactValues(self.numerators[rows], self.denominators[rows], self.known[rows])

    def minus(self, others: ExactValues) -> ExactValues:
        """Return the differences to others, known where both are."""
        above = _wide(self.numerators) * others.denominators - _wide(others.numerators) * self.denominators
        below = _wide(self.denominators) * others.denominators
        return ExactValues.of(above, below, self.known & others.known)

    def alike(self) -> Scaled:
        """Return the values of each row as whole numbers on one scale."""
        bound = np.prod(self.denominators.astype(np.float64), axis=1) * np.abs(self.doubles).max(initial=1)
        is_small = bound.max(initial=0) * self.numerators.shape[1] < ROOM
        above, below = (each if is_small else each.astype(object) for each in (self.numerators, self.denominators))
        scale = np.lcm.reduce(below, axis=1, initial=1)
        return Scaled(above * (scale[:, None] // below), scale, self.known)


class Scaled(NamedTuple):
    """Values of studies × readers, each row in units of 1 / `scale`."""

    values: Integers
    scale: Integers
    known: Truth

    def ranges(self) -> tuple[Integers, Truth]:
        """Return how far the known values of each row lie apart, on its scale, and where there are two at least."""
        if not self.values.shape[1]:
            return np.zeros(len(self.values), dtype=np.int64), np.zeros(len(self.values), dtype=np.bool_)
        places = np.arange(len(self.values)), self.known.argmax(axis=1)
        filled = np.where(self.known, self.values, self.values[places][:, None])
        return filled.max(axis=1) - filled.min(axis=1), self.known.sum(axis=1) > 1

    def means(self, used: Truth) -> ExactValues:
        """Return the mean of the values that are used of each row, known where any is."""
        n = used.sum(axis=1)
        sums = np.where(used, self.values, 0).sum(axis=1)
        return ExactValues.of(sums, self.scale * np.maximum(n, 1), n > 0)


def apart(values: ExactValues, *, more_than: Decimal) -> Truth:
    """Return the rows of which two known values differ by strictly more than a limit, in units of the score."""
    of_row = values.alike()
    ranges, several = of_row.ranges()
    limit = Fraction(more_than)
    above, below = _wide(ranges) * limit.denominator, _wide(of_row.scale) * limit.numerator
    return np.asarray(several & (above > below).astype(np.bool_))


def _wide(numbers: Integers) -> Integers:
    """Return numbers whose products with others of their size are exact."""
    return numbers if np.abs(numbers).max(initial=0) < 1 << 30 else numbers.astype(object)
