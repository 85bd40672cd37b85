"""Rows that a projection made one by one, as the table that it declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from projections.columns import LOGICAL_TYPES, Table


def tabled(table: Table, rows: Iterable[Mapping[str, object]]) -> Any:
    """Return rows, in their order, as an Arrow table with the declared columns and types."""
    kept = list(rows)
    return table.of(
        {
            column.name: pa.array([row[column.name] for row in kept], LOGICAL_TYPES[column.type])
            for column in table.columns
        }
    )
