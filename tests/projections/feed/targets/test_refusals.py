"""What cannot be applied is refused with its place, and the target stays as it was."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from projections.errors import FeedError, TargetError
from projections.feed.targets.applying import feed_apply
from projections.feed.targets.opening import open_target
from projections.feed.targets.target import Target
from tests import postgres
from tests.projections.feed.targets.conftest import IN_SQL
from tests.projections.feed.targets.made_feeds import COLUMNS, MadeFeed, by_key, condition
from tests.projections.feed.targets.read_back import rows_of, table_of

in_sql = pytest.mark.parametrize("to", IN_SQL, indirect=True)
Opened = Callable[[], Target]
ROWS = by_key(condition("P", 1, note="first"), condition("Q", 1))
LATER = by_key(condition("P", 1, note="second"), condition("Q", 1), condition("Q", 2))


@pytest.fixture
def feed(tmp_path: Path) -> MadeFeed:
    """A feed of one batch."""
    made = MadeFeed(tmp_path / "feed")
    made.step(5, ROWS)
    return made


@pytest.fixture
def applied(feed: MadeFeed, opened: Opened) -> Opened:
    """The target of that batch, which had nothing else to be applied."""
    assert len(feed_apply(feed.folder, opened(), history=True).batches) == 1
    return opened


def refused(applied: Opened, feed: MadeFeed, message: str, error: type[Exception] = FeedError) -> None:
    """Apply a feed, which is refused, and see that nothing came of it."""
    before = applied().state()

    with pytest.raises(error, match=message):
        feed_apply(feed.folder, applied())

    target = applied()
    assert target.state() == before
    assert target.sums()["conditions"].rows == len(ROWS)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new))


def test_a_batch_that_is_there_is_nothing_to_do(feed: MadeFeed, applied: Opened, to: str) -> None:
    feed.step(9, LATER)
    feed_apply(feed.folder, applied())

    again = feed_apply(feed.folder, applied())

    assert (again.batches, again.erased.streams) == ((), 0)
    applied().close()
    assert table_of(to, "{conditions}") == LATER


def test_a_feed_that_lacks_a_batch_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.step(9, LATER)
    del feed.listed[0]
    feed.publish()

    refused(applied, feed, r"000000000005-000000000009 does not begin at @0, where the last one ended")


def test_a_feed_whose_batches_overlap_with_what_is_there_is_refused(applied: Opened, tmp_path: Path) -> None:
    other = MadeFeed(tmp_path / "other")
    other.step(3, ROWS)
    other.step(9, LATER)

    where = r"is at @5, where no batch begins: the batch from @3 to @9 would be applied twice in part"
    refused(applied, other, where, TargetError)


def test_a_feed_of_another_registry_is_refused(applied: Opened, tmp_path: Path) -> None:
    other = MadeFeed(tmp_path / "other", registry="cd" * 32)
    other.step(5, ROWS)
    other.step(9, LATER)

    refused(applied, other, f"is of registry {'ab' * 32}, the feed of {'cd' * 32}; name another target", TargetError)


def test_a_feed_of_a_copy_that_went_on_separately_is_refused(applied: Opened, tmp_path: Path) -> None:
    other = MadeFeed(tmp_path / "other", branch="copy ")
    other.step(5, ROWS)
    other.step(9, LATER)

    refused(
        applied, other, "has digest [0-9a-f]{64} at @5, the feed [0-9a-f]{64}: one of them is of a copy", TargetError
    )


def test_an_older_copy_of_the_feed_is_refused(feed: MadeFeed, applied: Opened, tmp_path: Path) -> None:
    shutil.copytree(feed.folder, tmp_path / "older")
    feed.step(9, ROWS)
    feed_apply(feed.folder, applied())

    refused(applied, MadeFeedAt(tmp_path / "older"), r"goes to @5, .* knows of @9: it is an older copy of the feed")


class MadeFeedAt(MadeFeed):
    """A feed that was copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder


def test_an_edited_batch_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.step(9, LATER)
    change(feed.folder / "batches" / "000000000005-000000000009" / "batch.json", '"insert": 1', '"insert": 2')

    refused(applied, feed, r"batch\.json: has other bytes: sha256 is [0-9a-f]{64}, head\.json says")


