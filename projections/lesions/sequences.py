"""Readings that follow one another: of one patient, by one reader, with one method, in one session, by day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Rows, changes, combined
from projections.grading.graded_readings import Readings


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

    def only(self, chosen: npt.NDArray[np.bool_]) -> Sequences:
        """Return the sequences of the chosen readings; these are whole sequences."""
        of = chosen[self.rows]
        return Sequences(self.rows[of], self.sequence[of])
