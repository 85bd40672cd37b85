"""What visits say of the inputs of a criterion, and which of several visits stands for a baseline or a time point.

The inputs of one answer come from one visit. What was recorded in several rows of one day is one visit: questionnaire
and laboratory complete each other, each row's own values first, then those of the smallest reference. Of the visits
that may stand for a time point it is the preferred one that has all the inputs, and where none has all, the preferred
of those that have most: a phone call with one question displaces nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from projections.clinical.taken_measures import NONE
from projections.clinical.visit_values import CriterionInputs
from projections.columns.arrow import ArrowTable
from projections.columns.coded import Rows, Truth, changes, coded, combined, day_numbers
from registry.catalogue.instruments.instrument import how_many_known
from registry.catalogue.instruments.values import Values


class JudgedVisits(Mapping[str, Values]):
    """What criteria look at, over the rows of `visits`: each row's own values, else those of other rows of its day."""

    def __init__(self, inputs: CriterionInputs) -> None:
        self._inputs = inputs
        visits = inputs.visits
        self._day = np.cumsum(changes(combined(coded(visits["patient"]), day_numbers(visits["visited_on"])))) - 1
        self._columns: dict[str, Values] = {}

    @property
    def visits(self) -> ArrowTable:
        """The visits, by patient, day and reference."""
        return self._inputs.visits

    def __getitem__(self, name: str) -> Values:
        if name not in self._columns:
            own = self._inputs[name]
            rows = self._completed(own.known)
            self._columns[name] = own if np.array_equal(rows != NONE, own.known) else own.take(rows)
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._inputs)

    def __len__(self) -> int:
        return len(self._inputs)

    def n_known(self, names: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Return how many of some inputs are known at each visit."""
        return how_many_known([self[name] for name in names])

    def some_own(self, names: tuple[str, ...]) -> Truth:
        """Return which rows have some of the inputs themselves."""
        own: Truth = np.any([self._inputs[name].known for name in names], axis=0)
        return own

    def _completed(self, known: Truth) -> Rows:
        """Return for each row the row of its day whose value stands, -1 for none."""
        rows = np.arange(len(known))
        first = np.full(len(known) + 1, len(known))
        np.minimum.at(first, self._day[known], rows[known])
        of_day = first[self._day]
        return np.where(known, rows, np.where(of_day < len(known), of_day, NONE))


def with_most(cells: Rows, rows: Rows, n_known: npt.NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Return for each cell that has a visit with some input the visit that stands: cells, and rows of the visits.

    `cells` and `rows` are what may stand for what, the preferred first; `n_known` is each visit's number of inputs.
    """
    order = np.argsort(-n_known[rows], kind="stable")
    order = order[n_known[rows[order]] > 0]
    found, first = np.unique(cells[order], return_index=True)
    return found, rows[order[first]]
