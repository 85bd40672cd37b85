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
MEASURES: Final = "measures"


class Cell(NamedTuple):
    """A value in its measure's canonical unit, exactly, and its comparator."""

    value: Decimal
    comparator: str | None


class Taken:
    """All that was taken: `visits` in the order of their table, `of_visit` the visit's row of each value.

    `codes` say which of the `distinct` measurements each is: the same value of a measure in the same unit is one.
    Numbers, words, days, texts and the reasons why there is none are among them. The values are by measure in the
    catalogue's order, those of one measure in the order of the visits.
    """

    def __init__(self, visited: ArrowTable, catalogue: Catalogue) -> None:
        self._measures = catalogue.measures
        lists = visited[MEASURES].combine_chunks()
        self.visits = visited.drop_columns(MEASURES)
        distinct, codes = _occurring(lists.flatten())
        self.distinct: list[Measurement] = measurements(distinct)
        order, self._ends = self._by_measure(codes)
        self.codes = codes[order].astype(np.min_scalar_type(len(self.distinct)))
        self.of_visit: Codes = _rows_of_lists(lists)[order]

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Return what was taken at the visits of a point in time."""
        return cls(visits.with_measures(facts), facts.catalogue)

    def numbers_of(self, measure: str) -> Rows:
        """Return which of the distinct measurements are of one measure."""
        return np.array([n for n, each in enumerate(self.distinct) if each.measure == measure], dtype=np.intp)

    def among(self, numbers: Rows, measure: str) -> Rows:
        """Return by visit which of some distinct measurements of a measure was taken there, by place; -1 for none."""
        place = np.full(len(self.distinct), NONE)
        place[numbers] = np.arange(len(numbers))
        number, taken = list(self._measures).index(measure), np.full(self.visits.num_rows, NONE)
        rows = slice(*self._ends[number : number + 2].tolist())
        taken[self.of_visit[rows]] = place[self.codes[rows]]
        return taken

    @cached_property
    def cells(self) -> list[Cell | None]:
        """The value of each of the distinct measurements, None of what is no number."""
        return [None if each.value is None else self._cell(each) for each in self.distinct]

    def _cell(self, taken: Measurement) -> Cell:
        return Cell(self._measures[taken.measure].canonical(taken.number, taken.unit), taken.comparator)

    def _by_measure(self, codes: Codes) -> tuple[Rows, Rows]:
        """Return the values by measure, and where those of each measure begin, and the last end."""
        numbers = {name: number for number, name in enumerate(self._measures)}
        measure = np.array([numbers[each.measure] for each in self.distinct], dtype=np.int16)[codes]
        counts = np.bincount(measure, minlength=len(numbers))
        return np.argsort(measure, kind="stable"), np.concatenate([[0], np.cumsum(counts)])


def _rows_of_lists(lists: ArrowArray) -> Codes:
    """Return the row of each entry of lists that end to end are all entries."""
    sizes = pc.list_value_length(lists).fill_null(0).to_numpy(zero_copy_only=False)
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


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
