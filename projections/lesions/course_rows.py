"""Courses before they become rows of a table: what their pair of studies, their place and their outcome say.

Each of the three repeats from row to row: it is kept once, in a small table, and a row is three numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Rows, coded, in_order
from projections.columns.lookups import Lookup
from projections.grading.graded_readings import Ragged


class Described(NamedTuple):
    """Rows by their number in an Arrow table of what they say."""

    table: ArrowTable
    rows: Lookup

    def columns(self) -> dict[str, ArrowArray]:
        """Return the columns of the rows."""
        return self.rows.columns(
            {
                name: coded(column) if pa.types.is_dictionary(column.type) else column.combine_chunks()
                for name, column in zip(self.table.column_names, self.table.columns)
            }
        )

    def followed_by(self, other: Described) -> Described:
        """Return these rows and then others, described by one table."""
        table = pa.concat_tables([self.table, other.table.select(self.table.column_names)])
        numbers, more = (each.rows.numbers.to_numpy() for each in (self, other))
        more = more.astype(np.min_scalar_type(table.num_rows)) + self.table.num_rows
        used = np.concatenate([self.rows.used, other.rows.used + self.table.num_rows])
        return Described(table, Lookup(pa.array(np.concatenate([numbers, more])), used))

    def in_runs(self, sizes: npt.NDArray[np.intp], order: Rows) -> Described:
        """Return the rows, which stand in runs of some sizes, with the runs in another order."""
        numbers = Ragged(self.rows.numbers.to_numpy(), sizes).take(order).values
        return Described(self.table, self.rows._replace(numbers=pa.array(numbers)))


class Courses(NamedTuple):
    """Courses in the order of their table: `sizes` rows for each pair of studies, one pair after the other.

    `pairs` has the two studies of a row and who compared them, `places` where it is, `outcomes` what became of it.
    """

    sizes: npt.NDArray[np.intp]
    pairs: Described
    places: Described
    outcomes: Described

    def with_(self, others: Courses) -> Courses:
        """Return these and other courses by patient and method; no method is in both."""
        if not len(others.sizes):
            return self
        described = [mine.followed_by(theirs) for mine, theirs in zip(self[1:], others[1:])]
        pairs, sizes = described[0].table, np.concatenate([self.sizes, others.sizes])
        order = in_order(coded(pairs["patient"]), coded(pairs["method"]))
        return Courses(sizes[order], *(each.in_runs(sizes, order) for each in described))

    def columns(self) -> dict[str, ArrowArray]:
        """Return the columns of the table."""
        return self.pairs.columns() | self.places.columns() | self.outcomes.columns()
