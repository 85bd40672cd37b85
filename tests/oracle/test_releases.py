"""Whatever happened, a de-identified release is what row by row comes of the tables, and its keys hold."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from projections.export.manifest import Choices
from projections.export.pieces import Work
from projections.export.profiles.deidentification import Deidentification
from projections.export.profiles.release_key import ReleaseKey
from projections.point_in_time import Facts
from projections.tables import TABLES
from tests.oracle.histories import History, Point, histories, points, registry_with
from tests.oracle.laws import laws
from tests.oracle.test_keys import Rows, broken
from tests.projections.export.profiles.releasing import KEY
from tests.projections.export.profiles.slow_release import SlowRelease
from tests.projections.export.profiles.test_deidentified import RELEASED


def released(facts: Facts) -> dict[str, Rows]:
    """Return the rows of each table of a release."""
    release = Deidentification(ReleaseKey(bytes.fromhex(KEY)), Choices(), Work.of(facts, RELEASED, {}))
    rows: dict[str, Rows] = {name: [] for name in RELEASED}
    for piece in release.pieces():
        for table in piece.rows or ():
            rows[piece.table] += table.to_pylist()
    return rows


@laws(histories=8, long=15)
@given(histories, st.lists(points, min_size=3, max_size=3))
def test_a_release_is_what_row_by_row_comes_of_the_tables(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    with registry_with(sqlite_template, history) as registry:
        columns = LogColumns.read(registry.log)
        for as_of, place in asked:
            facts = facts_at(columns, as_of=as_of, known_at=f"@{place % (columns.head.position + 1)}")
            slow = SlowRelease(KEY, {name: project(name, facts).to_pylist() for name in RELEASED}, today=facts.today)

            found = released(facts)

            assert broken(found) == []
            assert found == {name: slow.table(TABLES[name]) for name in RELEASED}
