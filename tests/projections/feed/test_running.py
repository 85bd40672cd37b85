"""A feed from its folder to its batches: what is written, what is not, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from projections import FeedError, facts_at, feed_init, feed_run, feed_status, feed_verify, project
from projections.feed.locked import writing_in
from projections.feed.row_sums import row_sum
from projections.tables import _MADE, TABLES
from registry import Registry
from registry.errors import ConflictingOptionsError, UnknownCodeError
from registry.store.backup import backup
from tests.projections.feed.exports import exported
from tests.projections.feed.slow_applier import applied, batches_of, images_of
from tests.spec import given

WHY = "read again"


@pytest.fixture
def registry(sqlite_url: str) -> Iterator[Registry]:
    """A registry with two patients, each with a visit."""
    with Registry.open(sqlite_url, actor="ines", clock=given.StandingClock()) as opened:
        for patient in ("P-1", "P-2"):
            opened.enrol_patient(patient, enrolled_on="2010-01-04", consented_on="2010-01-04")
            opened.record("visits", {"id": "17", "patient": patient, "visited_on": "2010-02-01", "crp": "5"})
        yield opened


@pytest.fixture
def feed(registry: Registry, tmp_path: Path) -> Path:
    """A feed of it with its first batch."""
    place = tmp_path / "feed"
    feed_init(registry, place)
    feed_run(registry, place)
    return place


def contents(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def rewrite(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what a file says."""
    said = json.loads(file.read_bytes())
    change(said)
    file.write_text(json.dumps(said))


def visit(registry: Registry, patient: str, day: str) -> None:
    registry.record("visits", {"patient": patient, "visited_on": day, "crp": "7"})


def test_the_first_batch_is_a_whole_export_and_the_next_has_what_is_new(registry: Registry, feed: Path) -> None:
    visit(registry, "P-2", "2011-03-01")
    (written,) = feed_run(registry, feed)

    first, second = batches_of(feed)
    assert (first["from"]["position"], first["to"]["position"], second["to"]["position"]) == (0, 4, 5)
    assert written.folder == "000000000004-000000000005"
    (image,) = images_of(feed, second, "visits")
    assert (image["_change_type"], image["_position"], image["_batch"]) == ("insert", 5, 5)
    assert image["_row_key"] == '["P-2","visit/P-2/2011-03-01"]'
    assert second["tables"]["readings"]["parts"] == []


def test_where_nothing_is_new_nothing_is_written(registry: Registry, feed: Path) -> None:
    before = contents(feed)

    assert feed_run(registry, feed) == ()

    assert contents(feed) == before


def test_the_same_events_give_the_same_bytes(registry: Registry, feed: Path, tmp_path: Path) -> None:
    feed_init(registry, tmp_path / "again")
    feed_run(registry, tmp_path / "again")

    assert contents(tmp_path / "again") == contents(feed)


def test_a_corrected_day_of_a_fact_with_an_id_is_an_update(registry: Registry, feed: Path) -> None:
    registry.amend("visit/P-1/id=17", {"visited_on": "2010-02-03"}, reason=WHY)
    feed_run(registry, feed)

    images = images_of(feed, batches_of(feed)[-1], "visits")
    assert [(each["_change_type"], str(each["visited_on"])) for each in images] == [
        ("update_preimage", "2010-02-01"),
        ("update_postimage", "2010-02-03"),
    ]


def test_a_retracted_fact_is_deleted_with_its_old_image(registry: Registry, feed: Path) -> None:
    registry.retract("visit/P-1/id=17", reason=WHY)
    feed_run(registry, feed)

    (image,) = images_of(feed, batches_of(feed)[-1], "visits")
    assert (image["_change_type"], image["patient"]) == ("delete", "P-1")


def test_who_withdraws_consent_goes_from_a_feed_that_excludes_them_and_comes_back_with_a_new_one(
    registry: Registry, tmp_path: Path
) -> None:
    feed = tmp_path / "feed"
    assert "events" not in feed_init(registry, feed, withdrawn="exclude").tables
    feed_run(registry, feed)

    registry.end_follow_up("P-1", ended_on="2012-01-01", reason="withdrawn")
    feed_run(registry, feed)
    assert {row["patient"] for row in applied(feed)["visits"].values()} == {"P-2"}

    registry.amend("patient/P-1", {"consented_on": "2012-02-01"}, reason="consented anew")
    feed_run(registry, feed)
    assert applied(feed) == exported(registry, registry.head.position, withdrawn="exclude")
    assert {row["patient"] for row in applied(feed)["visits"].values()} == {"P-1", "P-2"}


