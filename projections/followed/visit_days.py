"""The days on which patients have visits: several rows of one day are one visit, by the name of the first reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Codes, Rows, Truth, changes, day_numbers, moments
from projections.columns.partial_days import Days
from projections.followed.spans import places
from projections.stated import visits

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class VisitDays(NamedTuple):
    """Days with visits, by patient and day: `patient` is the place among the patients, `day` in days since 1970.

    `visited` are the visits by patient, day and reference, and `first` the row of each day's first there.
    """

    visited: ArrowTable
    patient: Codes
    day: Days
    first: Rows

    @classmethod
    def of(cls, facts: Facts, patients: ArrowArray) -> Self:
        """Return the days at the point in time; `patients` are the pseudonyms of who is enrolled, sorted."""
        visited = visits.ordered(facts)
        patient, day = places(visited["patient"], patients), day_numbers(visited["visited_on"]).astype(np.int64)
        first = np.flatnonzero(changes(patient) | changes(day))
        return cls(visited, patient[first], day[first], first)

    def between(self, patient: Codes | Days, first: Days, last: Days) -> tuple[Rows, Rows]:
        """Return the days of each patient from one to another, both included: rows of the patients, and of the days."""
        at = moments(self.patient, self.day)
        begin = np.searchsorted(at, moments(patient, first))
        sizes = np.maximum(np.searchsorted(at, moments(patient, last), side="right") - begin, 0)
        rows = np.repeat(np.arange(len(patient)), sizes)
        return rows, np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes - begin, sizes)

    def of_any(self, known: Truth) -> Truth:
        """Return of which days a row is known, given which rows of `visited` are."""
        if not len(self.first):
            return np.zeros(0, dtype=bool)
        some: Truth = np.logical_or.reduceat(known, self.first)
        return some
