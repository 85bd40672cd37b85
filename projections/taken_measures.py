"""What was taken at the visits of a point in time: one row a value, its texts as codes into all words there are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.coded import Coded, Rows, coded
from projections.layouts import MEASURE
from projections.tables import visits
from registry.catalogue.measures import MEASURES
from registry.catalogue.units import in_unit

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Cells(NamedTuple):
    """Values with their units and comparators: `codes` one a row into `distinct` (value as canonical, comparator)."""

    codes: npt.NDArray[np.int32]
    distinct: list[tuple[Decimal, str | None]]


class Taken(NamedTuple):
    """Every value that was taken: `visits` in the order of their table, `of_visit` the visit's row of each value.

    `columns` are the fields of a measurement as codes: measure, value, unit, comparator, version.
    """

    visits: Any
    of_visit: Rows
    columns: dict[str, Coded]

    @classmethod
    def of(cls, facts: Facts) -> Taken:
        """Return what was taken at the visits of a point in time."""
        found = visits.ordered(facts)
        lists = found["measures"].combine_chunks()
        taken = lists.flatten()
        columns = {name: coded(taken.field(name)) for name in MEASURE}
        return cls(found, pc.list_parent_indices(lists).to_numpy(), columns)

    def rows_of(self, measure: str) -> Rows:
        """Return the rows of one measure, in the order of the visits."""
        found = pc.index(self.columns["measure"].words, measure).as_py()
        return np.flatnonzero(self.columns["measure"].codes == found) if found >= 0 else np.zeros(0, dtype=np.intp)

    def cells(self, rows: Rows | None = None) -> Cells:
        """Return the values of some rows, by default all, each in its measure's canonical unit, exactly."""
        columns = [self.columns[name] for name in ("measure", "value", "unit", "comparator")]
        number = np.zeros(len(self.of_visit) if rows is None else len(rows), dtype=np.int64)
        for column in columns:
            number = number * (len(column.words) + 1) + (column.codes if rows is None else column.codes[rows]) + 1
        encoded = pa.array(number).dictionary_encode()
        distinct = []
        words = [[None, *column.words.to_pylist()] for column in columns]
        places = np.unravel_index(encoded.dictionary.to_numpy(), [len(known) for known in words])
        for cell in zip(*(place.tolist() for place in places)):
            measure, value, unit, comparator = (known[place] for known, place in zip(words, cell))
            distinct.append((in_unit(Decimal(value), unit, MEASURES[measure].unit), comparator))
        return Cells(encoded.indices.to_numpy(), distinct)
