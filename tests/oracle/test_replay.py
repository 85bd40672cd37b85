"""What the projections compute from columns is what a replay of the events gives, at every point in time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from registry.store.log import EventColumns, EventLog
from tests.oracle.asking import Source, expected, logical_type, projected, recorded
from tests.oracle.contract import columns
from tests.oracle.histories import NOTHING_MORE, History, Point, histories, points, registry_with
from tests.oracle.laws import laws
from tests.oracle.replay import logged_events
from tests.oracle.tables import TABLES


class InSmallPieces(EventLog):
    """A log that is read a few events at a time, as a long one is read in large pieces."""

    def columns(self, after: int = 0, until: int | None = None, **chosen: Any) -> Iterator[EventColumns]:
        yield from super().columns(after, until, **chosen | {"chunk": 9})


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_columns_and_types_of_the_contract(sqlite_template: Path, name: str) -> None:
    with registry_with(sqlite_template, NOTHING_MORE) as registry:
        schema = project(name, facts_at(registry, as_of=None, known_at=None)).schema

    declared = columns(name)
    assert {column: logical_type(schema.field(column).type) for column in schema.names[: len(declared)]} == declared
    assert schema.names[: len(declared)] == list(declared)


@laws(histories=50)
@given(histories, st.lists(points, min_size=42, max_size=42))
def test_every_table_is_what_a_replay_of_the_events_gives(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    with registry_with(sqlite_template, history) as registry:
        events = logged_events(registry)
        decoded = LogColumns.read(registry.log)
        sources: Iterator[Source] = cycle((decoded, LogColumns.read(InSmallPieces(registry.log.database)), registry))
        for source, (as_of, place) in zip(sources, asked):
            known_at = place % (len(events) + 1)

            answers = recorded(projected(source, as_of=as_of, known_at=f"@{known_at}"))

            replayed = expected(events, as_of=as_of, known_at=known_at)
            for name in TABLES:
                assert answers[name] == replayed[name], f"{name} as of {as_of}, known at @{known_at}"
