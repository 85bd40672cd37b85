"""The readings at a point in time in the order of their key, and the long tables that are spread from them.

Every long table has, for each reading, one block of rows: its locations, their items, or its scores. A block's place
follows from the sizes of the blocks before it, so that the rows come out in order and nothing is sorted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.coded import Coded, Rows, coded, day_numbers, in_order
from projections.grades import Grading
from registry.catalogue.method import Method

KEY = ("patient", "performed_on", "study", "method", "reader", "session")
WORDS = ("patient", "study", "method", "reader", "session", "fact")


class Readings(NamedTuple):
    """Readings by patient, performed_on, study, method, reader, session, fact.

    `columns` is an Arrow table, `words` its repeating texts as codes, `days` performed_on in days since 1970; the rows
    of each grading count in the same order.
    """

    columns: Any
    words: dict[str, Coded]
    days: npt.NDArray[np.int32]
    gradings: tuple[Grading, ...]

    @classmethod
    def of(cls, columns: Any, rows: Rows, gradings: tuple[Grading, ...]) -> Readings:
        """Return readings in order; `rows` says which of the gradings' readings each row of `columns` is."""
        words = {name: coded(columns[name]) for name in WORDS}
        days = day_numbers(columns["performed_on"])
        order = in_order(*(days if name == "performed_on" else words[name] for name in (*KEY, "fact")))
        place = np.full(max((grading.rows.max(initial=-1) for grading in gradings), default=-1) + 1, -1, dtype=np.intp)
        place[rows[order]] = np.arange(len(order))
        return cls(
            columns.take(pa.array(order)),
            {name: each.take(order) for name, each in words.items()},
            days[order],
            tuple(_placed(grading, place) for grading in gradings),
        )

    def key(self, rows: Rows) -> dict[str, Any]:
        """Return the columns by which the long tables name a reading, at some rows."""
        return {
            **{name: self.words[name].take(rows).array() for name in WORDS if name != "fact"},
            "performed_on": pa.array(self.days[rows]).cast(pa.date32()),
            "reading_id": self.words["fact"].take(rows).array(),
        }


class Spread:
    """Rows spread from readings: `size` rows for each reading by a method."""

    def __init__(self, readings: Readings, size: Callable[[Method], int]) -> None:
        sizes = np.zeros(len(readings.days), dtype=np.int64)
        for grading in readings.gradings:
            sizes[grading.rows] = size(grading.method)
        self._starts = np.cumsum(sizes) - sizes
        self._size = size
        self._readings = readings
        self.rows: Rows = np.repeat(np.arange(len(sizes)), sizes)

    def filled(self, dtype: Any, block: Callable[[Grading], Any]) -> npt.NDArray[Any]:
        """Return one column; `block` gives the values of a method's readings, readings × size or the same for each."""
        column = np.empty(len(self.rows), dtype=dtype)
        for grading in self._readings.gradings:
            places = self._starts[grading.rows][:, None] + np.arange(self._size(grading.method))
            column[places] = block(grading)
        return column


def _placed(grading: Grading, place: Rows) -> Grading:
    """Return a grading with its rows renumbered by `place` and in order; rows without a place are left out."""
    rows = place[grading.rows]
    order = np.argsort(rows, kind="stable")[np.count_nonzero(rows < 0) :]
    return Grading(grading.method, rows[order], grading.grades[:, order])