def test_a_feed_has_the_tables_that_were_chosen_and_no_others(registry: Registry, tmp_path: Path) -> None:
    feed_init(registry, tmp_path / "feed", tables=["visits", "patients"])
    feed_run(registry, tmp_path / "feed")

    (batch,) = batches_of(tmp_path / "feed")
    assert [*batch["tables"]] == ["patients", "visits"]
    assert batch["events"]["parts"] == []


@pytest.mark.parametrize("table", ["agreement", "assignments", "expected_visits", "completeness", "nothing"])
def test_a_table_that_moves_with_everything_or_with_time_is_in_no_feed(
    registry: Registry, tmp_path: Path, table: str
) -> None:
    with pytest.raises(UnknownCodeError, match=f"'{table}' is not a known table of a feed"):
        feed_init(registry, tmp_path / "feed", tables=[table])

    assert not (tmp_path / "feed").exists()


def test_events_are_refused_without_those_who_withdrew(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(ConflictingOptionsError, match="'events' wants who withdrew kept"):
        feed_init(registry, tmp_path / "feed", tables=["events"], withdrawn="exclude")


def test_no_feed_is_made_of_a_registry_without_an_event(sqlite_url: str, tmp_path: Path) -> None:
    with Registry.open(sqlite_url) as empty, pytest.raises(FeedError, match="a registry without an event"):
        feed_init(empty, tmp_path / "feed")


def test_no_feed_is_made_where_something_stands(registry: Registry, feed: Path) -> None:
    before = contents(feed)

    with pytest.raises(FeedError, match="something is there; choose another folder"):
        feed_init(registry, feed)

    assert contents(feed) == before


def test_how_late_a_feed_is(registry: Registry, feed: Path) -> None:
    visit(registry, "P-2", "2011-03-01")

    found = feed_status(registry, feed)

    assert (found.position, found.log_position, found.events_behind, found.batches) == (4, 5, 1, 1)


def test_the_feed_of_another_registry_is_not_continued(feed: Path, sqlite_template: Path, tmp_path: Path) -> None:
    place = shutil.copy(sqlite_template, tmp_path / "other.db")
    with Registry.open(str(place), clock=given.StandingClock()) as other:
        other.enrol_patient("P-9", enrolled_on="2010-01-04")
        before = contents(feed)

        with pytest.raises(FeedError, match=r"is of registry [0-9a-f]{64}, this is registry [0-9a-f]{64}"):
            feed_run(other, feed)

        assert contents(feed) == before


def test_a_copy_that_went_on_separately_or_is_older_does_not_continue_a_feed(
    registry: Registry, feed: Path, tmp_path: Path
) -> None:
    place = tmp_path / "copy.db"
    backup(registry.log.database, place)
    visit(registry, "P-1", "2011-03-01")
    feed_run(registry, feed)
    with Registry.open(str(place), clock=given.StandingClock()) as copied:
        with pytest.raises(FeedError, match="goes to @5, and @4 of the log is before that"):
            feed_run(copied, feed)
        visit(copied, "P-2", "2011-04-01")
        with pytest.raises(FeedError, match="it is a copy that went on separately"):
            feed_run(copied, feed)


def test_two_runs_at_once_are_refused(registry: Registry, feed: Path) -> None:
    visit(registry, "P-1", "2011-03-01")
    with writing_in(feed), pytest.raises(FeedError, match="another run is writing here"):
        feed_run(registry, feed)

    assert len(feed_run(registry, feed)) == 1


def test_what_a_killed_run_left_is_removed(registry: Registry, feed: Path) -> None:
    (feed / "batches" / "000000000004-000000000009").mkdir()
    (feed / "batches" / "000000000004-000000000009" / "batch.json").write_text("{}")
    (feed / ".unfinished.0123abcd").write_text("{")

    feed_run(registry, feed)

    assert [path.name for path in (feed / "batches").iterdir()] == ["000000000000-000000000004"]
    assert not (feed / ".unfinished.0123abcd").exists()


def test_a_batch_that_was_edited_is_told_and_not_continued(registry: Registry, feed: Path) -> None:
    file = feed / "batches" / "000000000000-000000000004" / "batch.json"
    rewrite(file, lambda said: said["to"].update(position=5))
    visit(registry, "P-1", "2011-03-01")

    (problem,) = feed_verify(feed).problems
    assert "has other bytes: sha256 is" in str(problem)
    with pytest.raises(FeedError, match="has other bytes: sha256 is"):
        feed_run(registry, feed)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda said: said["batches"].pop(0), "does not begin at @0, where the last one ended"),
        (lambda said: said["batches"].append(said["batches"][0]), "does not begin at @5, where the last one ended"),
        (lambda said: said.update(position=9), "says @9, its last batch ends at @5"),
        (lambda said: said["batches"][0].update(folder="../../etc"), "is no folder of a batch"),
        (lambda said: said.update(format=2), "has format 2, this spondyl reads 1"),
        (lambda said: said.update(digest="no"), "is none of a feed"),
    ],
    ids=["gap", "overlap", "position", "elsewhere", "format", "digest"],
)
def test_a_head_whose_batches_do_not_follow_one_another_is_refused(
    registry: Registry, feed: Path, change: Callable[[dict[str, Any]], None], what: str
) -> None:
    visit(registry, "P-1", "2011-03-01")
    feed_run(registry, feed)
    rewrite(feed / "head.json", change)

    for ask in (lambda: feed_verify(feed), lambda: feed_run(registry, feed)):
        with pytest.raises(FeedError, match=what):
            ask()


