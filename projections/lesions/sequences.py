"""Readings that follow one another: of one patient, by one reader, with one method, in one session, by day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Rows, changes, combined, moments
from projections.grading.graded_readings import Readings


class LaterPairs(NamedTuple):
    """Readings and later ones of the same sequence; `consecutive` where no day of the sequence lies between theirs."""

    before: Rows
    after: Rows
    consecutive: npt.NDArray[np.bool_]

    def only(self, chosen: npt.NDArray[np.bool_]) -> LaterPairs:
        """Return the chosen pairs."""
        return LaterPairs(self.before[chosen], self.after[chosen], self.consecutive[chosen])


class Sequences(NamedTuple):
    """The readings one sequence after the other, each in the order of performed_on and study.

    Sequences are by patient, method, reader, session; `rows` are those of the readings, `sequence` numbers to which
    sequence each belongs, from 0.
    """

    rows: Rows
    sequence: npt.NDArray[np.intp]

    @classmethod
    def of(cls, readings: Readings) -> Sequences:
        """Return the sequences of readings."""
        numbers = combined(*(readings.words[name] for name in ("patient", "method", "reader", "session")))
        rows = np.argsort(numbers, kind="stable")  # by performed_on and study already
        return cls(rows, np.cumsum(changes(numbers[rows])) - 1)

    def pairs(self) -> tuple[Rows, Rows]:
        """Return from which reading each pair of consecutive readings goes, and to which."""
        follows = np.flatnonzero(self.sequence[1:] == self.sequence[:-1])
        return self.rows[follows], self.rows[follows + 1]

    def later_pairs(self, days: npt.NDArray[np.int32]) -> LaterPairs:
        """Return every reading with every one of a later day of its sequence; `days` are those of all readings."""
        day = days[self.rows]
        steps = np.cumsum(changes(moments(self.sequence, day)))
        places = np.arange(len(self.rows))
        found = []
        for lag in range(1, int(np.bincount(self.sequence).max(initial=0))):
            before, after = places[:-lag], places[lag:]
            later = (self.sequence[before] == self.sequence[after]) & (day[before] < day[after])
            found.append((before[later], after[later]))
        before, after = (np.concatenate([np.empty(0, np.intp), *each]) for each in (zip(*found) if found else ((), ())))
        return LaterPairs(self.rows[before], self.rows[after], steps[after] - steps[before] == 1)

    def only(self, chosen: npt.NDArray[np.bool_]) -> Sequences:
        """Return the sequences of the chosen readings; these are whole sequences."""
        of = chosen[self.rows]
        return Sequences(self.rows[of], self.sequence[of])
