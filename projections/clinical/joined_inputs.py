"""Which rows of visits give the inputs of an index where one row does not have them all.

The app, the nurse and the laboratory may each deliver a row of one day: these complete each other. The index stands
once, at the row with most of its inputs, of several the one with the smallest reference; each input is that row's own,
else that of the row with the smallest reference that has it. A day with a row that has all is left alone, and
so is one with a row that has as many as the whole day, of an index that may lack some.

By name, values of several days are joined (`combine_days`): only where none of the days has a value of its own, a
reported total included. Each input is then the nearest one going back, and the index stands on its latest day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Codes, Rows, Truth, changes, coded, combined, day_numbers
from projections.columns.partial_days import Days

NONE = -1


class VisitDays(NamedTuple):
    """The days on which patients have visits: `of_visit` is the day of each visit, `first` the first visit of each.

    Visits are by patient, day and reference, so that those of one day stand together. `patient` and `day` are of each
    day with visits, `day` in days since 1970.
    """

    of_visit: Rows
    first: Rows
    patient: Codes
    day: Days

    @classmethod
    def of(cls, visits: ArrowTable) -> Self:
        """Return the days of visits that are by patient, day and reference."""
        patient, day = coded(visits["patient"]).codes, day_numbers(visits["visited_on"])
        begins = changes(combined(patient, day)) if len(patient) else np.zeros(0, dtype=bool)
        first = np.flatnonzero(begins)
        return cls(np.cumsum(begins) - 1, first, patient[first], day[first].astype(np.int64))

    @property
    def several(self) -> bool:
        """Whether some patient has several visits on one day."""
        return len(self.first) < len(self.of_visit)

    def with_any(self, known: Truth) -> Truth:
        """Return on which days something is known."""
        there: Truth = self.first_with(known) != NONE
        return there

    def first_with(self, known: Truth) -> Rows:
        """Return the first visit of each day at which something is known, -1 for none."""
        rows = np.flatnonzero(known)[::-1]
        first = np.full(len(self.first), NONE, dtype=np.intp)
        first[self.of_visit[rows]] = rows  # of several the last that is written stays: the first visit
        return first

    def latest(self, there: Truth) -> Rows:
        """Return the latest of the patient's days up to each day that is `there`, -1 for none."""
        latest = np.maximum.accumulate(np.where(there, np.arange(len(there)), NONE)) if len(there) else self.first
        return np.where((latest != NONE) & (self.patient[latest] == self.patient), latest, NONE)


class JoinedInputs(NamedTuple):
    """Where an index has inputs of several rows: `rows` are the visits that give each input, inputs × visits.

    `same_day` and `several_days` mark the visits at which it stands so, `beside` the other visits of such a day.
    """

    rows: npt.NDArray[np.intp]
    same_day: Truth
    several_days: Truth
    beside: Truth


def joined_inputs(
    known: Sequence[Truth], days: VisitDays, *, reported: Truth, combine_days: int = 0, may_lack: int = 0
) -> JoinedInputs | None:
    """Return where the inputs of an index are joined, None where nowhere.

    `known` says of each input at which visits it is, `reported` at which a total of the source stands. So many inputs
    as it `may_lack` can be missing.
    """
    if not len(days.first) or not (days.several or combine_days):
        return None
    here = _Day.of(known, days, required=len(known) - may_lack)
    on_day = (here.first != NONE).sum(axis=0)
    of_day = (on_day >= len(known) - may_lack) & (on_day > here.most)
    lender = np.broadcast_to(np.arange(len(days.first)), here.first.shape)
    of_days = np.zeros(len(of_day), dtype=bool)
    if combine_days:
        valued = here.complete | of_day | days.with_any(reported)
        lender = np.array([days.latest(first != NONE) for first in here.first])
        near = (lender != NONE) & (days.day - days.day[lender] <= combine_days)
        before = days.latest(valued)
        displaced = (before != NONE) & (days.day - days.day[before] <= combine_days)
        of_days = near.all(axis=0) & ~displaced & (here.standing != NONE)
    joined = np.flatnonzero(of_day | of_days)
    if not len(joined):
        return None
    return _joined(here, days, lender, (joined, of_days[joined]), known)


class _Day(NamedTuple):
    """Of each day: whether a row has all inputs that it must, how many a row has at most, which one, which has each."""

    complete: Truth
    most: Rows
    standing: Rows
    first: npt.NDArray[np.intp]

    @classmethod
    def of(cls, known: Sequence[Truth], days: VisitDays, *, required: int) -> Self:
        count = np.sum(known, axis=0)
        most = np.maximum.reduceat(count, days.first)
        standing = days.first_with((count > 0) & (count == most[days.of_visit]))
        return cls(most >= required, most, standing, np.array([days.first_with(each) for each in known]))


def _joined(
    here: _Day, days: VisitDays, lender: npt.NDArray[np.intp], joined: tuple[Rows, Truth], known: Sequence[Truth]
) -> JoinedInputs:
    at, far = joined
    n = len(days.of_visit)
    standing = here.standing[at]
    rows = np.tile(np.arange(n), (len(known), 1))
    for number, own in enumerate(known):
        lent = here.first[number][np.where(far, lender[number][at], at)]
        rows[number, standing] = np.where(own[standing], standing, lent)
    same_day, several_days = (np.zeros(n, dtype=bool) for _ in range(2))
    same_day[standing[~far]] = True
    several_days[standing[far]] = True
    of_joined = np.zeros(len(days.first), dtype=bool)
    of_joined[at] = True
    beside = of_joined[days.of_visit] & ~same_day & ~several_days
    return JoinedInputs(rows, same_day, several_days, beside)
