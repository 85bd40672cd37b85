"""The day for which a day known to the month or the year counts.

A start is the middle, of two the earlier, of its possible days not after the latest possible stop; a stop is the
middle of its possible days from that start on. Every function here lists the possible days one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import NamedTuple, TypeVar

Answer = TypeVar("Answer")


class Days(NamedTuple):
    """The first day of a course and its last, None while it goes on."""

    start: date
    stop: date | None


@cache
def possible_days(text: str) -> tuple[date, ...]:
    """Return every day that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` can mean, in order."""
    day = date(int(text[:4]), 1, 1)
    found = []
    while day.year == int(text[:4]):
        if day.isoformat().startswith(text):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def middle(days: Sequence[date]) -> date:
    """Return the middle of some days, of two the earlier."""
    return days[(len(days) - 1) // 2]


def possible_starts(started_on: str, stopped_on: str | None) -> list[date]:
    """Return the possible first days that do not lie after the latest possible last day."""
    latest = date.max if stopped_on is None else possible_days(stopped_on)[-1]
    return [day for day in possible_days(started_on) if day <= latest]


def possible_stops(stopped_on: str, start: date) -> list[date]:
    """Return the possible last days from a first day on."""
    return [day for day in possible_days(stopped_on) if day >= start]


def course_days(started_on: str, stopped_on: str | None, *, partial: str = "middle") -> Days:
    """Return the days for which a course counts.

    `partial` is `middle`, `first`, `last`, or one of the two sides of `bounds`: `shortest`, `longest`.
    """
    of_start, of_stop = {
        "middle": (middle, middle),
        "first": (first, first),
        "last": (last, last),
        "shortest": (last, first),
        "longest": (first, last),
    }[partial]
    start = of_start(possible_starts(started_on, stopped_on))
    return Days(start, None if stopped_on is None else of_stop(possible_stops(stopped_on, start)))


def first(days: Sequence[date]) -> date:
    """Return the first of some days."""
    return days[0]


def last(days: Sequence[date]) -> date:
    """Return the last of some days."""
    return days[-1]


def all_days(started_on: str, stopped_on: str | None) -> list[Days]:
    """Return every pair of days that a course can mean."""
    starts = possible_starts(started_on, stopped_on)
    if stopped_on is None:
        return [Days(start, None) for start in starts]
    return [Days(start, stop) for start in starts for stop in possible_stops(stopped_on, start)]


def corners(started_on: str, stopped_on: str | None) -> list[Days]:
    """Return the pairs of days at the edges of what a course can mean."""
    starts = possible_starts(started_on, stopped_on)
    edges = {starts[0], starts[-1]}
    if stopped_on is None:
        return [Days(start, None) for start in sorted(edges)]
    return sorted(
        {
            Days(start, stop)
            for start in edges
            for stop in (possible_stops(stopped_on, start)[0], possible_stops(stopped_on, start)[-1])
        }
    )


def uncertain(courses: Sequence[tuple[str, str | None]], answer: Callable[[list[Days]], Answer]) -> bool:
    """Return whether an answer about several courses differs with the days that they can mean."""
    answers = [answer(list(chosen)) for chosen in product(*(corners(*course) for course in courses))]
    return any(other != answers[0] for other in answers)
