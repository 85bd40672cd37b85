"""Numbers of a spreadsheet as text: what is a day by its number format, and which day a serial number is.

ECMA-376 Part 1 (5th edition, 2016): 18.8.30 numFmt, 18.17.4 dates and times.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NUMBER_AT_MOST: Final = 400  # characters that these functions are asked with; they remember them
NUMBERS_REMEMBERED: Final = 2**14
MILLISECONDS: Final = 86_400_000  # of a day; finer, a serial number is noise
LAST_DAY: Final = date.max.toordinal()
LEAP_DAY_1900: Final = 60  # a day that Lotus 1-2-3 and Excel have and the calendar has not
DAY_FORMATS: Final = frozenset([*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)])  # built in, with CJK ones
ELAPSED_FORMATS: Final = frozenset([46])
LITERAL: Final = re.compile(r'"[^"]*"?|\\.|_.|\*.')
ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
BRACKETS: Final = re.compile(r"\[[^\]]*\]?")
Shown = Literal["number", "day", "elapsed"]


def shown_as(code: str) -> Shown:
    """Return what a number format of one's own makes of a number.

    >>> [shown_as(code) for code in ("0.00", "dd/mm/yyyy", '0" days"', "[h]:mm", "[Red]0", "General")]
    ['number', 'day', 'number', 'elapsed', 'number', 'number']
    """
    bare = LITERAL.sub("", code)
    if ELAPSED.search(bare):
        return "elapsed"
    letters = BRACKETS.sub("", bare).lower().replace("general", "")
    return "day" if any(letter in letters for letter in "dmyhs") else "number"


def shown_as_built_in(number: int) -> Shown:
    """Return what a number format that every spreadsheet has makes of a number."""
    return "day" if number in DAY_FORMATS else "elapsed" if number in ELAPSED_FORMATS else "number"


@lru_cache(NUMBERS_REMEMBERED)
def number_text(text: str) -> str:
    """Return a number's shortest decimal text, without an exponent; what is none is left as it stands.

    >>> [number_text(text) for text in ("1980.0", "4.7000000000000002", "1E-3", "-0", "1_000", "abc")]
    ['1980', '4.7', '0.001', '-0', '1_000', 'abc']
    """
    bare = text.strip()
    if not NUMBER.fullmatch(bare):
        return text
    value = float(bare)
    if value in (float("inf"), float("-inf")):
        return text
    return format(Decimal(repr(value)), "f").removesuffix(".0")


@lru_cache(NUMBERS_REMEMBERED)
def day_text(text: str, *, is_1904: bool) -> str:
    """Return the day, the instant or the time of day that a serial number is; one that is none is left a number.

    >>> [day_text(text, is_1904=False) for text in ("43831", "43831.5", "0.25", "59", "60", "61", "-1")]
    ['2020-01-01', '2020-01-01 12:00:00', '06:00:00', '1900-02-28', '1900-02-29', '1900-03-01', '-1']
    >>> day_text("42369", is_1904=True)
    '2020-01-01'
    """
    span = _milliseconds(text)
    if span is None or span < 0:
        return number_text(text)
    days, rest = divmod(span, MILLISECONDS)
    if days == 0 and not is_1904:
        return _clock(rest)
    ordinal = date(1904, 1, 1).toordinal() + days if is_1904 else date(1899, 12, 30).toordinal() + days
    if ordinal > LAST_DAY:
        return number_text(text)
    if not is_1904 and days <= LEAP_DAY_1900:
        day = "1900-02-29" if days == LEAP_DAY_1900 else date.fromordinal(ordinal + 1).isoformat()
    else:
        day = date.fromordinal(ordinal).isoformat()
    return f"{day} {_clock(rest)}" if rest else day


def elapsed_text(text: str) -> str:
    """Return hours, minutes and seconds that a number of days is.

    >>> elapsed_text("1.5")
    '36:00:00'
    """
    span = _milliseconds(text)
    return number_text(text) if span is None or span < 0 else _clock(span)


def _milliseconds(text: str) -> int | None:
    number = number_text(text)
    if not NUMBER.fullmatch(number):
        return None
    return round(Decimal(number) * MILLISECONDS)


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}" + (f".{rest:03}" if rest else "")


def iso_text(text: str) -> str:
    """Return a day that is written as ISO 8601, without a midnight that nobody meant.

    >>> [iso_text(text) for text in ("2020-01-01T00:00:00", "2020-01-01T08:30:00Z", "2020-01-01")]
    ['2020-01-01', '2020-01-01 08:30:00Z', '2020-01-01']
    """
    day, _, clock = text.strip().partition("T")
    whole, _, fraction = clock.partition(".")
    return day if whole in ("", "00:00", "00:00:00") and not fraction.strip("0") else f"{day} {clock}"
