"""A disk that is full, a file that cannot be written, a lock that somebody keeps: refused, and nothing is lost."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from projections import feed_init, feed_run, feed_status, feed_verify
from projections.errors import FeedError, OutputError
from projections.export import export
from registry import Registry
from registry.errors import CopyError, UnreachableError
from registry.intake import import_batch
from registry.store import sqlite
from registry.store.backup import backup
from registry.store.opening import create_database
from tests import postgres
from tests.cli.conftest import Spondyl
from tests.faults.conftest import shown
from tests.faults.killing import run
from tests.faults.lengths import figure
from tests.faults.undertakings import EVENTS_OF_A_LARGE_BATCH

Batches = Callable[[int], Path]
Disk = Callable[[str], Path]


def position(url: str) -> int:
    """Return the last position of a log, and see that it is whole."""
    with Registry.open(url) as registry:
        assert registry.verify().is_whole
        return registry.head.position


def test_a_batch_that_does_not_fit_is_not_stored_and_fits_when_there_is_room(sqlite_url: str, batches: Batches) -> None:
    def no_room(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")

    with Registry.open(sqlite_url) as registry:
        registry.log.database.engine.dispose()
        event.listen(registry.log.database.engine, "connect", no_room)
        with pytest.raises(UnreachableError, match=r"cannot use the registry at .*: database or disk is full"):
            import_batch(registry, batches(0))
        assert registry.head.position == 0

    with Registry.open(sqlite_url) as registry:
        assert import_batch(registry, batches(1)).events == EVENTS_OF_A_LARGE_BATCH - 1
    assert position(sqlite_url) == EVENTS_OF_A_LARGE_BATCH


def test_a_disk_that_fills_up_during_an_import_keeps_what_was_there(
    small_disk: Disk, sqlite_template: Path, batches: Batches, spondyl: Spondyl
) -> None:
    db = shutil.copy(sqlite_template, small_disk("700k") / "registry.db")

    answers = [spondyl("--db", db, "import", batches(number)) for number in range(6)]
    stored = [answer for answer in answers if answer.code == 0]
    refused = [answer for answer in answers if answer.code != 0]

    assert stored
    assert refused
    assert {answer.code for answer in refused} == {3}
    assert all(answer.err.startswith(f"spondyl: cannot use the registry at {db}: ") for answer in refused)
    assert all(answer.err.count("\n") == 1 for answer in refused)
    small_disk("20m")
    assert position(str(db)) == len(stored) * EVENTS_OF_A_LARGE_BATCH
    assert all(spondyl("--db", db, "import", batches(number)).code == 0 for number in range(6, 9))
    assert position(str(db)) == (len(stored) + 3) * EVENTS_OF_A_LARGE_BATCH
    figure("disk full during import", "SQLite", len(answers), f"{len(refused)} refused in one line, none half stored")


@pytest.fixture
def url_on_a_small_disk(small_disk: Disk, own_server: str) -> Iterator[str]:
    """An empty registry on a server that has room for some 1,200 KiB more of it."""
    disk = small_disk("40m")
    owner = Path(shown(own_server, "data_directory")).stat()
    shutil.chown(disk, owner.st_uid, owner.st_gid)
    for folder in disk.parents[:5]:
        if folder.stat().st_uid == os.getuid() and folder.name.startswith(("pytest", "popen", "test")):
            folder.chmod(0o755)
    name = postgres.new_database(own_server)
    moved = f"CREATE TABLESPACE small LOCATION '{disk}'", f"ALTER DATABASE {name} SET TABLESPACE small"
    postgres.execute(own_server, *moved)
    create_database(postgres.url_of(own_server, name)).close()
    small_disk(f"{shutil.disk_usage(disk).used // 1024 + 1200}k")
    yield postgres.url_of(own_server, name)
    small_disk("40m")
    postgres.drop_database(own_server, name)
    postgres.execute(own_server, "DROP TABLESPACE small")


def test_a_server_whose_disk_fills_up_refuses_and_goes_on(
    url_on_a_small_disk: str, small_disk: Disk, batches: Batches, spondyl: Spondyl
) -> None:
    url = url_on_a_small_disk

    answers = [spondyl("--db", url, "import", batches(number)) for number in range(12)]
    stored = [answer for answer in answers if answer.code == 0]
    refused = [answer for answer in answers if answer.code != 0]

    assert refused
    assert {answer.code for answer in refused} == {3}
    assert all(answer.err.startswith("spondyl: cannot use the registry at postgresql://") for answer in refused)
    assert all(answer.err.count("\n") == 1 for answer in refused)
    small_disk("40m")
    assert position(url) == len(stored) * EVENTS_OF_A_LARGE_BATCH
    assert spondyl("--db", url, "import", batches(16)).code == 0
    found = f"{len(refused)} refused in one line, none half stored"
    figure("disk full during import", "PostgreSQL", len(answers), found)


def test_an_export_or_a_copy_that_does_not_fit_is_not_there(small_disk: Disk, recorded: str, tmp_path: Path) -> None:
    disk = small_disk("100k")

    with Registry.open(recorded) as registry:
        with pytest.raises(OutputError, match=r"cannot export to .*: No space left on device"):
            export(registry, disk / "out")
        if recorded.startswith("sqlite"):
            with pytest.raises(CopyError, match=r"cannot copy a registry to .*: database or disk is full"):
                backup(registry.log.database, disk / "copy.db")
        assert list(disk.iterdir()) == []

        small_disk("10m")
        export(registry, disk / "out")


def test_a_batch_of_a_feed_that_does_not_fit_is_not_there(small_disk: Disk, recorded: str) -> None:
    feed = small_disk("100k") / "feed"

    with Registry.open(recorded) as registry:
        feed_init(registry, feed)
        with pytest.raises(FeedError, match=r"cannot be written: No space left on device"):
            feed_run(registry, feed)
        assert list((feed / "batches").iterdir()) == []
        assert feed_status(registry, feed).position == 0

        small_disk("10m")
        assert len(feed_run(registry, feed)) == 1
        assert feed_verify(feed).problems == ()


def test_an_export_is_not_rebuilt_where_temporary_files_have_no_room(
    small_disk: Disk,
    sqlite_url: str,
    batches: Batches,
    tmp_path: Path,
    spondyl: Spondyl,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = small_disk("20k")
    with Registry.open(sqlite_url) as registry:
        import_batch(registry, batches(0))
        export(registry, tmp_path / "out")
    monkeypatch.setattr("tempfile.tempdir", str(disk))

    refused = spondyl("--db", sqlite_url, "reproduce", tmp_path / "out")

    assert refused.code == 3
    assert refused.err == (
        "spondyl: temporary files cannot be written: No space left on device; name another folder in TMPDIR\n"
    )
    assert list(disk.iterdir()) == []
    small_disk("10m")
    assert spondyl("--db", sqlite_url, "reproduce", tmp_path / "out").out == "identical\n"


def limited(url: str, folder: Path, tell: Callable[[object], None]) -> None:
    """Import, export and copy where no file may have more than 40 KiB; a way to be short of room without being root."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (40 * 1024, 40 * 1024))
    with Registry.open(url) as registry:
        for attempt in (
            lambda: import_batch(registry, folder / "batch-1"),
            lambda: export(registry, folder / "out"),
            lambda: backup(registry.log.database, folder / "copy.db"),
        ):
            try:
                attempt()
                tell("done")
            except (UnreachableError, OutputError, CopyError) as refusal:
                tell(type(refusal).__name__)


