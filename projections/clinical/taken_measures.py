"""What was taken at the visits of a point in time: one row a value, as a code into all measurements there are."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Codes, Rows
from projections.log.measurements import measurements
from projections.stated import visits

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue
    from registry.domain.statements import Measurement


class Cell(NamedTuple):
    """A value in its measure's canonical unit, exactly, and its comparator."""

    value: Decimal
    comparator: str | None


class Taken:
    """Every number that was taken: `visits` in the order of their table, `of_visit` the visit's row of each value.

    `codes` say which of the `distinct` measurements each is: the same value of a measure in the same unit is one. What
    was measured and is no number is not among them.
    """

    def __init__(self, visited: ArrowTable, catalogue: Catalogue) -> None:
        self._measures = catalogue.measures
        lists = visited["measures"].combine_chunks()
        taken = lists.flatten()
        self.visits = visited
        known = measurements(taken.dictionary)
        is_number = np.array([each.value is not None for each in known], dtype=np.bool_)
        codes: Codes = taken.indices.to_numpy()
        of_visit: Rows = pc.list_parent_indices(lists).to_numpy()
        if not is_number.all():
            of_visit, codes = of_visit[is_number[codes]], (np.cumsum(is_number) - 1)[codes[is_number[codes]]]
        self.of_visit, self.codes = of_visit, codes
        self.distinct: list[Measurement] = [each for each in known if each.value is not None]

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Return what was taken at the visits of a point in time."""
        return cls(visits.ordered(facts), facts.catalogue)

    def numbers_of(self, measure: str) -> Rows:
        """Return which of the distinct measurements are of one measure."""
        return np.array([n for n, each in enumerate(self.distinct) if each.measure == measure], dtype=np.intp)

    def rows_of(self, measure: str) -> Rows:
        """Return the rows of one measure, in the order of the visits."""
        order, ends = self._by_measure
        number = list(self._measures).index(measure)
        return order[ends[number] : ends[number + 1]]

    @cached_property
    def cells(self) -> list[Cell]:
        """The value of each of the distinct measurements."""
        return [
            Cell(self._measures[each.measure].canonical(each.number, each.unit), each.comparator)
            for each in self.distinct
        ]

    @cached_property
    def _by_measure(self) -> tuple[Rows, Rows]:
        """The rows by measure, and where those of each measure begin, and the last end."""
        numbers = {name: number for number, name in enumerate(self._measures)}
        measure = np.array([numbers[each.measure] for each in self.distinct], dtype=np.int16)[self.codes]
        counts = np.bincount(measure, minlength=len(numbers))
        return np.argsort(measure, kind="stable"), np.concatenate([[0], np.cumsum(counts)])
