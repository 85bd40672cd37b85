"""Whatever happened, the rows of a data set of MEDS are what row by row comes of the tables, at every point in time."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from projections.export.manifest import Choices
from projections.export.pieces import Work
from projections.export.profiles.meds.release import MedsRelease
from projections.export.profiles.meds.rows import TABLES_OF_MEDS
from projections.export.profiles.release_key import ReleaseKey
from tests.oracle.histories import History, Point, histories, points, registry_with
from tests.oracle.laws import laws
from tests.projections.export.profiles.releasing import KEY
from tests.projections.export.profiles.slow_meds import SlowMeds


@laws(histories=8, long=15)
@given(histories, st.lists(points, min_size=3, max_size=3), st.sampled_from(["study", "reading"]))
def test_the_rows_of_a_data_set_are_what_row_by_row_comes_of_the_tables(
    sqlite_template: Path, history: History, asked: list[Point], available_at: str
) -> None:
    with registry_with(sqlite_template, history) as registry:
        columns = LogColumns.read(registry.log)
        for as_of, place in asked:
            facts = facts_at(columns, as_of=as_of, known_at=f"@{place % (columns.head.position + 1)}")
            tables = {name: project(name, facts).to_pylist() for name in (*TABLES_OF_MEDS, "readings", "events")}
            choices = Choices(available_at=available_at)  # type: ignore[arg-type]
            release = MedsRelease(ReleaseKey(bytes.fromhex(KEY)), choices, Work.of(facts, TABLES_OF_MEDS, {}))

            found = [row for piece in release.pieces() for part in piece.rows or () for row in part.to_pylist()]

            assert found == SlowMeds(KEY, tables, as_of=as_of).rows(available_at=available_at)
