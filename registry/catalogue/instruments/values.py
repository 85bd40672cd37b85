"""Columns of exact numbers: what was measured in many patients, without binary noise.

A value that was written as 5.8 is 58/10 here and never 5.79999…; a BASDAI of 6 items is a fraction, too. A rule
is written as arithmetic on whole columns, and the same rule serves one visit as a column of one. Results do
not depend on what else stands in the column.

Whole numbers that might leave 64 bits, as after many decimals, are kept as Python integers: slower, never wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.instruments.truths import Truths

Number = int | Fraction
BELOW, EXACT, ABOVE = -1, 0, 1
COMPARATORS: Final = {"<": BELOW, None: EXACT, ">": ABOVE}
COMPARATOR_OF: Final = {bound: comparator for comparator, bound in COMPARATORS.items()}
WITHIN_64_BITS: Final = 1 << 62  # a sum of two such still fits
EXACT_IN_A_DOUBLE: Final = 1 << 53


@dataclass(frozen=True, eq=False)
class Values:
    """One exact number a row, `numerator / denominator`, where `known`; an unknown value is never 0.

    `numerator` is int64, or Python integers where 64 bits do not suffice; `denominator` is one positive whole number
    for the column. `bound` says of a laboratory value that the true one is `BELOW` or `ABOVE` it; arithmetic takes such
    a value as it stands and drops the mark, so that a rule for laboratory values has to look at it first. `rests_on`
    has the marks of the laboratory values from which scores were computed: these rest on a limit, and need not be one.
    """

    numerator: NDArray[Any]
    denominator: int
    known: NDArray[np.bool_]
    bound: NDArray[np.int8]
    rests_on: NDArray[np.int8] | None = None

    @classmethod
    def of(
        cls,
        written: Iterable[str | int | Decimal | Fraction | None],
        *,
        comparators: Sequence[str | None] | None = None,
    ) -> Values:
        """Return a column from decimals as they were written; None is an unknown value.

        >>> Values.of(["24.70", 5, None]).fractions()
        [Fraction(247, 10), Fraction(5, 1), None]

        Raises:
            TypeError: for a float, whose decimals are noise.
        """
        cells = list(written)
        exact = {cell: _fraction(cell) for cell in set(cells) if cell is not None}
        denominator = math.lcm(*(fraction.denominator for fraction in exact.values()))
        whole = {cell: int(fraction * denominator) for cell, fraction in exact.items()}
        numerator = _integers([0 if cell is None else whole[cell] for cell in cells])
        bound = None if comparators is None else [COMPARATORS[comparator] for comparator in comparators]
        return cls.counted(
            numerator, denominator=denominator, known=np.array([cell is not None for cell in cells], bool), bound=bound
        )

    @classmethod
    def counted(
        cls,
        numerator: NDArray[Any],
        *,
        denominator: int = 1,
        known: NDArray[np.bool_] | None = None,
        bound: Sequence[int] | NDArray[np.int8] | None = None,
    ) -> Values:
        """Return a column from whole numbers of `1 / denominator`, all known unless `known` says otherwise."""
        if known is None:
            known = np.ones(len(numerator), bool)
        marks = np.zeros(len(numerator), np.int8) if bound is None else np.asarray(bound, np.int8)
        return cls(numerator, denominator, known, marks)

    def __len__(self) -> int:
        return len(self.numerator)

    @property
    def censored(self) -> NDArray[np.bool_]:
        """Where the value is known as below or above a limit only."""
        marked: NDArray[np.bool_] = self.known & (self.bound != EXACT)
        return marked

    @property
    def marks(self) -> NDArray[np.int8]:
        """Where a known value is a limit or rests on one, `BELOW` or `ABOVE` as that limit has it, else `EXACT`."""
        return np.where(self.known, self.bound if self.rests_on is None else self.rests_on, EXACT).astype(np.int8)

    def without_marks(self) -> Values:
        """Return the numbers as they stand, none of them a limit: what arithmetic gives."""
        return Values.counted(self.numerator, denominator=self.denominator, known=self.known)

    def resting_on(self, marks: NDArray[np.int8]) -> Values:
        """Return scores with the marks of the laboratory values from which they were computed."""
        return replace(self, rests_on=marks) if np.any(marks) else self

    def take(self, rows: NDArray[np.integer[Any]]) -> Values:
        """Return the values of these rows; row -1 is an unknown value."""
        if not len(self):
            return Values.counted(np.zeros(len(rows), np.int64), known=np.zeros(len(rows), bool))
        rests_on = None if self.rests_on is None else self.rests_on[rows]
        return Values(
            self.numerator[rows], self.denominator, self.known[rows] & (rows >= 0), self.bound[rows], rests_on
        )

    def where(self, rows: NDArray[np.bool_]) -> Values:
        """Return the values of the rows marked true, all others unknown."""
        return replace(self, known=self.known & rows)

    def otherwise(self, value: Number, rows: NDArray[np.bool_]) -> Values:
        """Return the column with one and the same value in the rows marked true, where a value was known."""
        mine, fixed = _common(self, _constant(value))
        return self._with(np.where(rows, fixed.numerator, mine.numerator), mine.denominator)

    def or_else(self, other: Values) -> Values:
        """Return each value, or that of the other column where it is unknown; each keeps its mark."""
        mine, theirs = _common(self, other)
        either = Values.counted(
            np.where(self.known, mine.numerator, theirs.numerator),
            denominator=mine.denominator,
            known=self.known | other.known,
            bound=np.where(self.known, self.bound, other.bound),
        )
        rest = self.rests_on is not None or other.rests_on is not None
        return either.resting_on(np.where(self.known, self.marks, other.marks)) if rest else either

    def __add__(self, other: Values | Number) -> Values:
        mine, theirs = _common(self, _column(other))
        return self._with(mine.numerator + theirs.numerator, mine.denominator, _column(other).known)

    def __sub__(self, other: Values | Number) -> Values:
        return self + _column(other) * -1

    def __mul__(self, factor: Number) -> Values:
        exact = Fraction(factor)
        return self._with(_times(self.numerator, exact.numerator), self.denominator * exact.denominator)

    def __truediv__(self, divisor: Number) -> Values:
        return self * (1 / Fraction(divisor))

    def __ge__(self, other: Values | Number) -> Truths:
        mine, theirs = _common(self, _column(other))
        return Truths.where(mine.numerator >= theirs.numerator, known=self.known & _column(other).known)

    def __gt__(self, other: Values | Number) -> Truths:
        return ~(self <= other)

    def __le__(self, other: Values | Number) -> Truths:
        mine, theirs = _common(self, _column(other))
        return Truths.where(mine.numerator <= theirs.numerator, known=self.known & _column(other).known)

    def __lt__(self, other: Values | Number) -> Truths:
        return ~(self >= other)

    def clamped(self, low: int, high: int) -> Values:
        """Return the column with values below `low` raised to it and values above `high` lowered to it."""
        (mine, least), (_, most) = _common(self, _constant(low)), _common(self, _constant(high))
        return self._with(np.clip(mine.numerator, least.numerator, most.numerator), self.denominator)

    def each_over(self, divisors: NDArray[np.int64]) -> Values:
        """Return each value divided by its own positive whole number."""
        common = math.lcm(*np.unique(divisors).tolist())
        numerator: NDArray[Any] = self.numerator
        if common * (_peak(numerator) or 1) >= WITHIN_64_BITS:
            numerator, divisors = numerator.astype(object), divisors.astype(object)
        return self._with(numerator * (common // divisors), self.denominator * common)

    def doubles(self, *, unknown: float = np.nan) -> NDArray[np.float64]:
        """Return the double nearest to each value, `unknown` where there is none."""
        if max(_peak(self.numerator), self.denominator) <= EXACT_IN_A_DOUBLE:
            nearest = self.numerator.astype(np.float64) / self.denominator
        else:
            nearest = np.array([number / self.denominator for number in self.numerator.tolist()], np.float64)
        return np.where(self.known, nearest, unknown)

    def fractions(self) -> list[Fraction | None]:
        """Return each value as a fraction, None where it is unknown."""
        numerators, known = self.numerator.tolist(), self.known.tolist()
        fraction = {number: Fraction(number, self.denominator) for number in set(numerators)}
        return [fraction[number] if is_known else None for number, is_known in zip(numerators, known, strict=True)]

    def _with(self, numerator: NDArray[Any], denominator: int, known: NDArray[np.bool_] | None = None) -> Values:
        return Values.counted(
            numerator, denominator=denominator, known=self.known if known is None else self.known & known
        )


def _fraction(cell: str | int | Decimal | Fraction) -> Fraction:
    if isinstance(cell, float):
        raise TypeError(f"{cell!r} is a binary float; give the decimal as it was written")
    return Fraction(cell)


def _integers(numbers: list[int]) -> NDArray[Any]:
    fits = all(-WITHIN_64_BITS < number < WITHIN_64_BITS for number in numbers)
    return np.array(numbers, np.int64 if fits else object)


def _constant(value: Number) -> Values:
    exact = Fraction(value)
    return Values.counted(_integers([exact.numerator]), denominator=exact.denominator)


def _column(value: Values | Number) -> Values:
    return value if isinstance(value, Values) else _constant(value)


def _common(one: Values, other: Values) -> tuple[Values, Values]:
    """Return two columns over one denominator, with room for a sum."""
    denominator = math.lcm(one.denominator, other.denominator)
    return _over(denominator, one), _over(denominator, other)


def _over(denominator: int, column: Values) -> Values:
    return Values.counted(_times(column.numerator, denominator // column.denominator), denominator=denominator)


def _peak(numerator: NDArray[Any]) -> int:
    return int(np.abs(numerator).max()) if len(numerator) else 0


def _times(numerator: NDArray[Any], factor: int) -> NDArray[Any]:
    """Return numerators times a factor, as Python integers where the product might not fit."""
    if (_peak(numerator) or 1) * abs(factor) >= WITHIN_64_BITS:
        numerator = numerator.astype(object)
    return numerator * factor
