"""The members of a cohort: who they are, their day 0, and how long the treatment that began on it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import TimePoint
from projections.cohort.members.days_zero import DaysZero
from projections.cohort.members.first_changes import FirstChanges
from projections.columns.coded import Coded, Rows, Truth, coded
from projections.columns.partial_days import FOREVER, Days
from projections.therapy.switches import AgentChanges


class Members(NamedTuple):
    """One row a member, in the order of their pseudonyms, then of their days 0; days since 1970.

    `stopped` is the last day of the treatment that began on day 0, FOREVER where nothing was stopped, `stop_reasons`
    why; the precisions are how well day 0 and that day are known, `courses` the references of the courses. Where a
    patient has several rows, the time of each ends on `until`, the next day 0; FOREVER where there is none. `switched`
    is the day of the first switch after day 0, FOREVER where there is none or nobody asks.
    """

    patients: list[str]
    day_zero: Days
    stopped: Days
    stop_reasons: list[str | None]
    precisions: list[str | None]
    stop_precisions: list[str | None]
    courses: list[str | None]
    until: Days
    switched: Days

    @classmethod
    def of(cls, patients: list[str], days_zero: DaysZero) -> Self:
        """Return the members of patients and their days 0, by patient and day.

        What goes on beyond the patient's next day 0 has no last day.
        """
        until = np.full(len(patients), FOREVER, dtype=np.int64)
        next_own = np.array([one == other for one, other in zip(patients[1:], patients)], dtype=bool)
        until[:-1][next_own] = days_zero.day[1:][next_own]
        seen = days_zero.stopped <= until
        days_zero = days_zero._replace(
            stopped=np.where(seen, days_zero.stopped, FOREVER),
            reason=[reason if own else None for reason, own in zip(days_zero.reason, seen.tolist())],
            stop_precision=[known if own else None for known, own in zip(days_zero.stop_precision, seen.tolist())],
        )
        return cls(patients, *days_zero, until, np.full(len(patients), FOREVER, dtype=np.int64))

    def take(self, rows: Rows) -> Self:
        """Return some of the members."""
        some = rows.tolist()
        columns: list[Any] = [
            each[rows] if isinstance(each, np.ndarray) else [each[row] for row in some] for each in self
        ]
        return type(self)(*columns)

    def first_changes(self, changes: AgentChanges) -> FirstChanges:
        """Return the first change of each member after day 0, and before the patient's next day 0 is over."""
        member, row = self.rows_of(coded(changes.patient))
        day = changes.day[row]
        later = np.flatnonzero((day > self.day_zero[member]) & (day <= self.until[member]))
        whose, first = np.unique(member[later], return_index=True)
        found = changes.take(row[later[first]])
        return FirstChanges(whose, found.day, *(each.to_pylist() for each in found[3:]))

    def with_switches(self, switches: AgentChanges) -> Self:
        """Return the members with the day of the first switch after day 0, none where it is known to the year only."""
        first = self.first_changes(switches)
        precise = np.array([precision != "year" for precision in first.precision], dtype=bool)
        switched = self.switched.copy()
        switched[first.member] = np.where(precise, first.day, FOREVER)
        return self._replace(switched=switched)

    def rows_of(self, patient: Coded) -> tuple[Rows, Rows]:
        """Return each row of a column of pseudonyms with each member of that patient: members, and rows in order."""
        own = coded(pa.array(self.patients, pa.string()))
        first = np.searchsorted(own.codes, np.arange(len(own.words)))
        sizes = np.bincount(own.codes, minlength=len(own.words))
        known = pc.index_in(patient.words, value_set=own.words).fill_null(-1).to_numpy(zero_copy_only=False)
        place = np.append(known, -1)[patient.codes]
        n = np.append(sizes, 0)[place]
        rows = np.repeat(np.arange(len(place)), n)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(n) - n, n)
        return np.append(first, 0)[place[rows]] + within, rows

    @property
    def n_patients(self) -> int:
        """How many patients they are."""
        return len(set(self.patients))

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
        switched = np.where(self.to_the_year, FOREVER, self.switched)
        of = {"day-0": day_zero, "stop": stopped, "switch": switched}
        return [of[point.anchor] for point in time_points]
