"""Which day a start or a stop counts as that is known to the month or the year only.

One rule for order, day 0, gaps, cover and duration. `middle`, the default: a start is the middle (of two the earlier)
of its possible days that are not after the latest possible stop; a stop is the middle of its possible days from that
start on. `first` and `last` take the first and the last of the possible days. Between a start and its stop never lies
less than nothing. `bounds` are the shortest and the longest that a course can have been. The middle is the usual
imputation of registries: the first day of each makes every course of a month or a year shorter or longer than it was.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import truth
from projections.columns.coded import Truth, day_numbers

Days = npt.NDArray[np.int64]
Partial = Literal["middle", "first", "last", "shortest", "longest"]

PARTIAL_RULES: Final[tuple[Partial, ...]] = ("middle", "first", "last")
FOREVER: Final = np.iinfo(np.int32).max  # the stop of a course that goes on
EVER_BEFORE: Final = np.iinfo(np.int32).min  # the start of what began before anybody knows


class PossibleDays(NamedTuple):
    """The first and the last day that each of some days can mean, since 1970.

    Both are FOREVER where there is none; of a start that nobody knows both are EVER_BEFORE.
    """

    first: Days
    last: Days

    @property
    def partial(self) -> Truth:
        """Which days are known to the month or the year only."""
        partial: Truth = self.first != self.last
        return partial


class Bounds(NamedTuple):
    """A start and a stop, in days since 1970; a stop is FOREVER where a course goes on."""

    started: Days
    stopped: Days


def possible_days(days: Any, precision: Any, *, without: int = FOREVER) -> PossibleDays:
    """Return what days can mean, from their first days and `day`, `month` or `year`, Arrow columns of equal length.

    What has none means `without`.
    """
    none = truth(pc.is_null(days))
    first = np.where(none, 0, day_numbers(days).astype(np.int64))
    return PossibleDays(np.where(none, without, first), np.where(none, without, latest_days(first, precision)))


def latest_days(days: Days, precision: Any) -> Days:
    """Return the last day that each day, known as precisely as `precision` says, can mean."""
    first = days.astype("datetime64[D]")
    of_month = (first.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    of_year = (first.astype("datetime64[Y]") + 1).astype("datetime64[D]") - 1
    known = precision.cast(pa.string())
    to_month, to_year = (truth(pc.equal(known, word)) for word in ("month", "year"))
    latest: Days = np.where(to_year, of_year, np.where(to_month, of_month, first)).astype(np.int64)
    return latest


def counted_as(start: PossibleDays, stop: PossibleDays, rule: Partial = "middle") -> Bounds:
    """Return the days that starts and stops count as; a stop that lies before every possible start is the start."""
    latest_start = np.maximum(np.minimum(start.last, stop.last), start.first)
    started = {
        "middle": start.first + (latest_start - start.first) // 2,
        "first": start.first,
        "last": latest_start,
        "shortest": latest_start,
        "longest": start.first,
    }[rule]
    earliest = np.maximum(stop.first, started)
    latest = np.maximum(stop.last, earliest)
    stopped = {
        "middle": earliest + (latest - earliest) // 2,
        "first": earliest,
        "last": latest,
        "shortest": earliest,
        "longest": latest,
    }[rule]
    return Bounds(started, np.where(stop.first == FOREVER, FOREVER, stopped))
