"""A rule that changes, a column that is added: in a target in one commit with the rows that are others by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from projections.errors import TargetError
from projections.feed.targets.applying import feed_apply
from projections.feed.targets.target import Target
from projections.feed.targets.verifying import target_verify
from tests.projections.feed.targets.conftest import IN_SQL
from tests.projections.feed.targets.made_feeds import COLUMNS, MadeFeed, Rows, by_key, condition
from tests.projections.feed.targets.read_back import rows_of, table_of

Opened = Callable[[], Target]
FIRST = by_key(condition("P", 1, note="first"), condition("Q", 1))
OLD = by_key(condition("P", 1, note="second"), condition("Q", 1))
NEW = by_key(condition("P", 1, note="second", before_enrolment=True), condition("Q", 1))
SAID_OTHERWISE = by_key(condition("P", 1, note="never was there"))  # rows of before a batch, which no target has
NOBODY = OLD | by_key(condition("R", 1))
NEWEST = by_key(condition("P", 1, note="second", before_enrolment=False), condition("Q", 1))


@pytest.fixture
def feed(tmp_path: Path) -> MadeFeed:
    """A feed of two batches, of before there was the last column."""
    made = MadeFeed(tmp_path / "feed")
    made.columns = COLUMNS[:-1]
    made.step(5, FIRST)
    made.step(8, OLD)
    return made


def restated(feed: MadeFeed) -> MadeFeed:
    feed.columns, feed.edition = COLUMNS, 2
    feed.step(8, NEW)
    return feed


def versions(to: str) -> list[tuple[object, ...]]:
    columns = "note, before_enrolment, _known_from_position, _known_to_position"
    rows = rows_of(to, f"SELECT {columns} FROM {{conditions_history}} WHERE patient = 'P'")
    return sorted((tuple(row.values()) for row in rows), key=str)


def test_a_new_column_comes_with_the_batch_that_restates_its_table(feed: MadeFeed, opened: Opened, to: str) -> None:
    feed_apply(feed.folder, opened(), history=True)
    opened().close()
    assert "before_enrolment" not in rows_of(to, "SELECT * FROM {conditions}")[0]

    done = feed_apply(restated(feed).folder, opened())

    assert [(each.after, each.until) for each in done.batches] == [(8, 8)]
    assert target_verify(feed.folder, opened()).problems == ()
    opened().close()
    assert table_of(to, "{conditions}") == NEW
    assert table_of(to, "{conditions_as_known}(8)") == NEW
    assert table_of(to, "{conditions_as_known}(7)") == FIRST
    assert [*rows_of(to, "SELECT * FROM {conditions}")[0]] == ["_row_key", *COLUMNS]


def test_a_version_that_was_restated_where_it_began_was_never_known(feed: MadeFeed, opened: Opened, to: str) -> None:
    feed_apply(restated(feed).folder, opened(), history=True)
    opened().close()

    assert versions(to) == [("first", None, 5, 8), ("second", True, 8, None)]


def test_a_target_that_was_restated_is_not_restated_again(feed: MadeFeed, opened: Opened) -> None:
    feed_apply(restated(feed).folder, opened(), history=True)

    assert feed_apply(feed.folder, opened()).batches == ()


@pytest.mark.parametrize("n_before", [0, 1, 2, 3, 4, 5])
def test_of_several_batches_at_one_position_those_are_applied_that_are_not_there(
    feed: MadeFeed, opened: Opened, to: str, n_before: int
) -> None:
    restated(feed)
    feed.edition = 3
    feed.step(8, NEWEST)
    feed.step(9, {})
    every = feed.listed
    if n_before:
        feed.listed, feed.position = every[:n_before], every[n_before - 1]["to"]
        feed.publish()
        feed_apply(feed.folder, opened(), history=True)
    feed.listed, feed.position = every, 9
    feed.publish()

    done = feed_apply(feed.folder, opened(), history=True)

    assert len(done.batches) == 5 - n_before
    assert target_verify(feed.folder, opened()).problems == ()
    opened().close()
    assert versions(to) == [("first", None, 5, 8), ("second", False, 8, 9)]


def test_a_target_of_rules_that_the_feed_never_had_is_refused(feed: MadeFeed, opened: Opened, tmp_path: Path) -> None:
    feed_apply(restated(feed).folder, opened())
    other = MadeFeed(tmp_path / "other")
    other.edition = 7
    other.step(8, NEW)

    with pytest.raises(TargetError, match="has tables by rules that no batch of the feed ends with at @8; begin a new"):
        feed_apply(other.folder, opened())


@pytest.mark.parametrize(
    ("to", "was", "refusal"),
    [
        *((kind, SAID_OTHERWISE, "conditions: 1 of 1 rows that change are not as the feed left") for kind in IN_SQL),
        *((kind, NOBODY, "conditions: 1 of 2 rows that change are not as the feed left") for kind in IN_SQL),
        ("delta", NOBODY, "conditions lacks 1 of 2 rows that change: somebody else wrote"),
    ],
    indirect=["to"],
)
def test_a_restated_batch_that_does_not_fit_adds_no_column(
    feed: MadeFeed, opened: Opened, to: str, was: Rows, refusal: str
) -> None:
    feed_apply(feed.folder, opened(), history=True)
    before = opened().state()
    feed.rows = was

    with pytest.raises(TargetError, match=refusal):
        feed_apply(restated(feed).folder, opened())

    assert opened().state() == before
    opened().close()
    assert "before_enrolment" not in rows_of(to, "SELECT * FROM {conditions}")[0]