def test_an_edited_part_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.step(9, LATER)
    [part] = (feed.folder / "batches" / "000000000005-000000000009").rglob("*.parquet")
    content = part.read_bytes()
    part.write_bytes(content.replace(b"second", b"fourth"))
    assert part.read_bytes() != content

    refused(applied, feed, r"part-00000\.parquet: has other bytes: sha256 is")


def test_a_folder_that_was_half_copied_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.step(9, LATER)
    [part] = (feed.folder / "batches" / "000000000005-000000000009").rglob("*.parquet")
    whole = part.read_bytes()
    part.write_bytes(whole[:-1])
    refused(applied, feed, rf"has {len(whole) - 1:,} bytes, batch\.json says {len(whole):,}; copy the folder anew")
    part.unlink()
    refused(applied, feed, "is missing: the batch is not whole; copy the folder anew")
    shutil.rmtree(part.parents[2])
    refused(applied, feed, r"batch\.json: cannot be read: No such file")


def test_a_batch_of_a_newer_contract_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.step(9, LATER, contract=2)

    refused(applied, feed, r"batch\.json: is of contract 2, this spondyl knows 1; use a newer spondyl")


def test_a_column_that_nobody_here_knows_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.columns = (*COLUMNS, "severity")
    feed.step(9, LATER)

    refused(applied, feed, "has conditions with severity, which this spondyl does not know; use the one that wrote it")


def test_a_batch_of_a_feed_in_which_something_else_becomes_of_who_withdrew_is_refused(
    feed: MadeFeed, applied: Opened
) -> None:
    feed.step(9, LATER, withdrawn="exclude")

    refused(applied, feed, r"batch\.json: says exclude of patients who withdrew, feed\.json says keep")


def test_a_batch_of_another_registry_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.step(9, LATER, registry="cd" * 32)

    refused(applied, feed, rf"batch\.json: is of registry {'cd' * 32}, the feed of {'ab' * 32}")


def test_a_batch_by_another_rule_that_nothing_restates_is_refused(feed: MadeFeed, applied: Opened) -> None:
    feed.edition = 2
    feed.step(9, LATER)

    refused(applied, feed, "has conditions by another rule than the batch before it, and none restates it")


@in_sql
def test_a_target_of_a_newer_contract_is_refused(feed: MadeFeed, applied: Opened, to: str) -> None:
    applied().close()
    write(to, "UPDATE {_spondyl_feed} SET contract = 2")

    refused(applied, feed, "is of contract 2, this spondyl knows 1; use a newer spondyl", TargetError)


@in_sql
def test_a_row_that_somebody_else_changed_is_noticed(feed: MadeFeed, applied: Opened, to: str) -> None:
    feed.step(9, LATER)
    applied().close()
    write(to, "UPDATE {conditions} SET note = 'by hand' WHERE patient = 'P'")

    refused(applied, feed, "conditions: 1 of 1 rows that change are not as the feed left them: somebody", TargetError)


@in_sql
def test_a_row_that_somebody_else_removed_is_noticed(feed: MadeFeed, applied: Opened, to: str) -> None:
    feed.step(9, by_key())
    applied().close()
    write(to, "DELETE FROM {conditions} WHERE patient = 'P'")

    with pytest.raises(TargetError, match="1 of 2 rows that change are not as the feed left them"):
        feed_apply(feed.folder, applied())


@in_sql
def test_a_row_that_somebody_else_added_is_noticed(feed: MadeFeed, applied: Opened, to: str) -> None:
    feed.step(9, LATER)
    applied().close()
    key = [*LATER][-1]
    write(to, f"INSERT INTO {{conditions}} (_row_key, patient, condition_id) VALUES ('{key}', 'Q', 'condition/Q/2')")

    with pytest.raises(TargetError, match="conditions: 1 rows that are new are there already: somebody else wrote to"):
        feed_apply(feed.folder, applied())


@in_sql
def test_a_history_that_somebody_else_changed_is_noticed(feed: MadeFeed, applied: Opened, to: str) -> None:
    feed.step(9, LATER)
    applied().close()
    write(to, "DELETE FROM {conditions_history} WHERE patient = 'P'")

    refused(applied, feed, "conditions: its history lacks 1 of 1 versions that end: somebody else wrote", TargetError)


