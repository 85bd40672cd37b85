"""After an erasure nothing of the person is in a target: in no table, no version, no payload, and in no byte of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from projections.errors import FeedError
from projections.feed.running import feed_init, feed_run
from projections.feed.targets.applying import Done, erase_listed, feed_apply
from projections.feed.targets.opened_feed import OpenedFeed
from projections.feed.targets.opening import open_target
from projections.feed.targets.target import Target
from registry import Registry
from tests import postgres
from tests.projections.feed.exports import BY_PATIENT, exported
from tests.projections.feed.targets.read_back import decoded, rows_of
from tests.projections.feed.targets.test_laws import found_sums, keyed, sums_of

Opened = Callable[[], Target]
GONE, STAYS = "Gone-4711", "Stays-0815"
SECRETS = (GONE, "Kniegelenk rechts", "17.31", "Bergstadt")


@pytest.fixture
def registry(sqlite_url: str) -> Iterator[Registry]:
    with Registry.open(sqlite_url, actor="ines") as opened:
        for patient in (GONE, STAYS):
            opened.enrol_patient(patient, enrolled_on="2018-01-01")
        yield opened


@pytest.fixture
def feed(registry: Registry, tmp_path: Path) -> Path:
    """A feed of two batches, with two versions of what is said of the person."""
    folder = tmp_path / "feed"
    flare = registry.start_flare(GONE, started_on="2018-02-01", note="Kniegelenk rechts")
    registry.start_flare(STAYS, started_on="2018-02-01", note="Handgelenk")
    visit = registry.record_visit(GONE, visited_on="2018-03-01", measures={"crp": "17.31"})
    feed_init(registry, folder)
    feed_run(registry, folder)
    registry.amend(flare, {"note": "Bergstadt"}, reason="misread")
    registry.amend(visit, {"crp": "17.32"}, reason="misread")
    feed_run(registry, folder)
    return folder


def known_of(to: str, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """Return which secrets any row of any table of a target says, as another reader decodes it.

    Of Delta that is every file, whether any version has it or not.
    """
    if to.startswith("delta:"):
        said = " ".join(text for file in Path(to.removeprefix("delta:")).rglob("*.parquet") for text in decoded(file))
        assert STAYS in said
        return [secret for secret in secrets if secret in said]
    if to.startswith("duckdb:"):
        names = [row["name"] for row in rows_of(to, "SELECT table_name AS name FROM duckdb_tables()")]
    else:
        names = [
            row["tablename"] for row in rows_of(to, "SELECT tablename FROM pg_tables WHERE schemaname = 'spondyl'")
        ]
    assert len(names) > len(BY_PATIENT)
    said = " ".join(str(rows_of(to, f"SELECT * FROM {{{name}}}")) for name in names)
    return [secret for secret in secrets if secret in said]


def bytes_of(to: str, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """Return which secrets stand in the files of a target."""
    if to.startswith("delta:"):
        files = [path for path in Path(to.removeprefix("delta:")).rglob("*") if path.is_file()]
    elif to.startswith("duckdb:"):
        file = Path(to.removeprefix("duckdb:"))
        files = [path for path in file.parent.glob(f"{file.name}*") if path.is_file()]
    else:
        files = postgres.files(to)
    content = b"".join(path.read_bytes() for path in files)
    return [secret for secret in secrets if secret.encode() in content]


def erased(registry: Registry, feed: Path, target: Target, patient: str = GONE) -> Done:
    registry.erase_patient(patient, reason="asked for it")
    feed_run(registry, feed)
    return feed_apply(feed, target)


@pytest.mark.parametrize("history", [True, False])
def test_nothing_of_the_person_is_left(registry: Registry, feed: Path, opened: Opened, to: str, history: bool) -> None:
    feed_apply(feed, opened(), history=history)
    opened().close()
    assert GONE in known_of(to)
    assert GONE in bytes_of(to)

    done = erased(registry, feed, opened())

    assert (done.erased.streams, len(done.batches)) == (1, 1)
    assert done.state is not None
    assert (done.state.to_purge, done.state.erased_until) == (False, registry.head.position)
    sums = {name: told for name, told in sums_of(feed).items() if history or not name.endswith("_history")}
    assert found_sums(opened()) == sums
    opened().close()
    assert (known_of(to), bytes_of(to)) == ([], [])
    assert [row["patient"] for row in rows_of(to, "SELECT patient FROM {patients}")] == [STAYS]


def test_others_keep_every_version(registry: Registry, feed: Path, opened: Opened, to: str) -> None:
    flare = f"flare/{STAYS}/2018-02-01"
    registry.amend(flare, {"note": "Fingergelenk"}, reason="misread")
    feed_run(registry, feed)
    feed_apply(feed, opened(), history=True)

    erased(registry, feed, opened())
    opened().close()

    versions = rows_of(to, "SELECT note FROM {flares_history} ORDER BY _known_from_position")
    assert [row["note"] for row in versions] == ["Handgelenk", "Fingergelenk"]


def test_an_erasure_is_carried_out_before_the_batches_that_wait(
    registry: Registry, feed: Path, opened: Opened, to: str
) -> None:
    feed_apply(feed, opened(), history=True)
    registry.start_flare(STAYS, started_on="2019-02-01")
    feed_run(registry, feed)

    done = erased(registry, feed, opened())

    assert (done.erased.streams, len(done.batches)) == (1, 2)
    assert found_sums(opened()) == sums_of(feed)
    opened().close()
    assert (known_of(to), bytes_of(to)) == ([], [])


def test_an_erasure_is_carried_out_once(registry: Registry, feed: Path, opened: Opened) -> None:
    feed_apply(feed, opened())
    erased(registry, feed, opened())
    registry.start_flare(STAYS, started_on="2019-02-01")
    feed_run(registry, feed)

    assert feed_apply(feed, opened()).erased.streams == 0


def test_an_older_copy_of_the_feed_does_not_bring_the_person_back(
    registry: Registry, feed: Path, opened: Opened, to: str, tmp_path: Path
) -> None:
    feed_apply(feed, opened())
    registry.start_flare(GONE, started_on="2019-02-01", note="Bergstadt")
    feed_run(registry, feed)
    older = shutil.copytree(feed, tmp_path / "older")
    registry.erase_patient(GONE, reason="asked for it")
    feed_run(registry, feed)
    target = opened()
    erase_listed(OpenedFeed.read(feed), target)

    with pytest.raises(FeedError, match="it is an older copy of the feed"):
        feed_apply(older, target)

    opened().close()
    assert known_of(to) == []


def test_who_was_taken_for_the_person_has_other_rows_in_place(
    registry: Registry, tmp_path: Path, opened: Opened, to: str
) -> None:
    """What an erased patient left with another, who stays, goes; the other's rows are those of an export."""
    feed = tmp_path / "feed"
    registry.record_visit(STAYS, visited_on="2018-03-01", measures={"crp": 5})
    registry.record_visit(GONE, visited_on="2018-04-01", measures={"crp": "17.31"})
    feed_init(registry, feed)
    feed_run(registry, feed)
    registry.merge_patients(GONE, into=STAYS, reason="one person")
    feed_run(registry, feed)
    registry.unmerge_patients(GONE, reason="two persons")
    feed_run(registry, feed)
    feed_apply(feed, opened(), history=True)
    opened().close()
    assert "17.31" in known_of(to)

    done = erased(registry, feed, opened())

    assert (done.erased.streams, done.erased.patients, done.erased.remaining) == (2, 1, 1)
    assert found_sums(opened()) == sums_of(feed)
    opened().close()
    assert (known_of(to, (GONE, "17.31")), bytes_of(to, (GONE, "17.31"))) == ([], [])
    expected = exported(registry, registry.head.position)
    for name in BY_PATIENT:
        assert keyed(rows_of(to, f"SELECT * FROM {{{name}}}")) == expected[name]
        assert keyed(rows_of(to, f"SELECT * FROM {{{name}_as_known}}({registry.head.position})")) == expected[name]


