"""The numbers that were captured at visits, as the rules about values take them.

Of all values only their visit and the distinct measurement are held, and a row of the table `measures` is made of those
alone that are doubted: of a large registry the whole table takes many times the room of the registry itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from projections.clinical.taken_measures import Cell
from projections.clinical.visit_values import VisitValues
from projections.columns.coded import Coded, Rows, coded

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.domain.statements import Measurement

Value = Mapping[str, Any]  # a value as `implausible_values` tells it, without the rule
OF_VISIT: Final = {"patient": "patient", "visited_on": "visited_on", "visit_id": "fact"}  # column: field of the visit


class CapturedValues:
    """The captured numbers of all visits; a value is known by its place among all that was taken."""

    def __init__(self, facts: Facts) -> None:
        self.visit_values = VisitValues(facts)
        self.catalogue = facts.catalogue
        self._taken = self.visit_values.taken

    def where(self, is_wanted: Callable[[Measurement, Cell], bool]) -> Rows:
        """Return the values of which something holds, of those of one measure in the order of the visits."""
        cells = zip(self._taken.distinct, self._taken.cells, strict=True)
        wanted = [cell is not None and is_wanted(measured, cell) for measured, cell in cells]
        return np.flatnonzero(np.array(wanted, dtype=bool)[self._taken.codes])

    def of(self, measure: str, *, unit: str | None = None) -> Rows:
        """Return the values of a measure, or those that were captured in a unit."""
        return self.where(lambda measured, _: measured.measure == measure and unit in (None, measured.unit))

    def visits(self, values: Rows) -> Rows:
        """Return the row of the visit of each of some values."""
        return self._taken.of_visit[values].astype(np.intp)

    def visited(self, column: str, values: Rows) -> Coded:
        """Return what a column of texts of the visits says of each of some values."""
        return self._texts(column).take(self.visits(values).astype(np.int64))

    def each(self, values: Rows, of: Callable[[Measurement], Any]) -> npt.NDArray[Any]:
        """Return what follows from the measurement of each of some values; it is asked once of each distinct one."""
        numbers, place = np.unique(self._taken.codes[values], return_inverse=True)
        return np.array([of(self._taken.distinct[number]) for number in numbers.tolist()])[place]

    def doubles(self, values: Rows) -> npt.NDArray[np.float64]:
        """Return some values in the canonical units."""
        numbers: npt.NDArray[np.float64] = self._doubles[self._taken.codes[values]]
        return numbers

    def measured(self, values: Rows) -> Iterator[Measurement]:
        """Yield some values as they were captured."""
        return (self._taken.distinct[number] for number in self._taken.codes[values].tolist())

    def told(self, values: Rows) -> Iterator[Value]:
        """Yield some values as they are told: whose, on which day, at which visit, in the canonical unit."""
        visits = self._taken.visits.take(self.visits(values))
        columns = {name: visits[field].to_pylist() for name, field in OF_VISIT.items()}
        rows = zip(self.measured(values), self.doubles(values).tolist(), *columns.values(), strict=True)
        for measured, value, *visit in rows:
            unit = self.catalogue.measures[measured.measure].unit
            yield {**dict(zip(columns, visit)), "measure": measured.measure, "value": value, "unit": unit}

    @cached_property
    def _doubles(self) -> npt.NDArray[np.float64]:
        """The number that each distinct measurement is, NaN for what is none; none is -0."""
        cells = (None if cell is None else cell.value for cell in self._taken.cells)
        return np.array([np.nan if value is None else float(value) + 0.0 for value in cells], np.float64)

    def _texts(self, column: str) -> Coded:
        if column not in self._coded:
            self._coded[column] = coded(self._taken.visits[column])
        return self._coded[column]

    @cached_property
    def _coded(self) -> dict[str, Coded]:
        return {}
