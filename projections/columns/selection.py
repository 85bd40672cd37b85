"""Choosing and counting rows of a projected table."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def only(table: pa.Table, **wanted: str | None) -> pa.Table:
    """Return the rows whose columns have the wanted values; a column whose wanted value is None does not matter."""
    for column, value in wanted.items():
        if value is not None:
            table = table.filter(pc.equal(table[column], value))
    return table


def count_by(table: pa.Table, *columns: str) -> list[dict[str, object]]:
    """Return how many rows (`n`) have each combination of values in the columns, in the order of the values."""
    counted = table.select(columns).group_by(list(columns)).aggregate([([], "count_all")])
    rows = counted.rename_columns([*columns, "n"]).to_pylist()
    return sorted(
        rows, key=lambda row: [(row[name] is None, "" if row[name] is None else row[name]) for name in columns]
    )
