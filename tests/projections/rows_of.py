"""Some columns of an Arrow table, as plain rows."""

from __future__ import annotations

from typing import Any


def rows_of(table: Any, columns: str) -> list[tuple[object, ...]]:
    """Return some columns of a table, days as ISO texts."""
    return [
        tuple(str(value) if hasattr(value, "isoformat") else value for value in row.values())
        for row in table.select(columns.split()).to_pylist()
    ]


def row_of(table: Any, columns: str) -> tuple[object, ...]:
    """Return some columns of a table's only row."""
    (row,) = rows_of(table, columns)
    return row