def test_a_purge_that_was_interrupted_is_done_by_the_next_run(
    registry: Registry, feed: Path, opened: Opened, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_apply(feed, opened())
    target = opened()
    monkeypatch.setattr(target, "purge", interrupted)
    with pytest.raises(KeyboardInterrupt):
        erased(registry, feed, target)
    assert opened().state().to_purge

    done = feed_apply(feed, opened())

    assert done.state is not None
    assert not done.state.to_purge
    opened().close()
    assert (known_of(to), bytes_of(to)) == ([], [])


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_file_of_duckdb_keeps_what_others_made_in_it(registry: Registry, feed: Path, tmp_path: Path) -> None:
    import duckdb

    file = tmp_path / "warehouse.duckdb"
    target = open_target(f"duckdb:{file}")
    feed_apply(feed, target, history=True)
    target.close()
    file.chmod(0o640)
    with duckdb.connect(file) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE TABLE marts.n AS SELECT 7 AS n; CREATE VIEW v AS FROM marts.n")
    target = open_target(f"duckdb:{file}")

    erased(registry, feed, target)
    target.close()

    with duckdb.connect(file) as connection:
        assert connection.execute("FROM v").fetchall() == [(7,)]
        assert connection.execute("SELECT count(*) FROM patients_as_known(1000)").fetchall() == [(1,)]
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.glob("warehouse*")) == ["warehouse.duckdb"]


def test_who_does_not_own_the_database_is_told_what_is_left_to_its_owner(
    registry: Registry, feed: Path, postgres_server: str
) -> None:
    url = postgres.url_of(postgres_server, postgres.new_database(postgres_server))
    postgres.execute(
        url, "DROP ROLE IF EXISTS loader", "CREATE ROLE loader LOGIN", "CREATE SCHEMA spondyl AUTHORIZATION loader"
    )
    with psycopg.connect(url) as connection:
        user = connection.info.user
    target = open_target(url.replace(f"{user}:", "loader:", 1).replace(f"//{user}@", "//loader@"))
    feed_apply(feed, target)

    done = erased(registry, feed, target)

    assert done.erased.left is not None
    assert "until the owner of the database runs VACUUM (FULL) pg_catalog.pg_statistic" in done.erased.left
    assert known_of(url) == []
    target.close()
