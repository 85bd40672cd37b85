"""The schema of the Parquet files of a table: which columns are required, and the number of each field.

Readers that know a column by its number, as Iceberg does, find it under `PARQUET:field_id`. The elements of a list are
a field of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowSchema
    from projections.columns.tables import Column, Table

FIELD_ID: Final = b"PARQUET:field_id"
OF_ELEMENTS: Final = 1000  # more than the number of the list


def parquet_schema(table: Table) -> ArrowSchema:
    """Return the Arrow schema with which the parts of a table are written."""
    return pa.schema([_field(column, table) for column in table.columns])


def _field(column: Column, table: Table) -> Any:
    number, kept = table.field_ids[column.name], column.arrow_type
    if pa.types.is_list(kept):
        kept = pa.list_(pa.field("element", kept.value_type, metadata=_numbered(OF_ELEMENTS + number)))
    return pa.field(column.name, kept, nullable=column.name not in table.never_null, metadata=_numbered(number))


def _numbered(number: int) -> dict[bytes, bytes]:
    return {FIELD_ID: str(number).encode()}
