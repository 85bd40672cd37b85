"""Columns of exact numbers: what was written is what is compared, however many decimals it has."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.instruments.instrument import mean
from registry.catalogue.instruments.values import ABOVE, BELOW, EXACT, Values
from tests.spec.instruments.columns import law

WRITTEN = st.lists(
    st.none()
    | st.decimals(-(10**12), 10**12, places=12)
    | st.decimals(-(10**12), 10**12, places=5)
    | st.decimals(-100, 100, places=1),
    min_size=1,
    max_size=5,
)
FACTORS = st.fractions(-20, 20, max_denominator=1000)


def known(
    pairs: list[tuple[Fraction | None, Fraction | None]], result: Callable[[Fraction, Fraction], Fraction | bool]
) -> list[Fraction | bool | None]:
    return [None if one is None or other is None else result(one, other) for one, other in pairs]


def test_a_value_is_exactly_what_was_written() -> None:
    values = Values.of(["24.70", 5, Decimal("0.1"), Fraction(1, 3), None])

    assert values.fractions() == [Fraction(247, 10), Fraction(5), Fraction(1, 10), Fraction(1, 3), None]


def test_a_binary_float_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^2\.9 is a binary float; give the decimal as it was written$"):
        Values.of([2.9])  # type: ignore[list-item]


def test_an_unknown_value_is_no_number_and_never_0() -> None:
    doubles = Values.of(["0", None]).doubles()

    assert doubles[0] == 0
    assert np.isnan(doubles[1])


def test_a_laboratory_value_keeps_its_mark() -> None:
    values = Values.of(["5", "200", "7", None], comparators=["<", ">", None, None])

    assert values.bound.tolist() == [BELOW, ABOVE, EXACT, EXACT]
    assert values.censored.tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("before", "after", "change"), [("2.0", "2.9", "0.9"), ("2.2", "3.3", "1.1"), ("2.1", "4.1", "2.0")]
)
def test_a_change_at_the_limit_that_a_binary_float_misses_is_a_change_at_the_limit(
    before: str, after: str, change: str
) -> None:
    assert float(after) - float(before) < float(change)

    reached = Values.of([after]) - Values.of([before]) >= Fraction(change)

    assert reached.answers() == [True]


def test_row_minus_1_is_an_unknown_value() -> None:
    assert Values.of(["1.5", "2"]).take(np.array([1, -1, 0])).fractions() == [Fraction(2), None, Fraction(3, 2)]
    assert Values.of([]).take(np.array([-1])).fractions() == [None]


def test_where_a_value_is_unknown_another_can_stand_in_with_its_mark() -> None:
    both = Values.of(["1.5", None, None]).or_else(Values.of(["7", "5", None], comparators=[">", "<", None]))

    assert both.fractions() == [Fraction(3, 2), Fraction(5), None]
    assert both.censored.tolist() == [False, True, False]


def test_an_empty_column_has_empty_results() -> None:
    empty = Values.of([])

    assert len(empty + empty) == 0
    assert (empty / 3 >= 1).answers() == []
    assert len(mean([empty, empty], required=1)) == 0


@law
@given(WRITTEN, WRITTEN, FACTORS)
def test_arithmetic_and_comparison_are_those_of_fractions(
    one: list[Decimal | None], other: list[Decimal | None], factor: Fraction
) -> None:
    rows = min(len(one), len(other))
    left, right = Values.of(one[:rows]), Values.of(other[:rows])
    pairs = list(zip(left.fractions(), right.fractions()))

    assert left.fractions() == [None if cell is None else Fraction(cell) for cell in one[:rows]]
    assert (left + right).fractions() == known(pairs, operator.add)
    assert (left - right).fractions() == known(pairs, operator.sub)
    assert (left >= right).answers() == known(pairs, operator.ge)
    assert (left < right).answers() == known(pairs, operator.lt)
    assert (left * factor).fractions() == [None if one is None else one * factor for one, _ in pairs]
    assert (left > factor).answers() == [None if one is None else one > factor for one, _ in pairs]
    assert (left <= factor).answers() == [None if one is None else one <= factor for one, _ in pairs]


@law
@given(WRITTEN)
def test_the_double_is_the_nearest_one(cells: list[Decimal | None]) -> None:
    thirds = Values.of(cells) / 3

    nearest = [None if cell is None else float(Fraction(cell) / 3) for cell in cells]
    assert [None if np.isnan(double) else double for double in thirds.doubles()] == nearest


@law
@given(WRITTEN, st.integers(1, 400))
def test_each_value_can_have_its_own_divisor(cells: list[Decimal | None], first: int) -> None:
    divisors = np.arange(first, first + len(cells))

    quotients = Values.of(cells).each_over(divisors).fractions()

    assert quotients == [None if cell is None else Fraction(cell) / (first + row) for row, cell in enumerate(cells)]


def test_a_whole_number_that_no_double_holds_is_divided_before_it_is_rounded() -> None:
    value = Fraction(11131431045313597, 3)

    assert float(11131431045313597) / 3 != float(value)
    assert Values.of([value]).doubles().tolist() == [float(value)]


def test_numbers_beyond_64_bits_are_as_exact() -> None:
    long = Values.of(["999999999999.999999999999", "0.000000000001", None])

    assert (long * 100 - long * 99).fractions() == long.fractions()
    assert long.clamped(0, 10).fractions() == [Fraction(10), Fraction(1, 10**12), None]
