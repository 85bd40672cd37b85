"""Ranges of numbers and of days as a cohort file writes them: `2`, `2..3`, `3..`, `..<5`, `>= 5`, `2015..2018`.

Both ends belong to a range, unless a `<` or a `>` says otherwise. A year as an end is its first day, or its last.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from projections.columns.coded import day_number
from registry.domain.days import day as day_of

NUMBER: Final = r"(-?\d{1,15}(?:\.\d{1,15})?)"


class Range(NamedTuple):
    """Numbers from `low` to `high`, None for no limit; an end that is open is not in it."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self._ends_before(self)

    def meets(self, other: Range) -> bool:
        """Return whether some number lies in both.

        >>> parsed_range("..5").meets(parsed_range("5..")), parsed_range("..<5").meets(parsed_range("5.."))
        (True, False)
        """
        return not (self._ends_before(other) or other._ends_before(self))

    def holds(self, other: Range) -> bool:
        """Return whether every number of another range lies in this one.

        >>> parsed_range("..<5").holds(parsed_range("0..<5")), parsed_range("..4").holds(parsed_range("0..<5"))
        (True, False)
        """
        return self._begins_with(other) and self._ends_with(other)

    def _begins_with(self, other: Range) -> bool:
        if self.low is None or other.low is None:
            return self.low is None
        return self.low < other.low or (self.low == other.low and self.low_open <= other.low_open)

    def _ends_with(self, other: Range) -> bool:
        if self.high is None or other.high is None:
            return self.high is None
        return other.high < self.high or (self.high == other.high and self.high_open <= other.high_open)

    def _ends_before(self, other: Range) -> bool:
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and (self.high_open or other.low_open))


def parsed_range(text: str) -> Range | None:
    """Return the range of numbers that a text is, None where it is none."""
    if found := re.fullmatch(rf"\s*(<=?|>=?)\s*{NUMBER}\s*", text):
        limit, is_open = _number(found[2]), "=" not in found[1]
        return Range(None, limit, high_open=is_open) if "<" in found[1] else Range(limit, None, low_open=is_open)
    if found := re.fullmatch(rf"\s*{NUMBER}\s*", text):
        return Range(_number(found[1]), _number(found[1]))
    found = re.fullmatch(rf"\s*{NUMBER}?\s*\.\.\s*(<?)\s*{NUMBER}?\s*", text)
    if found is None or (found[3] is None and (found[1] is None or found[2])):
        return None
    return Range(_number(found[1]), _number(found[3]), high_open=bool(found[2]))


def parsed_days(text: str) -> Range | None:
    """Return the range of days since 1970 that a text of years or days is, None where it is none."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    low, high = _day(first, (1, 1)), _day(last if dots else first, (12, 31))
    unread = (first and low is None) or (last and high is None)
    if unread or (low is None and high is None):
        return None
    ends = [None if each is None else Fraction(day_number(each)) for each in (low, high)]
    return Range(ends[0], ends[1])


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(Decimal(text))


def _day(text: str, of_year: tuple[int, int]) -> date | None:
    """Return the day that a text is, of a year its first or last."""
    if re.fullmatch(r"[12]\d{3}", text):
        return date(int(text), *of_year)
    return day_of(text)
