"""What was taken at the visits of a point in time: one row a value, as a code into all measurements there are."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Codes, Rows
from projections.log.measurements import measurements
from projections.stated import visits

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue
    from registry.domain.statements import Measurement


NONE: Final = -1


class Cell(NamedTuple):
    """A value in its measure's canonical unit, exactly, and its comparator."""

    value: Decimal
    comparator: str | None


class Taken:
    """All that was taken: `visits` in the order of their table, `of_visit` the visit's row of each value.

    `codes` say which of the `distinct` measurements each is: the same value of a measure in the same unit is one.
    Numbers, words, days, texts and the reasons why there is none are among them.
    """

    def __init__(self, visited: ArrowTable, catalogue: Catalogue) -> None:
        self._measures = catalogue.measures
        lists = visited["measures"].combine_chunks()
        taken = lists.flatten()
        self.visits = visited
        distinct, self.codes = _occurring(taken)
        self.distinct: list[Measurement] = measurements(distinct)
        self.of_visit: Codes = pc.list_parent_indices(lists).cast(pa.int32()).to_numpy()

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Return what was taken at the visits of a point in time."""
        return cls(visits.ordered(facts), facts.catalogue)

    def numbers_of(self, measure: str) -> Rows:
        """Return which of the distinct measurements are of one measure."""
        return np.array([n for n, each in enumerate(self.distinct) if each.measure == measure], dtype=np.intp)

    def among(self, numbers: Rows, measure: str) -> Rows:
        """Return by visit which of some distinct measurements of a measure was taken there, by place; -1 for none."""
        place = np.full(len(self.distinct), NONE)
        place[numbers] = np.arange(len(numbers))
        rows, taken = self.rows_of(measure), np.full(self.visits.num_rows, NONE)
        taken[self.of_visit[rows]] = place[self.codes[rows]]
        return taken

    def rows_of(self, measure: str) -> Codes:
        """Return the rows of one measure, in the order of the visits."""
        order, ends = self._by_measure
        number = list(self._measures).index(measure)
        return order[ends[number] : ends[number + 1]]

    @cached_property
    def cells(self) -> list[Cell | None]:
        """The value of each of the distinct measurements, None of what is no number."""
        return [None if each.value is None else self._cell(each) for each in self.distinct]

    def _cell(self, taken: Measurement) -> Cell:
        return Cell(self._measures[taken.measure].canonical(taken.number, taken.unit), taken.comparator)

    @cached_property
    def _by_measure(self) -> tuple[Codes, Rows]:
        """The rows by measure, and where those of each measure begin, and the last end."""
        numbers = {name: number for number, name in enumerate(self._measures)}
        measure = np.array([numbers[each.measure] for each in self.distinct], dtype=np.int16)[self.codes]
        counts = np.bincount(measure, minlength=len(numbers))
        return np.argsort(measure, kind="stable").astype(np.int32), np.concatenate([[0], np.cumsum(counts)])


def _occurring(taken: ArrowArray) -> tuple[ArrowArray, Codes]:
    """Return the distinct values that occur, and the codes into these alone.

    Columns that reach beyond the point in time hold others too, of which the catalogue of the point may know nothing.
    """
    codes: Codes = taken.indices.to_numpy()
    occurs = np.zeros(len(taken.dictionary), dtype=bool)
    occurs[codes] = True
    if occurs.all():
        return taken.dictionary, codes
    return taken.dictionary.filter(pa.array(occurs)), (np.cumsum(occurs, dtype=np.int32) - 1)[codes]
