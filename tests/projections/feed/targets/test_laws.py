"""Whatever happened in a registry: a target has row for row what an export has, at the end of every batch.

So it is batch by batch, with all of them at once, and where each is applied twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given

from projections.feed.batch_files import read_batch, read_head
from projections.feed.running import feed_init, feed_run
from projections.feed.targets.applying import feed_apply
from projections.feed.targets.duckdb_target import IN_MEMORY, DuckdbTarget
from projections.feed.targets.opening import open_target
from projections.feed.targets.target import Target
from registry import Registry
from tests import postgres
from tests.oracle.histories import History, begin, empty_registry, go_on, histories
from tests.oracle.laws import laws
from tests.projections.feed.exports import BY_PATIENT, events_at, exported
from tests.projections.feed.slow_applier import Row, State
from tests.projections.feed.targets.read_back import rows_in, rows_of
from tests.projections.feed.test_laws import cuts


def keyed(rows: list[Row]) -> dict[str, Row]:
    found = {row.pop("_row_key"): row for row in rows}
    assert len(found) == len(rows)
    return found


def sums_of(feed: Path) -> Mapping[str, tuple[int, str]]:
    """Return what the last batch of a feed says of the rows after it."""
    listed = read_head(feed).batches[-1]
    batch = read_batch(feed, listed)
    tables = {name: (each.rows, each.row_sum) for name, each in batch.tables.items()}
    versions = {f"{name}_history": told for name, told in tables.items()}
    return {**tables, **versions, "events": (batch.events.rows, batch.events.row_sum)}


def found_sums(target: Target) -> Mapping[str, tuple[int, str]]:
    return {name: (each.rows, each.hex) for name, each in target.sums().items()}


def in_memory(target: DuckdbTarget) -> State:
    return {name: keyed(rows_in(target._connection, f"FROM {name}")) for name in BY_PATIENT}


def as_known(target: DuckdbTarget, position: int) -> State:
    return {name: keyed(rows_in(target._connection, f"FROM {name}_as_known({position})")) for name in BY_PATIENT}


def happened(registry: Registry, feed: Path, history: History, stops: list[int]) -> Iterator[int]:
    """Let a history happen in stretches, with a batch after each, and yield their positions."""
    chance, steps = history
    facts = begin(registry)
    for first, last in zip([0, *stops], [*stops, len(steps)]):
        go_on(registry, (chance, steps[first:last]), facts)
        if feed_run(registry, feed):
            yield registry.head.position


@laws(histories=2, long=8)
@given(histories, cuts)
def test_a_target_is_an_export_and_its_history_one_at_every_end(
    sqlite_template: Path, history: History, stops: list[int]
) -> None:
    with empty_registry(sqlite_template) as registry, TemporaryDirectory() as folder:
        feed, target, at_once = Path(folder) / "feed", DuckdbTarget(IN_MEMORY), DuckdbTarget(IN_MEMORY)
        registry.enrol_patient("P-0", enrolled_on="2018-01-01")
        feed_init(registry, feed)
        states = {}
        for position in happened(registry, feed, history, stops):
            feed_apply(feed, target, history=True)
            assert feed_apply(feed, target).batches == ()
            states[position] = exported(registry, position)
            assert in_memory(target) == states[position]
        feed_apply(feed, at_once, history=True)

        for position, state in states.items():
            assert as_known(target, position) == state
        assert rows_in(target._connection, "FROM events ORDER BY position") == events_at(registry, position)
        assert found_sums(target) == found_sums(at_once) == sums_of(feed)
        target.close()
        at_once.close()


@laws(histories=2)
@given(histories, cuts)
def test_on_a_server_too(sqlite_template: Path, postgres_server: str, history: History, stops: list[int]) -> None:
    to = postgres.url_of(postgres_server, postgres.new_database(postgres_server))
    it_is_an_export_at_every_end(to, sqlite_template, history, stops)


@laws(histories=1, long=4)
@given(histories, cuts)
def test_a_folder_of_delta_tables_is_an_export_at_every_end_too(
    sqlite_template: Path, history: History, stops: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        it_is_an_export_at_every_end(f"delta:{Path(folder) / 'lake'}", sqlite_template, history, stops)


def it_is_an_export_at_every_end(to: str, template: Path, history: History, stops: list[int]) -> None:
    target = open_target(to)
    with empty_registry(template) as registry, TemporaryDirectory() as folder:
        feed = Path(folder) / "feed"
        registry.enrol_patient("P-0", enrolled_on="2018-01-01")
        feed_init(registry, feed)

        ends = [*happened(registry, feed, history, stops)]
        feed_apply(feed, target, history=True)

        for position in ends:
            expected = exported(registry, position)
            for name in BY_PATIENT:
                assert keyed(rows_of(to, f"SELECT * FROM {{{name}_as_known}}({position})")) == expected[name]
        assert {name: keyed(rows_of(to, f"SELECT * FROM {{{name}}}")) for name in BY_PATIENT} == expected
        events = rows_of(to, "SELECT * FROM {events} ORDER BY position")
        assert events == events_at(registry, ends[-1])
        assert found_sums(target) == sums_of(feed)
    target.close()
