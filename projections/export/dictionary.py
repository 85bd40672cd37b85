"""The data dictionary of an export: every column of every table, in contract order."""

from __future__ import annotations

from collections.abc import Iterable

from projections.cohort.figures.figures import COHORT_STATISTICS
from projections.columns.tables import Column, Table
from projections.export.manifest import FORMAT
from projections.tables import TABLES
from registry.catalogue.catalogue import Catalogue


def dictionary(names: Iterable[str], catalogue: Catalogue) -> dict[str, object]:
    """Return the dictionary of some tables, as it stands in the file; `catalogue` is that of the point in time."""
    return {"format": FORMAT, "tables": {name: _described(declaration(name), catalogue) for name in names}}


def declaration(name: str) -> Table:
    """Return the declaration of a table that an export can have."""
    return COHORT_STATISTICS if name == COHORT_STATISTICS.name else TABLES[name]


def _described(table: Table, catalogue: Catalogue) -> dict[str, object]:
    return {
        "rows": f"one row per {table.rows}",
        "edition": table.edition,
        "order": table.order,
        "key": table.key,
        "foreign_keys": table.foreign_keys,
        "columns": [_column(column, table, catalogue) for column in table.columns],
    }


def _column(column: Column, table: Table, catalogue: Catalogue) -> dict[str, object]:
    return {
        "name": column.name,
        "id": table.field_ids[column.name],
        "type": column.type,
        "nullable": column.name not in table.never_null,
        "unit": column.unit,
        "meaning": column.meaning,
        "codes": list(column.codes_in(catalogue)) or None,
    }
