"""Periods of the calendar by which what happens in a registry is counted: years, quarters or months."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from projections.columns.partial_days import Days
from registry.errors import UnknownCodeError

Every = Literal["year", "quarter", "month"]

EVERY: Final[tuple[Every, ...]] = get_args(Every)
MONTHS: Final[dict[str, int]] = {"year": 12, "quarter": 3, "month": 1}


class Period(NamedTuple):
    """A period by its number from the year 0 on, so many `months` long."""

    number: int
    months: int

    @property
    def name(self) -> str:
        """What it is called.

        >>> Period(2020, 12).name, Period(2020 * 4 + 2, 3).name, Period(2020 * 12 + 1, 1).name
        ('2020', '2020-Q3', '2020-02')
        """
        year, place = divmod(self.number, 12 // self.months)
        return {12: f"{year:04}", 3: f"{year:04}-Q{place + 1}", 1: f"{year:04}-{place + 1:02}"}[self.months]

    def is_over(self, today: date) -> bool:
        """Return whether its last day lies before a day."""
        return self.number < _of_day(today, self.months)


def periods_of(days: Days, every: str) -> Days:
    """Return the number of the period of each day, days since 1970. Raises `UnknownCodeError` for another length."""
    months = months_of(every)
    by_month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return by_month // months


def months_of(every: str) -> int:
    """Return how many months a period has. Raises `UnknownCodeError` for another length."""
    if every not in MONTHS:
        raise UnknownCodeError("every", every, EVERY, what="length of a period")
    return MONTHS[every]


def up_to(first: int, today: date, every: str) -> list[Period]:
    """Return the periods from a number to that of a day."""
    months = months_of(every)
    return [Period(number, months) for number in range(first, _of_day(today, months) + 1)]


def _of_day(day: date, months: int) -> int:
    return (day.year * 12 + day.month - 1) // months
