"""What was measured, as exact columns over the visits: the form in which instruments and criteria take it.

One row a visit, by patient, day and reference as in the table `visits`; one column a measure, in its canonical unit,
with the comparator of laboratory values. Nothing is rounded and nothing is filled in. Criteria look at scores as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from projections.clinical.taken_measures import Taken
from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.instrument import Scores
from registry.catalogue.instruments.values import Values
from registry.catalogue.measures import MEASURES

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class VisitValues(Mapping[str, Values]):
    """The captured measures of all visits at a point in time, by name; `visits` are the visits as facts, in order."""

    def __init__(self, facts: Facts) -> None:
        self.taken = Taken.of(facts)
        self.visits = self.taken.visits
        self._columns: dict[str, Values] = {}

    def __getitem__(self, name: str) -> Values:
        if name not in self._columns:
            self._columns[name] = self._column(name)
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MEASURES)

    def __len__(self) -> int:
        return len(MEASURES)

    def computed(self, name: str) -> Scores:
        """Return an instrument over all visits, by its default rule."""
        return instruments()[name].over(self)

    def _column(self, name: str) -> Values:
        assert name in MEASURES
        taken, numbers = self.taken, self.taken.numbers_of(name)
        cells = [taken.cells[number] for number in numbers]
        exact = Values.of([cell.value for cell in cells], comparators=[cell.comparator for cell in cells])
        among = np.full(len(taken.distinct), -1)
        among[numbers] = np.arange(len(numbers))
        rows = taken.rows_of(name)
        place = np.full(self.visits.num_rows, -1)
        place[taken.of_visit[rows]] = among[taken.codes[rows]]
        return exact.take(place)


class CriterionInputs(Mapping[str, Values]):
    """What criteria look at, over the visits: scores from their items, else as reported, and measures as captured."""

    def __init__(self, values: VisitValues) -> None:
        self.visits = values.visits
        self._values = values
        self._columns: dict[str, Values] = {}

    def __getitem__(self, name: str) -> Values:
        if name not in self._columns:
            self._columns[name] = self._column(name)
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._values), **dict.fromkeys(instruments())})

    def __len__(self) -> int:
        return len(set(self._values) | set(instruments()))

    def _column(self, name: str) -> Values:
        instrument = instruments().get(name)
        if instrument is None or not instrument.computable:
            return self._values[name]
        scores = self._values.computed(name)
        if name not in MEASURES:
            return scores.values
        return scores.values.or_else(self._values[name].where(scores.n_present == 0))