def test_a_folder_that_was_copied_by_half_is_told(feed: Path) -> None:
    part = next((feed / "batches").glob("*/changes/visits/*.parquet"))
    whole = part.read_bytes()
    part.write_bytes(whole[:-7])
    (half,) = feed_verify(feed).problems
    part.unlink()
    (missing,) = feed_verify(feed).problems

    assert f"has {len(whole) - 7:,} bytes, batch.json says {len(whole):,}" in str(half)
    assert "is missing: the batch is not whole" in str(missing)


def test_a_batch_of_a_newer_contract_is_refused(registry: Registry, feed: Path) -> None:
    file = feed / "batches" / "000000000000-000000000004" / "batch.json"
    rewrite(file, lambda said: said.update(contract=2))
    resealed(feed, file)

    (problem,) = feed_verify(feed).problems
    assert "is of contract 2, this spondyl knows 1; use a newer spondyl" in str(problem)


def test_a_feed_whose_file_names_other_tables_than_its_batches_is_told_and_not_continued(
    registry: Registry, feed: Path
) -> None:
    rewrite(feed / "feed.json", lambda said: said["tables"].remove("visits"))
    visit(registry, "P-1", "2011-03-01")

    (problem,) = feed_verify(feed).problems
    assert "has the tables patients, " in str(problem)
    with pytest.raises(FeedError, match="has the tables patients, "):
        feed_run(registry, feed)


def test_a_feed_whose_file_says_something_else_of_who_withdrew_is_told_and_not_continued(
    registry: Registry, feed: Path
) -> None:
    rewrite(feed / "feed.json", lambda said: said.update(withdrawn="exclude"))
    visit(registry, "P-1", "2011-03-01")

    (problem,) = feed_verify(feed).problems
    assert "says keep of patients who withdrew, feed.json says exclude" in str(problem)
    with pytest.raises(FeedError, match=r"says keep of patients who withdrew, feed\.json says exclude"):
        feed_run(registry, feed)


def test_counts_and_sums_that_are_not_those_of_the_rows_are_told(feed: Path) -> None:
    file = feed / "batches" / "000000000000-000000000004" / "batch.json"
    rewrite(file, lambda said: said["tables"]["visits"].update(row_sum="0" * 64))
    resealed(feed, file)
    (of_sum,) = feed_verify(feed).problems
    rewrite(file, lambda said: said["tables"]["visits"].update(rows=3))
    resealed(feed, file)
    (of_rows,) = feed_verify(feed).problems

    assert "visits: says 2 rows with sum 0000" in str(of_sum)
    assert "visits: says 3 rows, the changes come to 2" in str(of_rows)


