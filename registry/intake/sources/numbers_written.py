"""Numbers as a source writes them, read as numbers of ours, and numbers that it stores, written as text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from registry.intake.sources.days_written import Unread

COMMA: Final = re.compile(r"([<>]?=?\s*[-+]?\d+),(\d+)", re.ASCII)
WHOLE: Final = re.compile(r"[<>]?=?\s*[-+]?\d+", re.ASCII)
NUMBER: Final = re.compile(r"[<>]?=?\s*[-+]?[\d.,' \u2019]+", re.ASCII)  # in anybody's way of writing
NO_COMMA_HERE: Final = "is no number with a decimal comma alone; write none with points or blanks between thousands"
NOT_FINITE: Final = frozenset(
    {"nan", "inf", "-inf", "NaN", "sNaN", "Infinity", "-Infinity"}
)  # as Python and SQL say it
NOT_FINITE_HERE: Final = "is not a number that is finite; say what it stands for, as missing = {{ {0!r} = '' }}"
COMMA_HERE: Final = "has a comma, and decimals have a point here; write decimal = ',' if it is one"


def number_with_comma(value: str) -> str | Unread:
    """Return a number whose decimals have a comma with a point; other words as they are.

    >>> number_with_comma("<5,1"), number_with_comma("12"), number_with_comma("not done")
    ('<5.1', '12', 'not done')
    """
    if matched := COMMA.fullmatch(value):
        return f"{matched[1]}.{matched[2]}"
    if WHOLE.fullmatch(value) or not NUMBER.fullmatch(value):
        return value
    return Unread(NO_COMMA_HERE, NO_COMMA_HERE)


def number_with_point(value: str) -> str | Unread:
    """Return a number as it is, unless it has a comma."""
    if "," in value and NUMBER.fullmatch(value):
        return Unread(COMMA_HERE, COMMA_HERE)
    return value


def finite(value: str) -> str | Unread:
    """Return a number as it is, unless it is none: what a computation had no result for is no code and no name."""
    if value in NOT_FINITE:
        return Unread(f"{value} not finite", NOT_FINITE_HERE.format(value))
    return value


def is_within(value: str, ranges: Sequence[tuple[float, float]]) -> bool:
    """Return whether a text is a number within one of some ranges, from the lowest to the highest value of each."""
    if not ranges:
        return False
    try:
        number = float(value)
    except ValueError:
        return False
    return any(low <= number <= high for low, high in ranges)


def number_text(value: float) -> str:
    """Return the shortest decimal text that is the number, without an exponent.

    >>> [number_text(value) for value in (5.0, 24.7, 1e-7, 3)]
    ['5', '24.7', '0.0000001', '3']
    """
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return str(value)
    return format(Decimal(repr(float(value))), "f").removesuffix(".0")
