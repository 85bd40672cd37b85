"""The members of a cohort: who they are, their day 0, and how long the course that began on it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from projections.cohort.definition.definition import TimePoint
from projections.cohort.members.day_zero import NOWHERE, DaysZero
from projections.columns.coded import Rows
from projections.columns.partial_days import Days


class Members(NamedTuple):
    """One row a member, in the order of their pseudonyms; days since 1970.

    `stopped` is the last day of the course that began on day 0, FOREVER where nothing was stopped, `stop_reasons` why;
    `courses` are the references of these courses.
    """

    patients: list[str]
    day_zero: Days
    stopped: Days
    stop_reasons: list[str | None]
    courses: list[str | None]

    @classmethod
    def of(cls, patients: Any, days_zero: DaysZero) -> Self:
        """Return those of the patients, an Arrow array of pseudonyms, who have a day 0."""
        everybody = cls(patients.to_pylist(), days_zero.day, days_zero.stopped, days_zero.reason, days_zero.course)
        return everybody.take(np.flatnonzero(days_zero.day != NOWHERE))

    def take(self, rows: Rows) -> Self:
        """Return some of the members."""
        return self._replace(
            patients=[self.patients[row] for row in rows],
            day_zero=self.day_zero[rows],
            stopped=self.stopped[rows],
            stop_reasons=[self.stop_reasons[row] for row in rows],
            courses=[self.courses[row] for row in rows],
        )

    def anchors(self, time_points: Sequence[TimePoint]) -> list[Days]:
        """Return the day that each time point counts from, one row a member; FOREVER where there is none yet."""
        return [self.stopped if point.anchor == "stop" else self.day_zero for point in time_points]
