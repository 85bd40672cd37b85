"""Readings that follow one another: of one patient, by one reader, with one method, in one session, by day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.coded import Rows, in_order
from projections.graded_readings import Readings
from projections.grades import Grading


class Sequences(NamedTuple):
    """The readings of one method, one sequence after the other, each in the order of performed_on and study.

    `places` says which reading of the grading each is, `sequence` to which it belongs (numbers from 0).
    """

    places: Rows
    sequence: npt.NDArray[np.intp]

    @classmethod
    def of(cls, readings: Readings, grading: Grading) -> Sequences:
        """Return the sequences of a method's readings; sorted by patient, reader, session."""
        keys = [readings.words[name].codes[grading.rows] for name in ("patient", "reader", "session")]
        places = in_order(*keys)  # rows are by patient, performed_on and study already, and ties stay as they stand
        begins = np.zeros(len(places), dtype=bool)
        for key in keys:
            begins[1:] |= key[places[1:]] != key[places[:-1]]
        return cls(places, np.cumsum(begins))

    def pairs(self) -> tuple[Rows, Rows]:
        """Return which reading of the grading each pair of consecutive readings goes from, and which to."""
        follows = np.flatnonzero(self.sequence[1:] == self.sequence[:-1])
        return self.places[follows], self.places[follows + 1]