def resealed(feed: Path, file: Path) -> None:
    """Have the head list a batch that was edited as it is."""
    digest = sha256(file.read_bytes()).hexdigest()

    def list_it(said: dict[str, Any]) -> None:
        [listed] = [each for each in said["batches"] if each["folder"] == file.parent.name]
        listed["sha256"] = digest

    rewrite(feed / "head.json", list_it)


def edit_rows(feed: Path, folder: str, path: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the rows of a file of a batch, and have `batch.json` and `head.json` say that they were always so."""
    file, stated = feed / "batches" / folder / path, feed / "batches" / folder / "batch.json"
    found = pq.read_table(file, partitioning=None)
    rows = found.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=found.schema), file)

    def seal(said: dict[str, Any]) -> None:
        tables = (*said["tables"].values(), said["events"])
        [part] = [part for each in tables for part in each["parts"] if part["path"] == path]
        part.update(bytes=file.stat().st_size, sha256=sha256(file.read_bytes()).hexdigest())

    rewrite(stated, seal)
    resealed(feed, stated)


VISITS = "changes/visits/part-00000.parquet"


@pytest.mark.parametrize(
    ("number", "path", "change", "what"),
    [
        (1, VISITS, lambda rows: rows[0].update(visit="x"), r"visits: says 3 rows with sum \w+, replayed are 3 with"),
        (2, VISITS, lambda rows: rows[1].update(visit="x"), r"visits: says 3 rows with sum \w+, replayed are 3 with"),
        (
            2,
            VISITS,
            lambda rows: rows[0].update(visit="x"),
            r'visits: update_preimage of \["P-1",".*"\] does not fit what the batches before it left',
        ),
        (
            3,
            VISITS,
            lambda rows: rows[0].update(visit="x"),
            r'visits: delete of \["P-1",".*"\] does not fit what the batches before it left',
        ),
        (
            1,
            VISITS,
            lambda rows: rows[0].update(_change_type="delete"),
            r"visits: says 1 insert, there are 1 delete",
        ),
        (
            1,
            VISITS,
            lambda rows: rows[0].update(_row_key='["P-1","visit"]'),
            r'visits: insert is said to be of \["P-1","visit"\], and is not',
        ),
        (1, VISITS, lambda rows: rows[0].update(_position=9), "visits: has images of another step than @4 to @5"),
        (1, VISITS, lambda rows: rows[0].update(_batch=9), "visits: has images of another step than @4 to @5"),
        (
            1,
            "events/part-00000.parquet",
            lambda rows: rows[0].update(actor="mallory"),
            r"events: says 5 rows with sum \w+, replayed are 5 with",
        ),
    ],
    ids=["inserted", "later", "earlier", "deleted", "type", "key", "position", "batch", "event"],
)
def test_a_row_of_a_batch_in_between_that_was_edited_with_all_that_seals_it_is_told(
    registry: Registry, feed: Path, number: int, path: str, change: Callable[[list[dict[str, Any]]], None], what: str
) -> None:
    visit(registry, "P-1", "2011-03-01")
    feed_run(registry, feed)
    [new] = [row["visit_id"] for row in applied(feed)["visits"].values() if str(row["visited_on"]) == "2011-03-01"]
    registry.amend(new, {"visited_on": "2011-03-02"}, reason=WHY)
    feed_run(registry, feed)
    registry.retract(new, reason=WHY)
    feed_run(registry, feed)
    visit(registry, "P-2", "2011-03-01")
    feed_run(registry, feed)
    assert feed_verify(feed).problems == ()
    folder = batches_of(feed)[number]["folder"]

    edit_rows(feed, folder, path, change)

    (problem,) = feed_verify(feed).problems
    assert problem.place == feed / "batches" / folder / "batch.json"
    assert re.search(what, str(problem))


def test_a_sum_of_a_batch_in_between_that_was_edited_is_told(registry: Registry, feed: Path) -> None:
    file = feed / "batches" / "000000000000-000000000004" / "batch.json"
    visit(registry, "P-1", "2011-03-01")
    feed_run(registry, feed)
    rewrite(file, lambda said: said["tables"]["visits"].update(row_sum="0" * 64))
    resealed(feed, file)

    (problem,) = feed_verify(feed).problems

    assert f"visits: says 2 rows with sum {'0' * 64}, replayed are 2 with" in str(problem)


class Earlier:
    """An earlier spondyl, which made the table `visits` without its last column and said nothing of P-2."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = TABLES["visits"]
        then = now._replace(edition=now.edition - 1, columns=now.columns[:-1])
        made, names = _MADE[now], [column.name for column in then.columns]
        monkeypatch.setitem(TABLES, "visits", then)
        monkeypatch.setitem(_MADE, then, lambda facts: of_the_first(made(facts)).select(names).cast(then.schema))


def of_the_first(rows: Any) -> Any:
    return rows.filter(pc.equal(rows["patient"].cast(pa.string()), "P-1"))


def test_a_rule_that_changed_is_a_restated_batch_with_its_new_column(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = tmp_path / "feed"
    with monkeypatch.context() as earlier:
        Earlier(earlier)
        feed_init(registry, feed)
        feed_run(registry, feed)
    visit(registry, "P-1", "2011-03-01")

    written = feed_run(registry, feed)

    assert [each.folder for each in written] == ["000000000004-000000000004", "000000000004-000000000005"]
    first, restated, last = batches_of(feed)
    assert (first["restated"], restated["restated"], last["restated"]) == (False, True, False)
    assert restated["from"] == restated["to"] == first["to"]
    assert restated["tables"]["visits"]["counts"] == {"insert": 1, "update": 1, "delete": 0}
    assert restated["tables"]["patients"]["counts"] == {"insert": 0, "update": 0, "delete": 0}
    assert restated["tables"]["visits"]["edition"] == first["tables"]["visits"]["edition"] + 1
    before, after, inserted = images_of(feed, restated, "visits")
    assert (before["before_enrolment"], after["before_enrolment"], inserted["patient"]) == (None, False, "P-2")
    assert feed_verify(feed).problems == ()


def test_rules_that_change_again_before_anything_happens_are_each_a_batch_of_its_own(
    registry: Registry, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = TABLES["visits"]
    written = []
    for edition in range(now.edition + 1, now.edition + 5):
        later = now._replace(edition=edition)
        monkeypatch.setitem(TABLES, "visits", later)
        monkeypatch.setitem(_MADE, later, lambda facts: _MADE[now](facts).cast(now.schema))
        written += feed_run(registry, feed)

    assert [each.folder for each in written] == [f"000000000004-000000000004{n}" for n in ("", ".2", ".3", ".4")]
    assert feed_verify(feed).problems == ()


def test_a_feed_of_a_later_rule_is_not_continued(
    registry: Registry, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Earlier(monkeypatch)
    visit(registry, "P-1", "2011-03-01")

    with pytest.raises(FeedError, match="use the spondyl that wrote it"):
        feed_run(registry, feed)


def test_who_is_erased_is_in_no_byte_of_a_feed_of_an_earlier_rule(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = tmp_path / "feed"
    with monkeypatch.context() as earlier:
        Earlier(earlier)
        feed_init(registry, feed)
        feed_run(registry, feed)
    registry.erase_patient("P-1", reason="asked for it")

    feed_run(registry, feed)

    assert [batch["folder"].endswith("~1") for batch in batches_of(feed)] == [True] * 3
    assert [name for name, content in contents(feed).items() if b"P-1" in content] == []
    assert feed_verify(feed).problems == ()
    assert sorted(applied_by_the_end(feed)) == ['["P-2","visit/P-2/id=17"]']


def applied_by_the_end(feed: Path) -> set[str]:
    """Return the keys of the visits that the images leave, whatever columns they have."""
    keys: set[str] = set()
    for batch in batches_of(feed):
        for image in images_of(feed, batch, "visits"):
            (keys.discard if image["_change_type"] in ("delete", "update_preimage") else keys.add)(image["_row_key"])
    return keys


def test_the_sums_of_a_feed_are_those_of_the_rows_that_stand_there(registry: Registry, feed: Path) -> None:
    found = row_sum(project("visits", facts_at(registry)), TABLES["visits"])

    told = batches_of(feed)[-1]["tables"]["visits"]
    assert (found.rows, found.hex) == (told["rows"], told["row_sum"])
