"""Whatever rows come, change and go: a target has the last ones, and in its history every version of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.feed.targets.applying import feed_apply
from projections.feed.targets.duckdb_target import IN_MEMORY, DuckdbTarget
from projections.feed.targets.opening import open_target
from projections.feed.targets.target import Target
from tests import postgres
from tests.oracle.laws import laws
from tests.projections.feed.slow_applier import Row
from tests.projections.feed.slow_sums import slow_sum
from tests.projections.feed.targets.made_feeds import CONDITIONS, MadeFeed, Rows, by_key, condition
from tests.projections.feed.targets.read_back import rows_in, rows_of, table_of

TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
WORDS = st.none() | st.lists(st.sampled_from(["a", "", "b,c", 'say "so"', "\\N", "{}", "NULL", "ä\t"]), max_size=3)
PATIENTS = ("P", "P-1", 'P"2', "Pé")


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Return some rows, of few patients so that the next ones have other values of the same."""
    keys = draw(st.sets(st.tuples(st.sampled_from(PATIENTS), st.integers(1, 3)), max_size=6))
    said = st.fixed_dictionaries(
        {
            "note": TEXTS,
            "icd10": WORDS,
            "ongoing": st.none() | st.booleans(),
            "started_on": st.none() | st.dates(),
        }
    )
    return by_key(*(condition(patient, number, **draw(said)) for patient, number in sorted(keys)))


steps = st.lists(st.tuples(st.integers(0, 3), rows()), min_size=1, max_size=5)  # a step of 0 positions restates


def written(folder: Path, steps: Sequence[tuple[int, Rows]]) -> list[tuple[int, Rows]]:
    """Write a feed of steps, and return the rows that there are at each position."""
    feed, found = MadeFeed(folder), []
    for number, (more, rows) in enumerate(steps):
        feed.edition = number + 1 if not more else feed.edition
        feed.step(feed.position + (more or not feed.position), rows)
        found.append((feed.position, rows))
    return found


def versions(states: Sequence[tuple[int, Rows]]) -> list[tuple[str, int, int | None, str]]:
    """Return the versions of rows by their keys, with the positions from and to which they were known."""
    found, since = [], dict[str, int]()
    for (_, before), (position, after) in zip([(0, {}), *states], states):
        for key in {*before, *after}:
            if before.get(key) != after.get(key):
                if key in before and since[key] < position:
                    found.append((key, since[key], position, told(before[key])))
                since[key] = position
    last = states[-1][1]
    return sorted([*found, *((key, since[key], None, told(row)) for key, row in last.items())], key=str)


def told(row: Row) -> str:
    return str([row[column.name] for column in CONDITIONS.columns])


def versions_in(rows: list[Row]) -> list[tuple[str, int, int | None, str]]:
    found = [(row["_row_key"], row["_known_from_position"], row["_known_to_position"], told(row)) for row in rows]
    return sorted(found, key=str)


@laws(histories=24, long=60)
@given(steps, st.integers(0, 5))
def test_rows_and_versions_are_those_of_the_steps(steps: list[tuple[int, Rows]], first: int) -> None:
    target = DuckdbTarget(IN_MEMORY)
    connection = target._connection
    with TemporaryDirectory() as folder:
        half = written(Path(folder) / "half", steps[: max(1, first)])
        feed_apply(Path(folder) / "half", target, history=True)
        states = written(Path(folder) / "feed", steps)

        feed_apply(Path(folder) / "feed", target)
        feed_apply(Path(folder) / "feed", target)

    assert half == states[: len(half)]
    assert {row.pop("_row_key"): row for row in rows_in(connection, "FROM conditions")} == states[-1][1]
    assert versions_in(rows_in(connection, "FROM conditions_history")) == versions(states)
    for position, rows in dict(states).items():
        found = rows_in(connection, f"FROM conditions_as_known({position})")
        assert {row.pop("_row_key"): row for row in found} == rows
    assert target.sums()["conditions_history"].hex == slow_sum(states[-1][1].values(), CONDITIONS)
    target.close()


@laws(histories=3, long=12)
@given(steps)
def test_on_a_server_too(postgres_server: str, steps: list[tuple[int, Rows]]) -> None:
    to = postgres.url_of(postgres_server, postgres.new_database(postgres_server))
    target = open_target(to)
    with TemporaryDirectory() as folder:
        states = written(Path(folder) / "feed", steps)

        feed_apply(Path(folder) / "feed", target, history=True)

    assert table_of(to, "{conditions}") == states[-1][1]
    assert versions_in(rows_of(to, "SELECT * FROM {conditions_history}")) == versions(states)
    for position, rows in dict(states).items():
        assert table_of(to, f"{{conditions_as_known}}({position})") == rows
    sums = target.sums()
    assert {sums[name].hex for name in sums} == {slow_sum(states[-1][1].values(), CONDITIONS)}
    target.close()


@pytest.fixture
def feed(tmp_path: Path) -> MadeFeed:
    return MadeFeed(tmp_path / "feed")


def test_the_current_view_says_since_when_a_row_is_known(feed: MadeFeed, to: str, opened: Callable[[], Target]) -> None:
    feed.step(2, by_key(condition("P", 1, note="first"), condition("P", 2)))
    feed.step(7, by_key(condition("P", 1, note="second"), condition("P", 2)))
    feed_apply(feed.folder, opened(), history=True)
    opened().close()

    query = "SELECT condition_id, note, _known_from_position FROM {conditions_current} ORDER BY condition_id"
    assert [tuple(row.values()) for row in rows_of(to, query)] == [
        ("condition/P/1", "second", 7),
        ("condition/P/2", None, 2),
    ]


def test_without_a_history_only_the_last_rows_are_kept(feed: MadeFeed, to: str, opened: Callable[[], Target]) -> None:
    feed.step(2, by_key(condition("P", 1, note="first")))
    feed.step(7, rows := by_key(condition("P", 1, note="second")))
    target = opened()
    feed_apply(feed.folder, target)
    assert [*target.sums()] == ["conditions"]
    target.close()

    assert table_of(to, "{conditions}") == rows
