"""What a course is made of: one thing that happened, and the rows that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
import pyarrow.compute as pc

from projections.columns.tables import rows
from projections.tables import project

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts

Row = Mapping[str, object]


class CourseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a patient, from `on` until `until`, as precisely as the days are known.

    `on` is None where nobody knows since when.
    """

    on: str | None
    until: str | None
    what: str
    which: str
    details: str
    reference: str


def rows_of(facts: Facts, table_name: str, patient: str, *columns: str) -> list[dict[str, object]]:
    """Return the rows of one patient in a projected table, in its order: some columns, by default all."""
    mine = table_of_patient(facts, table_name, patient)
    return rows(mine.select(columns) if columns else mine)


def table_of_patient(facts: Facts, table_name: str, patient: str) -> ArrowTable:
    """Return the rows of one patient in a projected table, in its order, made once and kept with the facts."""

    def made() -> ArrowTable:
        table = project(table_name, facts)
        return table.filter(pc.equal(table["patient"], patient))

    return facts.once((table_name, patient), made)


def said(row: Row, *columns: str) -> str:
    """Return what is known in some columns as prose."""
    return ", ".join(str(row[column]).replace("-", " ") for column in columns if row[column] is not None)


def day_of(row: Row, column: str) -> str:
    """Return a day as precisely as it is known."""
    return str(row[column])[: {"year": 4, "month": 7}.get(str(row.get(f"{column}_precision")), 10)]


def end_of(row: Row, column: str) -> str | None:
    """Return a day as precisely as it is known, None where there is none."""
    return None if row[column] is None else day_of(row, column)


def number_of(value: object) -> str | None:
    """Return a number without trailing zeros, None where there is none."""
    return f"{value:g}" if isinstance(value, float) else None
