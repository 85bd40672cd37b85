"""The members of a cohort: who they are, their day 0, and how long the treatment that began on it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np

from projections.cohort.definition.definition import TimePoint
from projections.cohort.members.day_zero import NOWHERE, DaysZero
from projections.columns.arrow import ArrowArray
from projections.columns.coded import Rows, Truth
from projections.columns.partial_days import FOREVER, Days


class Members(NamedTuple):
    """One row a member, in the order of their pseudonyms; days since 1970.

    `stopped` is the last day of the treatment that began on day 0, FOREVER where nothing was stopped, `stop_reasons`
    why; the precisions are how well day 0 and that day are known, `courses` the references of the courses.
    """

    patients: list[str]
    day_zero: Days
    stopped: Days
    stop_reasons: list[str | None]
    precisions: list[str | None]
    stop_precisions: list[str | None]
    courses: list[str | None]

    @classmethod
    def of(cls, patients: ArrowArray, days_zero: DaysZero) -> Self:
        """Return those of the patients, an Arrow array of pseudonyms, who have a day 0."""
        return cls(patients.to_pylist(), *days_zero).take(np.flatnonzero(days_zero.day != NOWHERE))

    def take(self, rows: Rows) -> Self:
        """Return some of the members."""
        return type(self)(
            [self.patients[row] for row in rows],
            self.day_zero[rows],
            self.stopped[rows],
            *([words[row] for row in rows] for words in self[3:]),
        )

    @property
    def to_the_year(self) -> Truth:
        """Of which members day 0 is known to the year only: they count at no time point."""
        return np.array([precision == "year" for precision in self.precisions], dtype=bool)

    @property
    def partial(self) -> Truth:
        """Of which members day 0, or the last day of the treatment that began on it, is no single day."""
        known = ("day", None)
        pairs = zip(self.precisions, self.stop_precisions)
        return np.array([start not in known or stop not in known for start, stop in pairs], dtype=bool)

    def anchors(self, time_points: Sequence[TimePoint]) -> list[Days]:
        """Return the day that each time point counts from, one row a member; FOREVER where there is none yet.

        There is none where day 0, or the stop that it counts from, is known to the year only.
        """
        stop_to_the_year = np.array([precision == "year" for precision in self.stop_precisions], dtype=bool)
        day_zero = np.where(self.to_the_year, FOREVER, self.day_zero)
        stopped = np.where(self.to_the_year | stop_to_the_year, FOREVER, self.stopped)
        return [stopped if point.anchor == "stop" else day_zero for point in time_points]
