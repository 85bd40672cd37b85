"""What a printed text says, and whether a value would be printed so."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.reconciliation.printed_numbers import numbers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.042", ["0.042"]),
        ("33.0", ["33.0"]),
        ("31 (14–65)", ["31", "14", "65"]),
        ("31 (14-65)", ["31", "14", "65"]),
        ("5.63 (3.83–7.8)", ["5.63", "3.83", "7.8"]),
        ("6 (86)", ["6", "86"]),
        ("67% (n=6)", ["67", "6"]),
        ("7 of 8", ["7", "8"]),
        ("38 ± 7.3", ["38", "7.3"]),
        ("−73.3%", ["-73.3"]),
        ("-3.1 (-5.0 to -1.2)", ["-3.1", "-5.0", "-1.2"]),
        ("1,012", ["1012"]),
        ("15, 3, 8, 5", ["15", "3", "8", "5"]),
        ("0·042", ["0.042"]),
        (".05", ["0.05"]),
        ("all", []),
    ],
)
def test_every_number_of_a_printed_text_is_read_with_its_decimals(text: str, said: list[str]) -> None:
    assert [str(number.value) for number in numbers(text)] == said


@pytest.mark.parametrize(
    ("text", "limit", "value"),
    [("<0.001", "<", "0.001"), ("p < 0.001", "<", "0.001"), (">0.05", ">", "0.05"), ("≥0.05", ">=", "0.05")],
)
def test_a_printed_limit_is_a_limit(text: str, limit: str, value: str) -> None:
    (number,) = numbers(text)

    assert (number.limit, number.value) == (limit, Decimal(value))


def test_no_dagger_says_that_p_is_not_below_5_percent() -> None:
    (number,) = numbers("no dagger")

    assert number.fits(Decimal("0.05"))
    assert not number.fits(Decimal("0.0499"))


def test_halves_are_rounded_up_as_papers_do_and_otherwise_only_where_asked() -> None:
    (number,) = numbers("0.12")

    assert not number.fits(Fraction(1, 8))
    assert number.fits(Fraction(1, 8), ROUND_HALF_EVEN)
    assert number.fits(Decimal("0.129"), ROUND_DOWN)


@given(st.integers(0, 10**6), st.integers(1, 10**4), st.integers(0, 4))
def test_what_is_printed_of_a_value_fits_that_value(n: int, of: int, decimals: int) -> None:
    scaled = Fraction(n, of) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    (number,) = numbers(f"{Decimal(whole).scaleb(-decimals):f}")

    assert number.fits(Fraction(n, of))
    assert not number.fits(Fraction(n, of) + Fraction(2, 10**decimals))
