"""What the projections compute from columns is what a replay of the events gives, at every point in time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from tests.oracle import contract
from tests.oracle.asking import Source, expected, logical_type, projected, recorded
from tests.oracle.histories import NOTHING_MORE, History, Point, histories, points, registry_with
from tests.oracle.laws import laws
from tests.oracle.replay import logged_events
from tests.oracle.tables import TABLES


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> Iterator[None]:
    """Read a log a few events at a time and seal it in short blocks, as a long one is in large pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.store.joined_lines.EVENTS_AT_ONCE", 9)
        patch.setattr("registry.store.joined_lines.JOINED_AT_ONCE", 4)
        patch.setattr("projections.log.blocks.EVENTS_AT_MOST", 60)
        patch.setattr("projections.log.blocks.TAIL_EVENTS", 25)
        yield


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_columns_and_types_of_the_contract(sqlite_template: Path, name: str) -> None:
    with registry_with(sqlite_template, NOTHING_MORE) as registry:
        schema = project(name, facts_at(registry, as_of=None, known_at=None)).schema

    declared = contract.columns(name)
    assert {column: logical_type(schema.field(column).type) for column in schema.names[: len(declared)]} == declared
    assert schema.names[: len(declared)] == list(declared)


@laws(histories=25, long=50)
@given(histories, st.lists(points, min_size=42, max_size=42))
def test_every_table_is_what_a_replay_of_the_events_gives(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    with registry_with(sqlite_template, history) as registry:
        events = logged_events(registry)
        columns = (LogColumns.decoded(registry.log), LogColumns.read(registry.log))
        sources: Iterator[Source] = cycle((*columns * 3, registry))  # which looks for its blocks at each point anew
        for source, (as_of, place) in zip(sources, asked):
            known_at = place % (len(events) + 1)

            answers = recorded(projected(source, as_of=as_of, known_at=f"@{known_at}"))

            replayed = expected(events, as_of=as_of, known_at=known_at)
            for name in TABLES:
                assert answers[name] == replayed[name], f"{name} as of {as_of}, known at @{known_at}"
