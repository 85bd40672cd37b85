"""Lengths of time as people write them: `90 days`, `18 months`, `2 years`; months are those of the calendar."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from registry.durations import length_of
from registry.errors import FormatError
from registry.later_days import months_later

Days = npt.NDArray[np.int64]


class Duration(NamedTuple):
    """A length of time, in calendar months and days."""

    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        if self.months and self.days:
            return f"{_counted(self.months, 'month')} and {_counted(self.days, 'day')}"
        return _counted(self.months, "month") if self.months else _counted(self.days, "day")

    def after(self, days: Days) -> Days:
        """Return the days that lie so much later; days since 1970.

        A day that the later month does not have is its last: a month after 31 January is 28 or 29 February.
        """
        if not self.months:
            return days + self.days
        return months_later(days, self.months) + self.days


def duration(field: str, text: str) -> Duration:
    """Return a length of time from its text. Raises `FormatError` where it is none.

    >>> duration("gap", "18 months"), str(duration("grace", "0 days"))
    (Duration(months=18, days=0), '0 days')
    """
    length = length_of(text)
    if length is None:
        raise FormatError(field, text, "a length of time; write 90 days, 18 months or 2 years")
    return Duration(*length)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
