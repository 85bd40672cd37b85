"""What locations add to a score, for the members of a cohort at a time point, with what could not be assessed.

Matrices are members × locations; -1 marks a location that does not count, and a member without a reading has no row.
Several readers' matrices stand side by side; a count of several readers is the mean of their counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import readings_of
from projections.columns.coded import Rows, Truth
from projections.grading.grades import NOT_ASSESSED
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.scores import Score
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values

Matrix = npt.NDArray[np.int16]
Over = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class LocationCounts:
    """One score of the members who were read at a time point, location by location.

    `members` are rows of the cohort's members who were read by every reader that counts; `added` has shape readers ×
    members × locations. What follows from them is computed once.
    """

    members: Rows
    added: Matrix

    def assessed_at(self, other: LocationCounts) -> LocationCounts:
        """Return the same where a location also counts at another time point; members of both only."""
        both = np.intersect1d(self.members, other.members)
        mine, theirs = self.of(both), other.of(both)
        return LocationCounts(both, np.where(theirs.added == NOT_ASSESSED, NOT_ASSESSED, mine.added).astype(np.int16))

    def of(self, members: Rows) -> LocationCounts:
        """Return the same for some of its members."""
        return LocationCounts(members, self.added[:, np.searchsorted(self.members, members)])

    def over(self, locations: Over) -> LocationCounts:
        """Return the same over some of the locations."""
        return LocationCounts(self.members, self.added[:, :, locations])

    @cached_property
    def totals(self) -> Values:
        """The count of each member over what could be assessed, the mean over the readers."""
        return Values.counted(self._summed, denominator=len(self.added))

    @cached_property
    def total(self) -> Fraction:
        """The count of all members together, the mean over the readers."""
        return Fraction(int(self._summed.sum()), len(self.added))

    @cached_property
    def _summed(self) -> npt.NDArray[np.int64]:
        """The count of each member over what could be assessed, the sum over the readers."""
        summed: npt.NDArray[np.int64] = (self.added * (self.added != NOT_ASSESSED)).sum(axis=(0, 2), dtype=np.int64)
        return summed

    @property
    def n_locations(self) -> int:
        """How many locations the members have, assessed or not."""
        return int(self.added.shape[1] * self.added.shape[2])

    @cached_property
    def assessed(self) -> Truth:
        """Which locations count for every reader; members × locations."""
        return np.asarray((self.added != NOT_ASSESSED).all(axis=0))

    @cached_property
    def complete(self) -> Truth:
        """Which members have no location that leaves doubt of this count.

        An unknown grade leaves none where the others settle what the location adds: an erosion that could not be
        assessed beside inflammation 0 is, whatever it is, no active one.
        """
        return np.asarray(self.assessed.all(axis=1))

    @cached_property
    def present(self) -> Truths:
        """Whether each member has the feature at one location at least, by any reader.

        It cannot be said where nobody saw it and some location leaves doubt.
        """
        somewhere = np.asarray((self.added > 0).any(axis=(0, 2)))
        return Truths(somewhere, somewhere | ~self.complete)


def location_counts(cohort: Cohort, method: str, score: Score) -> list[LocationCounts]:
    """Return a score of the members at each time point, by the readers that the definition names.

    A member counts who was read at the time point by each of them.
    """
    readings = readings_of(cohort, method)
    over = over_of(readings.grading.method, score)
    contributions = readings.grading.contributions(score)[:, over]
    at_time_points = []
    for place in range(len(cohort.names)):
        rows = [by_reader[:, place] for by_reader in readings.places.values()]
        there = readings.read_by_all(place)
        shape = (max(len(rows), 1), len(there), len(over))
        added = np.stack([contributions[row[there]] for row in rows]) if rows else np.zeros(shape, dtype=np.int16)
        at_time_points.append(LocationCounts(there, added))
    return at_time_points


def over_of(method: Method, score: Score) -> Over:
    """Return which of a method's locations a score is over, from 0."""
    return np.array([location.number - 1 for location in method.locations_of(score)], dtype=np.intp)


def in_segment(method: Method, score: Score, segment: str | None) -> Over:
    """Return which of the locations that a score is over are of a segment, all where it is None."""
    locations = method.locations_of(score)
    return np.flatnonzero([segment in (None, location.segment) for location in locations])