@in_sql
def test_a_column_that_somebody_else_took_away_is_noticed(feed: MadeFeed, applied: Opened, to: str) -> None:
    feed.step(9, LATER)
    applied().close()
    write(to, "ALTER TABLE {conditions} RENAME COLUMN note TO remark")

    with pytest.raises(TargetError, match="conditions has no column note any more: somebody changed it"):
        feed_apply(feed.folder, applied())


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM {_spondyl_feed}",
        "UPDATE {_spondyl_feed} SET digest = 'none'",
        "UPDATE {_spondyl_feed} SET tables = '{{'",
    ],
)
@in_sql
def test_a_state_that_somebody_else_changed_is_told(feed: MadeFeed, applied: Opened, to: str, edit: str) -> None:
    applied().close()
    write(to, edit)

    with pytest.raises(TargetError, match="its table _spondyl_feed is not as a feed wrote it: "):
        feed_apply(feed.folder, applied())


@in_sql
def test_tables_that_no_feed_made_are_left_alone(feed: MadeFeed, opened: Opened, to: str) -> None:
    write(to, "CREATE TABLE {conditions} (n integer)", before="CREATE SCHEMA IF NOT EXISTS spondyl")

    with pytest.raises(TargetError, match="has a table conditions that no feed made; name a place of its own"):
        feed_apply(feed.folder, opened())

    opened().close()
    assert rows_of(to, "SELECT * FROM {conditions}") == []


def test_a_history_cannot_be_had_later(feed: MadeFeed, opened: Opened) -> None:
    feed_apply(feed.folder, opened())

    with pytest.raises(TargetError, match="was begun without its history, which nobody can add; name another target"):
        feed_apply(feed.folder, opened(), history=True)


def test_who_asks_for_a_file_that_is_not_there_makes_none(tmp_path: Path) -> None:
    target = open_target(f"duckdb:{tmp_path / 'warehouse.duckdb'}")

    assert target.state() is None

    target.close()
    assert [*tmp_path.iterdir()] == []


def test_a_file_is_for_its_owner_alone(feed: MadeFeed, tmp_path: Path) -> None:
    target = open_target(f"duckdb:{tmp_path / 'warehouse.duckdb'}")
    feed_apply(feed.folder, target)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("warehouse*")}
    target.close()

    assert {*modes.values()} == {0o600}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("warehouse", r"is no kind of target; write duckdb:FILE, postgresql://"),
        ("snowflake://s3cret@x", r"snowflake: is no kind of target; write duckdb:FILE"),
        ("duckdb:", r"is no kind of target"),
        (
            "postgresql://u:s3cret@h/d?schema=a-b",
            r"postgresql://h/d: schema: a name of letters, digits and _, 63 at most",
        ),
        ("postgresql://u:s3@cret@h/d", r"postgresql://…: the URL cannot be read; write @ as %40"),
        ("postgresql://u:s3cret@127.0.0.1:1/d", r"postgresql://127\.0\.0\.1:1/d\?schema=spondyl: cannot be used: "),
    ],
)
def test_a_target_that_cannot_be_opened_is_told_without_its_password(text: str, message: str) -> None:
    with pytest.raises(TargetError, match=message) as refusal:
        open_target(text).state()

    assert "s3cret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_that_cannot_be_made_is_told(feed: MadeFeed) -> None:
    with pytest.raises(TargetError, match=r"duckdb:/no/such/folder/x\.duckdb: cannot be used: IO Error"):
        feed_apply(feed.folder, open_target("duckdb:/no/such/folder/x.duckdb"))


def test_two_schemas_of_a_database_are_two_targets(feed: MadeFeed, postgres_server: str) -> None:
    url = postgres.url_of(postgres_server, postgres.new_database(postgres_server))
    one, other = (open_target(f"{url}&schema={name}") for name in ("one", "other"))

    feed_apply(feed.folder, one)
    assert other.state() is None
    feed_apply(feed.folder, other)

    assert one.sums() == other.sums()


def write(to: str, statement: str, *, before: str = "") -> None:
    """Have somebody else write to a target."""
    import duckdb

    if to.startswith("duckdb:"):
        with duckdb.connect(to.removeprefix("duckdb:")) as connection:
            connection.execute(re.sub(r"\{(\w+)\}", r'"\1"', statement).replace("{{", "{"))
        return
    named = re.sub(r"\{(\w+)\}", r'spondyl."\1"', statement).replace("{{", "{")
    postgres.execute(to, *([before] if before else []), named)
