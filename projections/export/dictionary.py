"""The data dictionary of an export: every column of every table, in contract order, and what could be recorded then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from projections.columns.catalogue_words import centres
from projections.columns.tables import Column, Table
from projections.export.cohorts import OF_COHORTS
from projections.export.collected import collected, undeclared_centres
from projections.export.manifest import FORMAT
from projections.tables import TABLES
from projections.versions.tables import VERSIONS

if TYPE_CHECKING:
    from projections.point_in_time import Facts

DECLARED: Final = {**TABLES, **VERSIONS, **OF_COHORTS}  # all tables that an export can have, by name


def dictionary(names: Iterable[str], facts: Facts) -> dict[str, object]:
    """Return the dictionary of some tables at the point in time of the facts, as it stands in the file."""
    return {
        "format": FORMAT,
        "tables": {name: described_table(declaration(name), facts) for name in names},
        "catalogue": collected(facts),
    }


def declaration(name: str) -> Table:
    """Return the declaration of a table that an export can have."""
    return DECLARED[name]


def described_table(table: Table, facts: Facts) -> dict[str, object]:
    """Return what a dictionary says of a table: a row, the order, the keys, the columns with units and codes."""
    return {
        "rows": f"one row per {table.rows}",
        "edition": table.edition,
        "order": table.order,
        "function_of": table.function_of,
        "key": table.key,
        "foreign_keys": table.foreign_keys,
        "columns": [_column(column, table, facts) for column in table.columns],
    }


def _column(column: Column, table: Table, facts: Facts) -> dict[str, object]:
    return {
        "name": column.name,
        "id": table.field_ids[column.name],
        "type": column.type,
        "nullable": column.name not in table.never_null,
        "unit": column.unit,
        "meaning": column.meaning,
        "sensitivity": column.told,
        "codes": _codes(column, table, facts) or None,
    }


def _codes(column: Column, table: Table, facts: Facts) -> list[str]:
    """Return the closed list of a column's values; of centres with those that stand from before the list."""
    codes = [*column.codes_in(facts.catalogue)]
    if column.listed is not centres:
        return codes
    return codes + undeclared_centres(facts, ever=table.name in VERSIONS)
