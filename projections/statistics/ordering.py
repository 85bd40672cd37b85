"""Numbers as statistics take them: as doubles, or as whole numbers that keep order and ties and nothing else.

5.8 − 5.6 and 2.0 − 1.8 are the same improvement, and no binary fraction knows it. Whole numbers, Decimals and Fractions
are compared as they are; doubles are rounded to `decimals` first (half to even), so that their noise breaks no tie.
A column of exact numbers (`Values`) of which none is unknown serves wherever numbers do, and is the fastest of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.instruments.values import WITHIN_64_BITS, Values

Number = int | float | Decimal | Fraction
Numbers = Sequence[Number] | NDArray[Any]
Given = Numbers | Values
Floats = NDArray[np.float64]

DECIMALS: Final = 6
LARGEST: Final = 1 << 53  # of whole numbers, so that doubles hold their differences exactly
GREATEST: Final = 1e100  # of any measurement, so that no square leaves the doubles


def doubles(values: Given) -> Floats:
    """Return the values as doubles, in whatever shape they came.

    Raises:
        ValueError: for a value that is missing, not a number, or beyond ±1e100.
    """
    numbers = values.doubles() if isinstance(values, Values) else np.asarray(values, dtype=np.float64)
    if not np.all(np.abs(numbers) <= GREATEST):
        raise ValueError("a value is missing, not a number or beyond 1e100; leave incomplete patients out")
    return numbers


def ordered(values: Given, *, decimals: int = DECIMALS) -> Floats:
    """Return whole numbers with the signs, the order and the ties of the values, and of their sizes without sign.

    >>> ordered([0.3 - 0.2, 0.2 - 0.1, -0.1]).tolist()
    [100000.0, 100000.0, -100000.0]
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "biu":
        return values.astype(np.float64)
    if isinstance(values, Values) and _whole(values.numerator):
        return values.numerator.astype(np.float64)
    exact = _exact(values)
    if exact is None:
        return np.rint(doubles(values) * 10.0**decimals)
    whole, _ = over_one_denominator(exact)
    if not whole or max(map(abs, whole)) <= LARGEST:
        return np.array(whole, dtype=np.float64)
    place = {size: i for i, size in enumerate(sorted({Fraction(0), *map(abs, exact)}))}
    return np.array([place[abs(value)] * (1 if value > 0 else -1) for value in exact], dtype=np.float64)


def over_one_denominator(values: Sequence[int | Fraction] | Values) -> tuple[list[int], int]:
    """Return exact values as whole numbers over one denominator, and that: for sums and orders of many of them.

    >>> over_one_denominator([Fraction(1, 2), 2, Fraction(2, 3)])
    ([3, 12, 4], 6)
    """
    if isinstance(values, Values):
        return values.numerator.tolist(), values.denominator
    scale = math.lcm(*{value.denominator for value in values})
    return [value.numerator * (scale // value.denominator) for value in values], scale


def sum_of_squares(whole: Sequence[int]) -> int:
    """Return the sum of the squares of whole numbers, however large.

    >>> sum_of_squares([1, -2]), sum_of_squares([10**20])
    (5, 10000000000000000000000000000000000000000)
    """
    most = max(map(abs, whole), default=0)
    if len(whole) * most * most > WITHIN_64_BITS:
        return sum(value * value for value in whole)
    numbers = np.array(whole, dtype=np.int64)
    return int(numbers @ numbers)


def exact_column(values: Sequence[int | Fraction | None] | Values) -> Values:
    """Return exact values as a column of them, None as an unknown one; a column stands as it is."""
    if isinstance(values, Values):
        return values
    whole, scale = over_one_denominator([value for value in values if value is not None])
    known = np.array([value is not None for value in values], dtype=bool)
    fits = all(abs(value) <= LARGEST for value in whole)
    numerator = np.zeros(len(values), dtype=np.int64 if fits else object)
    numerator[known] = whole
    return Values.counted(numerator, denominator=scale, known=known)


def differences(first: Given, second: Given) -> Given:
    """Return first − second, pair by pair: as exact as both are, doubles where one of them is.

    Raises:
        ValueError: where they are not equally long.
    """
    equally_long(first, second)
    if isinstance(first, Values) and isinstance(second, Values):
        return first - second
    if _whole(first) and _whole(second):
        return np.asarray(first, dtype=np.int64) - np.asarray(second, dtype=np.int64)
    minuends, subtrahends = _exact(first), _exact(second)
    if minuends is None or subtrahends is None:
        return doubles(first) - doubles(second)
    whole, scale = over_one_denominator([*minuends, *subtrahends])
    n = len(minuends)
    apart = [one - other for one, other in zip(whole[:n], whole[n:], strict=True)]
    fraction = {number: Fraction(number, scale) for number in set(apart)}
    return [fraction[number] for number in apart]


def _whole(values: Given) -> bool:
    """Return whether the values are whole numbers of which no difference leaves 64 bits."""
    return (
        isinstance(values, np.ndarray)
        and values.dtype.kind == "i"
        and bool(np.all((values >= -LARGEST) & (values <= LARGEST)))
    )


def ascending(values: Values) -> Values:
    """Return a column of exact numbers in ascending order, so that sums of them do not depend on who had them."""
    return values.take(np.argsort(values.numerator, kind="stable"))


def equally_long(first: Given | Sequence[object], second: Given | Sequence[object]) -> None:
    """Refuse pairs of which one side has more than the other."""
    if len(first) != len(second):
        raise ValueError(f"pairs need two columns of one length, and have {len(first)} and {len(second)}")


def constant(values: Given, *, decimals: int = DECIMALS) -> bool:
    """Return whether all values are the same, doubles to so many decimals."""
    places = ordered(values, decimals=decimals)
    return bool(np.all(places == places[:1]))


def tied(values: Floats) -> int:
    """Return how many values share their value with another."""
    counts = np.unique(values, return_counts=True)[1]
    return int(counts[counts > 1].sum())


def _exact(values: Given) -> list[Fraction] | None:
    if isinstance(values, Values):
        return [value for value in values.fractions() if value is not None]
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return None
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    if not all(isinstance(value, (int, Fraction, Decimal, np.integer)) for value in listed):
        return None
    return [value if type(value) is Fraction else _fraction(value) for value in listed]


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value)) if isinstance(value, np.integer) else Fraction(value)
