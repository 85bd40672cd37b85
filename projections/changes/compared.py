"""The tables that are compared: those whose changes are found patient by patient, and verdicts, which no export has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.columns.arrow import ArrowTable
from projections.columns.tables import BY_PATIENT
from projections.tables import TABLES, project
from projections.versions.fact_versions import LESIONS, REFERENCE

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.feed.steps import Sides
    from projections.point_in_time import Facts

_VERDICTS: Final = LESIONS._replace(key=("patient", REFERENCE[LESIONS.name]))
COMPARED: Final[dict[str, Table]] = {
    **{name: table for name, table in TABLES.items() if table.function_of in BY_PATIENT},
    _VERDICTS.name: _VERDICTS,
}


def both_sides(name: str, sides: Sides) -> tuple[ArrowTable, ArrowTable]:
    """Return the rows of a table before and after a step."""
    before = COMPARED[name].schema.empty_table() if sides.before is None else _rows(name, sides.before)
    return before, _rows(name, sides.after)


def _rows(name: str, facts: Facts) -> ArrowTable:
    if name != _VERDICTS.name:
        return project(name, facts)
    verdicts = facts.of(name)
    columns = {column: verdicts[column] for column in verdicts.column_names}
    return _VERDICTS.of({**columns, REFERENCE[name]: verdicts["fact"]})