def test_a_process_that_may_write_no_more_is_told_so(sqlite_url: str, batches: Batches, tmp_path: Path) -> None:
    with Registry.open(sqlite_url) as registry:
        import_batch(registry, batches(0))
    batches(1)

    told = run(limited, sqlite_url, tmp_path).told

    assert told == ["UnusableDatabaseError", "OutputError", "CopyError"]
    assert position(sqlite_url) == EVENTS_OF_A_LARGE_BATCH
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch-0", "batch-1", "registry.db"]
    with Registry.open(sqlite_url) as registry:
        assert import_batch(registry, tmp_path / "batch-1").events == EVENTS_OF_A_LARGE_BATCH - 1


def test_a_disk_that_only_reads_gives_a_copy_to_read_and_refuses_what_would_be_written(
    small_disk: Disk, sqlite_url: str, batches: Batches, spondyl: Spondyl
) -> None:
    disk = small_disk("10m")
    with Registry.open(sqlite_url) as registry:
        import_batch(registry, batches(0))
        backup(registry.log.database, disk / "copy.db")
    small_disk("10m,ro")

    assert position(str(disk / "copy.db")) == EVENTS_OF_A_LARGE_BATCH
    for words in (
        ("import", batches(1)),
        ("freeze", "paper"),
        ("record", "patient", "patient=P", "enrolled_on=2020-01-01"),
    ):
        refused = spondyl("--db", disk / "copy.db", *words)
        assert refused.code == 3
        assert refused.err == (
            f"spondyl: cannot use the registry at {disk / 'copy.db'}: attempt to write a readonly database\n"
        )
    for words in (("--db", sqlite_url, "export", disk / "out"), ("--db", sqlite_url, "backup", disk / "other.db")):
        refused = spondyl(*words)
        assert (refused.code, refused.err.count("\n")) == (3, 1)


def test_a_lock_that_somebody_keeps_is_waited_for_and_then_refused(
    sqlite_url: str, batches: Batches, spondyl: Spondyl, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tuple(setting.replace("busy_timeout = 60000", "busy_timeout = 300") for setting in sqlite.SETTINGS)
    monkeypatch.setattr(sqlite, "SETTINGS", settings)  # nobody wants to wait for a minute here
    path = sqlite_url.removeprefix("sqlite:///")

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = spondyl("--db", path, "import", batches(0))
        read = spondyl("--db", path, "verify")

    assert (refused.code, refused.err) == (3, f"spondyl: cannot use the registry at {path}: database is locked\n")
    assert read.code == 0
    assert spondyl("--db", path, "import", batches(1)).code == 0
