"""Whatever happened, the tables of OMOP are what row by row comes of those of an export, at every point in time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at
from projections.export.manifest import Choices
from projections.export.pieces import Work
from projections.export.profiles.omop.declared import OF_PERSONS
from projections.export.profiles.omop.profile import TABLES_OF_OMOP
from projections.export.profiles.omop.release import OmopRelease
from projections.point_in_time import Facts
from registry.errors import RegistryError
from tests.oracle.commands import LOST, PATIENTS
from tests.oracle.histories import History, Point, histories, points, registry_with
from tests.oracle.laws import laws
from tests.oracle.test_keys import Rows
from tests.projections.export.profiles.test_omop import slow


def told(facts: Facts) -> dict[str, Rows]:
    """Return the rows of the tables of persons, of each row what it tells."""
    rows: dict[str, Rows] = {name: [] for name in OF_PERSONS}
    for piece in OmopRelease(Choices(), Work.of(facts, TABLES_OF_OMOP, {})).pieces():
        for table in piece.rows or () if piece.table in rows else ():
            for row in table.to_pylist():
                rows[piece.table].append({column: value for column, value in row.items() if value is not None})
    return rows


@laws(histories=6, long=15)
@given(histories, st.lists(points, min_size=3, max_size=3))
def test_the_tables_of_omop_are_what_row_by_row_comes_of_those_of_an_export(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    with registry_with(sqlite_template, history) as registry:
        for patient in (*PATIENTS, LOST):
            with suppress(RegistryError):  # who is merged, erased or has withdrawn stays as he was
                registry.amend(f"patient/{patient}", {"birth_year": 1950}, reason="now known")
        columns = LogColumns.read(registry.log)
        for as_of, place in [*asked, (None, columns.head.position)]:
            facts = facts_at(columns, as_of=as_of, known_at=f"@{place % (columns.head.position + 1)}")

            assert told(facts) == slow(facts)
