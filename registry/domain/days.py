"""Clinical days, whole or known to the month or the year only.

A partial day is kept as the text that it came in, `2003-02-14`, `2003-02` or `2003`, so that its precision is never
lost. It is compared by what it can mean: it lies before another only where its last possible day does.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

PARTIAL_DAY: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
EARLIEST: Final = date(1900, 1, 1)  # of what is recorded; the oldest patients were born after it
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
PRECISIONS: Final = {4: "year", 7: "month", 10: "day"}  # by length of the text


def day(text: str) -> date | None:
    """Return the calendar day that `YYYY-MM-DD` means, None where it means none."""
    if len(text) != 10 or not PARTIAL_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_partial_day(text: str) -> bool:
    """Return whether the text is a day, a month or a year of the calendar.

    >>> [is_partial_day(text) for text in ("2003-02-28", "2003-02", "2003", "2003-02-30", "2003-2")]
    [True, True, True, False, False]
    """
    return bool(PARTIAL_DAY.fullmatch(text)) and day(text + "-01-01"[: 10 - len(text)]) is not None


def precision(partial: str) -> str:
    """Return how precisely a partial day is known: `day`, `month` or `year`."""
    return PRECISIONS[len(partial)]


@lru_cache
def first_day(partial: str) -> date:
    """Return the first day that a partial day can mean.

    >>> first_day("2003-02")
    datetime.date(2003, 2, 1)
    """
    return date.fromisoformat(partial + "-01-01"[: 10 - len(partial)])


@lru_cache
def last_day(partial: str) -> date:
    """Return the last day that a partial day can mean.

    >>> last_day("2003-02")
    datetime.date(2003, 2, 28)
    """
    first = first_day(partial)
    if len(partial) == 4:
        return first.replace(month=12, day=31)
    if len(partial) == 7:
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first


def instant(microseconds: int) -> datetime:
    """Return an instant of the recorded clock, which counts microseconds since 1970, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def today(microseconds: int) -> date:
    """Return the latest day that can be today where the registry is kept, at an instant of the recorded clock.

    The recorded clock runs in UTC. East of Greenwich a new day has begun before UTC knows of it, and a visit of
    that day is not in the future; so the later of the UTC day and the machine's own day counts.
    """
    now = instant(microseconds)
    return max(now.date(), now.astimezone().date())
