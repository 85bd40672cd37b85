"""Spans of whole numbers as a cohort file writes them, `2..3`, of days, and lengths of time in days.

Both ends of a span count; an end that is left out is none.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final, NamedTuple

from projections.columns.coded import EPOCH
from projections.observation.durations import duration
from registry.domain.days import EARLIEST
from registry.domain.days import day as day_of
from registry.errors import FormatError
from registry.toml_keys import Keys
from registry.wording import shown

WRITTEN: Final = re.compile(r"(?P<first>\d{1,6})?(?P<dots>\.\.)?(?P<last>\d{1,6})?", re.ASCII)


class Span(NamedTuple):
    """Whole numbers from `first` to `last`, both included; None as `last` for all from `first` on."""

    first: int
    last: int | None

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.first <= number and (self.last is None or number <= self.last)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{'' if self.last is None else self.last}"


def span_of(text: str, *, low: int, high: int) -> Span | None:
    """Return the span that a text writes, None where it writes none within `low` to `high`.

    >>> [str(span_of(text, low=1, high=100)) for text in ("1", "2..3", "3..", "..2", "3..2", "0")]
    ['1', '2..3', '3..', '1..2', 'None', 'None']
    """
    found = WRITTEN.fullmatch(text.strip())
    if found is None or not (found["first"] or found["last"]) or (found["last"] and not found["dots"]):
        return None
    first = int(found["first"] or low)
    last = int(found["last"]) if found["last"] else None if found["dots"] else first
    return Span(first, last) if low <= first <= (high if last is None else last) <= high else None


def read_span(keys: Keys, name: str, *, low: int, high: int) -> Span | None:
    """Return a span of whole numbers within `low` to `high`, None where it is none, which is told."""
    text = keys.text(name)
    span = span_of(text, low=low, high=high)
    if span is None and text:
        keys.wrong(name, f"{shown(text)} is no span of numbers from {low} to {high}; write '1', '2..3' or '3..'")
    return span


def read_between(keys: Keys, name: str) -> tuple[int, int] | None:
    """Return a first and a last day as days since 1970, None where the key is not there."""
    if not keys.there(name):
        return None
    value = keys.value_of(name)
    days = [_day(each) for each in value] if isinstance(value, list) else []
    first, last = days if len(days) == 2 else (None, None)
    if first is None or last is None or first > last:
        expected = 'two days of the calendar, the first and the last, as ["2015-01-01", "2018-12-31"]'
        keys.wrong(name, f"{shown(value)} is not {expected}")
        return None
    return first.toordinal() - EPOCH, last.toordinal() - EPOCH


def length_in_days(keys: Keys, name: str, otherwise: str, *, longest: int) -> int:
    """Return a length of time in days, as `90 days`, from none to the longest; the default where it is not there."""
    text = keys.text(name, otherwise)
    try:
        length = duration(name, text)
    except FormatError as refusal:
        keys.wrong(name, str(refusal).removeprefix(f"{name}: "))
        return 0
    if length.months or length.days > longest:
        keys.wrong(name, f"{text!r} is not within 0 to {longest} days; write days, as '7 days'")
        return 0
    return length.days


def _day(value: object) -> date | None:
    read = day_of(value) if isinstance(value, str) else value
    if not isinstance(read, date) or isinstance(read, datetime) or read < EARLIEST:
        return None
    return read
