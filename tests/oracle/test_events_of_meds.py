"""Whatever happened, data sets of MEDS are what row by row comes of the tables, and their filter lets no later word by.

The filter is that of the manual: of one data set the rows that were known, as they stand, up to a position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from projections.export.manifest import Choices
from projections.export.pieces import Work
from projections.export.profiles.meds.release import MedsRelease
from projections.export.profiles.meds.rows import TABLES_OF_MEDS
from projections.export.profiles.release_key import ReleaseKey
from tests.oracle.histories import DAYS, History, Point, histories, points, registry_with
from tests.oracle.laws import laws
from tests.projections.export.profiles.releasing import KEY
from tests.projections.export.profiles.slow_meds import SlowMeds

Rows = list[dict[str, Any]]
WHEN_KNOWN = ("position", "recorded_at")
LATE = ("COMPUTED", "SCORE")  # rows of several facts, known since the last word on any of these


def rows_at(
    columns: LogColumns, position: int, *, available_at: str, as_of: date | None = None, withdrawn: str = "keep"
) -> Rows:
    """Return the rows of the data set at a position."""
    facts = facts_at(columns, as_of=as_of, known_at=f"@{position}", withdrawn=withdrawn)
    choices = Choices(available_at=available_at)  # type: ignore[arg-type]
    release = MedsRelease(ReleaseKey(bytes.fromhex(KEY)), choices, Work.of(facts, TABLES_OF_MEDS, {}))
    return [row for piece in release.pieces() for part in piece.rows or () for row in part.to_pylist()]


def said(rows: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    """Return what rows say, whenever it was known."""
    return Counter(tuple(value for name, value in row.items() if name not in WHEN_KNOWN) for row in rows)


@laws(histories=8, long=15)
@given(histories, st.lists(points, min_size=3, max_size=3), st.sampled_from(["study", "reading"]))
def test_the_rows_of_a_data_set_are_what_row_by_row_comes_of_the_tables(
    sqlite_template: Path, history: History, asked: list[Point], available_at: str
) -> None:
    with registry_with(sqlite_template, history) as registry:
        columns = LogColumns.read(registry.log)
        for as_of, place in asked:
            position = place % (columns.head.position + 1)
            facts = facts_at(columns, as_of=as_of, known_at=f"@{position}")
            tables = {name: project(name, facts).to_pylist() for name in (*TABLES_OF_MEDS, "readings", "events")}

            found = rows_at(columns, position, available_at=available_at, as_of=as_of)

            expected = SlowMeds(KEY, tables, as_of=as_of).rows(available_at=available_at)
            assert said(found) == said(expected)
            assert as_of is not None or found == expected  # of ends after a day the oracle does not know when they were


@laws(histories=4, long=8)
@given(
    histories,
    st.sampled_from(["study", "reading"]),
    st.none() | st.sampled_from(DAYS),
    st.sampled_from(["keep", "exclude"]),
)
def test_rows_known_up_to_a_position_are_in_the_data_set_made_there_and_those_that_stand_since_are_among_them(
    sqlite_template: Path, history: History, available_at: str, as_of: date | None, withdrawn: str
) -> None:
    with registry_with(sqlite_template, history) as registry:
        columns = LogColumns.read(registry.log)
        end = columns.head.position
        made = [
            rows_at(columns, position, available_at=available_at, as_of=as_of, withdrawn=withdrawn)
            for position in range(end + 1)
        ]
        events = project("events", facts_at(columns)).to_pylist()
        instants = {event["position"]: event["recorded_at"] for event in events}

        stands = said(made[end])
        doubled = {row for rows in made for row, n in said(rows).items() if n > 1}
        for position in range(end, -1, -1):
            known, there = said(row for row in made[end] if row["position"] <= position), said(made[position])
            stands &= there

            assert known - there == Counter()
            late = [row for row in stands - known if row not in doubled and not row[2].startswith(LATE)]
            assert late == [] or withdrawn == "exclude"
        assert all(row["recorded_at"] == instants[row["position"]] for row in made[end])
