"""A folder of Delta tables: what belongs together is what was published, and what is ahead of it is nobody's yet."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake
from hypothesis import given
from hypothesis import strategies as st

from projections.errors import TargetError
from projections.feed.targets import delta_publications
from projections.feed.targets.applying import feed_apply
from projections.feed.targets.delta_log import DeltaLog
from projections.feed.targets.delta_publications import published_versions
from projections.feed.targets.delta_target import DeltaTarget
from tests.oracle.laws import laws
from tests.projections.feed.slow_sums import slow_sum
from tests.projections.feed.targets.made_feeds import COLUMNS, CONDITIONS, MadeFeed, Rows, by_key, condition
from tests.projections.feed.targets.read_back import rows_of, table_of
from tests.projections.feed.targets.test_history import steps, versions, versions_in, written

MANUAL = Path(__file__).parents[4] / "docs" / "feed.md"
FIRST = by_key(condition("P", 1, note="first"), condition("Q", 1))
SECOND = by_key(condition("P", 1, note="second"), condition("Q", 1), condition("Q", 2))


class CutOffError(Exception):
    """The process is no more."""


def dies(*_: object, **__: object) -> None:
    raise CutOffError


@pytest.fixture
def feed(tmp_path: Path) -> MadeFeed:
    made = MadeFeed(tmp_path / "feed")
    made.step(5, FIRST)
    return made


@pytest.fixture
def folder(tmp_path: Path, feed: MadeFeed) -> Path:
    """A target of that batch."""
    feed_apply(feed.folder, DeltaTarget(tmp_path / "target"), history=True)
    return tmp_path / "target"


def dying_before_it_publishes(feed: MadeFeed, folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.feed.targets.delta_target.publish", dies)
        with pytest.raises(CutOffError):
            feed_apply(feed.folder, DeltaTarget(folder), history=True)


def told(folder: Path) -> Rows:
    return table_of(f"delta:{folder}", "{conditions}")


def commits(folder: Path, table: str = "conditions") -> int:
    return DeltaTable(folder / table).version()


@laws(histories=4, long=10)
@given(steps, st.integers(1, 5))
def test_rows_and_versions_are_those_of_the_steps(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, Rows]], first: int
) -> None:
    place = tmp_path_factory.mktemp("law")
    target = DeltaTarget(place / "target")
    written(place / "half", steps[:first])
    feed_apply(place / "half", target, history=True)
    states = written(place / "feed", steps)

    feed_apply(place / "feed", target)
    assert feed_apply(place / "feed", target).batches == ()

    assert told(place / "target") == states[-1][1]
    assert versions_in(rows_of(target.place, "FROM {conditions_history}")) == versions(states)
    assert {each.hex for each in target.sums().values()} == {slow_sum(states[-1][1].values(), CONDITIONS)}


def test_what_is_ahead_of_the_publication_is_not_read(feed: MadeFeed, folder: Path) -> None:
    before = published_versions(folder)
    feed.step(9, SECOND)

    dying_before_it_publishes(feed, folder)

    assert published_versions(folder) == before == {"conditions": 0, "conditions_history": 0}
    assert commits(folder) == 1
    assert told(folder) == FIRST
    assert DeltaTarget(folder).sums()["conditions"].rows == len(FIRST)


def test_a_table_that_is_ahead_with_the_same_batch_is_not_written_again(feed: MadeFeed, folder: Path) -> None:
    feed.step(9, SECOND)
    dying_before_it_publishes(feed, folder)

    feed_apply(feed.folder, DeltaTarget(folder))

    assert published_versions(folder) == {"conditions": 1, "conditions_history": 1}
    assert told(folder) == SECOND


def test_a_table_that_is_ahead_with_another_batch_is_first_put_back(
    feed: MadeFeed, folder: Path, tmp_path: Path
) -> None:
    before = shutil.copytree(feed.folder, tmp_path / "before")
    feed.step(9, SECOND)
    dying_before_it_publishes(feed, folder)
    shutil.rmtree(feed.folder)
    before.rename(feed.folder)
    feed.listed, feed.position, feed.rows = feed.listed[:1], 5, FIRST
    feed.step(7, other := by_key(condition("Q", 1), condition("R", 1)))

    feed_apply(feed.folder, DeltaTarget(folder))

    assert told(folder) == other
    assert versions_in(rows_of(f"delta:{folder}", "FROM {conditions_history}")) == versions([(5, FIRST), (7, other)])


def test_a_first_batch_that_nobody_published_is_made_anew(feed: MadeFeed, tmp_path: Path) -> None:
    folder = tmp_path / "target"
    dying_before_it_publishes(feed, folder)
    assert DeltaTarget(folder).state() is None
    other = MadeFeed(tmp_path / "other", branch="other ")
    other.step(3, SECOND)

    feed_apply(other.folder, DeltaTarget(folder), history=True)

    assert told(folder) == SECOND


def test_a_commit_whose_answer_is_lost_is_not_made_again(
    feed: MadeFeed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.step(9, SECOND)
    commit = DeltaLog.commit
    with monkeypatch.context() as patch:
        patch.setattr(DeltaLog, "commit", lambda *args: (commit(*args), dies()))
        with pytest.raises(CutOffError):
            feed_apply(feed.folder, DeltaTarget(folder))
    publish = delta_publications.publish
    with monkeypatch.context() as patch:
        patch.setattr(
            "projections.feed.targets.delta_target.publish", lambda *args, **only: (publish(*args, **only), dies())
        )
        with pytest.raises(CutOffError):
            feed_apply(feed.folder, DeltaTarget(folder))

    assert feed_apply(feed.folder, DeltaTarget(folder)).batches == ()
    assert published_versions(folder) == {"conditions": 1, "conditions_history": 1}
    assert told(folder) == SECOND


def test_a_commit_of_somebody_else_is_noticed_before_anything_is_changed(feed: MadeFeed, folder: Path) -> None:
    DeltaTable(folder / "conditions").delete("patient = 'Q'")
    feed.step(9, SECOND)

    with pytest.raises(TargetError, match=r"somebody else wrote to conditions \(version 1, DELETE\); begin a new"):
        feed_apply(feed.folder, DeltaTarget(folder))
    with pytest.raises(TargetError, match="somebody else wrote to conditions"):
        DeltaTarget(folder).sums()

    assert commits(folder, "conditions_history") == 0
    assert DeltaTarget(folder).state().position == 5


def test_a_commit_of_somebody_else_in_between_is_noticed(
    feed: MadeFeed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.step(9, SECOND)
    commit = DeltaLog.commit

    def too_late(log: DeltaLog, *args: object) -> None:
        rows = pl.read_delta(str(log.folder)).head(1)
        write_deltalake(log.folder, rows.to_arrow(), mode="append")
        commit(log, *args)

    monkeypatch.setattr(DeltaLog, "commit", too_late)
    with pytest.raises(TargetError, match=r"somebody else wrote to it meanwhile \(.*\); apply again"):
        feed_apply(feed.folder, DeltaTarget(folder))

    assert DeltaTarget(folder).state().position == 5


@pytest.mark.parametrize("spoil", ["older", "gone", "publications"])
def test_tables_that_are_not_as_the_feed_left_them_are_refused(feed: MadeFeed, folder: Path, spoil: str) -> None:
    match spoil:
        case "older":
            feed.step(9, SECOND)
            feed_apply(feed.folder, DeltaTarget(folder))
            (folder / "conditions" / "_delta_log" / f"{1:020}.json").unlink()
        case "gone":
            shutil.rmtree(folder / "conditions")
        case "publications":
            DeltaTable(folder / "_spondyl_batches").delete("table_name = 'conditions'")
    feed.step(12, FIRST)

    why = "conditions is at version 0, the feed left it at 1|has no table conditions any more|wrote to _spondyl_batches"
    with pytest.raises(TargetError, match=why):
        feed_apply(feed.folder, DeltaTarget(folder))


def test_a_folder_that_no_feed_made_is_left_alone(feed: MadeFeed, tmp_path: Path) -> None:
    write_deltalake(tmp_path / "target" / "conditions", pl.DataFrame({"n": [7]}).to_arrow())

    with pytest.raises(TargetError, match="somebody else wrote to conditions"):
        feed_apply(feed.folder, DeltaTarget(tmp_path / "target"))

    assert pl.read_delta(str(tmp_path / "target" / "conditions"))["n"].to_list() == [7]


def test_a_column_that_is_new_comes_with_the_rows_that_have_it(tmp_path: Path) -> None:
    feed, folder = MadeFeed(tmp_path / "feed"), tmp_path / "target"
    feed.columns = tuple(name for name in COLUMNS if name != "note")
    feed.step(5, by_key(condition("P", 1), condition("Q", 1)))
    feed_apply(feed.folder, DeltaTarget(folder), history=True)
    assert "note" not in pl.read_delta(str(folder / "conditions")).columns

    feed.columns, feed.edition = COLUMNS, 2
    feed.step(5, rows := by_key(condition("P", 1, note="new"), condition("Q", 1)))
    dying_before_it_publishes(feed, folder)
    feed_apply(feed.folder, DeltaTarget(folder))

    assert told(folder) == rows
    assert published_versions(folder) == {"conditions": 1, "conditions_history": 1}
    assert "note" not in pl.read_delta(str(folder / "conditions"), version=0).columns


def test_no_log_says_anything_of_a_row(feed: MadeFeed, folder: Path) -> None:
    feed.step(9, SECOND)
    feed_apply(feed.folder, DeltaTarget(folder))

    logs = [file.read_text() for file in folder.rglob("_delta_log/*.json")]
    adds = [json.loads(line)["add"] for log in logs for line in log.splitlines() if line.startswith('{"add"')]

    assert len(logs) == 2 * 3
    assert {key for add in adds for key in json.loads(add["stats"])} == {"numRecords"}
    assert not any('"predicate"' in log or "condition/" in log for log in logs)


def test_small_files_are_put_together(feed: MadeFeed, folder: Path) -> None:
    for number in range(40):
        feed.step(feed.position + 1, {**feed.rows, **by_key(condition("P", 10 + number))})
        feed_apply(feed.folder, DeltaTarget(folder))

    assert len(DeltaTable(folder / "conditions").file_uris()) <= 17
    assert told(folder) == feed.rows


def test_a_folder_where_nothing_was_applied_has_no_versions(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="has no table _spondyl_batches: no feed was applied there"):
        published_versions(tmp_path)


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from projections.feed.targets.opening import open_target

    monkeypatch.setitem(__import__("sys").modules, "deltalake", None)
    with pytest.raises(TargetError, match=r"needs the package deltalake; install deltalake, or spondyl\[delta\]"):
        open_target(f"delta:{tmp_path}")


def test_tables_are_read_as_the_manual_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [block] = [each for each in re.findall(r"```python\n(.*?)```", MANUAL.read_text(), re.S) if "polars" in each]
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}

    exec(block, found)

    assert found["patients"]["patient"].to_list() == ["P-001"]
    names = ("patients", "patients_history", "visits", "visits_history")
    assert found["versions"] == {name: commits(tmp_path / "lake", name) for name in names}
