"""Opening and creating a registry, and refusing what is none."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

import migrations
from registry.errors import NewSchemaError, NoRegistryError, NotARegistryError, OldSchemaError, UnreachableError
from registry.store.backup import backup
from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.opening import create_database, open_database
from registry.store.sqlite import SQLiteDatabase
from registry.store.verify import verify
from tests.postgres import execute
from tests.registry.store.recording import record, run, tables, visit

Opening = Callable[[str | Path], Database]


def test_a_created_registry_is_empty_and_of_the_newest_schema(vacant_url: str) -> None:
    create_database(vacant_url).close()

    database = open_database(vacant_url)
    assert EventLog(database).head().position == 0
    with database.reading() as connection:
        assert migrations.current(connection) == migrations.HEAD
    database.close()


def test_creating_a_registry_again_changes_nothing(url: str) -> None:
    first = open_database(url)
    record(first, visit())
    first.close()

    again = create_database(url)

    assert EventLog(again).head().position == 1
    again.close()


def test_a_registry_that_is_not_there_is_refused_and_not_created(vacant_url: str, tmp_path: Path) -> None:
    with pytest.raises(NoRegistryError, match=r"no registry at .*; create one with `spondyl init`"):
        open_database(vacant_url)

    assert list(tmp_path.iterdir()) == []


def test_an_older_schema_is_refused_with_the_command_that_upgrades_it(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = migrations.HEAD
    monkeypatch.setattr(migrations, "REVISIONS", (*migrations.REVISIONS, "8888"))
    monkeypatch.setattr(migrations, "HEAD", "8888")

    with pytest.raises(
        OldSchemaError, match=f"has schema {held}, this spondyl needs 8888; upgrade it with `spondyl init`"
    ):
        open_database(url)


@pytest.mark.parametrize("opening", [open_database, create_database])
def test_a_newer_schema_is_refused(database: Database, url: str, opening: Opening) -> None:
    run(database, "UPDATE spondyl_schema SET version_num = '9999'")

    with pytest.raises(NewSchemaError, match=f"has schema 9999, this spondyl knows up to {migrations.HEAD}"):
        opening(url)


@pytest.mark.parametrize("opening", [open_database, create_database])
def test_the_database_of_another_program_is_refused_and_left_as_it_was(
    vacant_url: str, opening: Opening, tmp_path: Path
) -> None:
    if vacant_url.startswith("sqlite"):
        with closing(sqlite3.connect(tmp_path / "vacant.db")) as other:
            other.execute("CREATE TABLE events (happened TEXT)")
        before = (tmp_path / "vacant.db").read_bytes()
    else:
        execute(vacant_url, "CREATE TABLE events (happened TEXT)")

    with pytest.raises(
        NotARegistryError, match="is not a spondyl registry: it has tables of something else, as 'events'"
    ):
        opening(vacant_url)

    if vacant_url.startswith("sqlite"):
        assert (tmp_path / "vacant.db").read_bytes() == before


def test_a_registry_shares_a_server_database_with_other_tables(postgres_url: str) -> None:
    execute(postgres_url, "CREATE TABLE laboratory (result TEXT)")

    database = open_database(postgres_url)

    assert "laboratory" in tables(database)
    database.close()


@pytest.mark.parametrize("opening", [open_database, create_database])
def test_a_file_of_another_kind_is_refused_and_left_as_it_was(tmp_path: Path, opening: Opening) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("patient,pain\n", "utf-8")

    with pytest.raises(NotARegistryError, match=r"visits\.csv is not a spondyl registry: it is not an SQLite file"):
        opening(file)
    with pytest.raises(NotARegistryError, match="it is not a file"):
        opening(tmp_path)

    assert file.read_text("utf-8") == "patient,pain\n"


def test_a_file_in_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match=r"cannot use the registry at .*nowhere.*: unable to open database file"):
        create_database(tmp_path / "nowhere" / "cohort.db")


@pytest.mark.parametrize("place", ["", ":memory:", "sqlite://", "sqlite:///:memory:"])
def test_a_registry_in_memory_is_refused(place: str) -> None:
    with pytest.raises(NotARegistryError, match="a registry is kept; give the path of a file"):
        create_database(place)


@pytest.mark.parametrize(
    "place",
    [
        "mysql://ines:geheim@host/registry",
        "postgresql://ines:gehe@im@host/registry",
        "postgresql://ines:geheim@host:port/registry",
        "postgresql://ines:geheim@127.0.0.1:1/registry",
        "postgresql://ines@127.0.0.1:1/registry?password=geheim",
    ],
)
def test_no_message_contains_a_password(place: str) -> None:
    with pytest.raises((NotARegistryError, UnreachableError)) as refusal:
        open_database(place)

    assert not any(secret in str(refusal.value) for secret in ("geheim", "gehe", "im@"))
    assert refusal.value.__cause__ is None


def test_a_path_a_path_object_and_a_url_name_the_same_file(tmp_path: Path) -> None:
    create_database(tmp_path / "cohort.db").close()

    for place in (tmp_path / "cohort.db", str(tmp_path / "cohort.db"), f"sqlite:///{tmp_path}/cohort.db"):
        open_database(place).close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("busy_timeout", 60_000),
        ("synchronous", 2),
        ("fullfsync", 1),
        ("cell_size_check", 1),
        ("secure_delete", 1),
    ],
)
def test_a_file_is_opened_with_the_safe_settings(sqlite_url: str, setting: str, value: object) -> None:
    database = open_database(sqlite_url)

    with database.reading() as connection:
        assert connection.scalar(text(f"PRAGMA {setting}")) == value

    database.close()


def test_an_upgrade_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    database = SQLiteDatabase(tmp_path / "cohort.db")

    with suppress(InterruptedError), database.writing() as connection:
        migrations.upgrade(connection)
        raise InterruptedError

    assert tables(database) == []
    database.close()


def test_opening_a_file_twice_keeps_the_locks_of_this_process_on_it(sqlite_url: str) -> None:
    first = open_database(sqlite_url)
    record(first, visit(version=1))
    open_database(sqlite_url).close()

    _read_elsewhere(sqlite_url)  # who closes the last connection removes the write-ahead log
    record(first, visit(version=2))

    assert _read_elsewhere(sqlite_url) == 2
    first.close()


def _read_elsewhere(url: str) -> int:
    """Return the last position that another process finds."""
    program = (
        "import sys; from registry.store.log import EventLog; from registry.store.opening import open_database; "
        "database = open_database(sys.argv[1]); print(EventLog(database).head().position); database.close()"
    )
    found = subprocess.run([sys.executable, "-c", program, url], check=True, capture_output=True, timeout=60)
    return int(found.stdout)


def test_who_only_reads_a_file_changes_no_byte_of_it(tmp_path: Path) -> None:
    with closing(create_database(tmp_path / "cohort.db")) as database:
        record(database, visit())
        backup(database, tmp_path / "copy.db")
    before = (tmp_path / "copy.db").read_bytes()

    with closing(open_database(tmp_path / "copy.db")) as copy:
        assert verify(EventLog(copy)).is_whole
        assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]
        assert (tmp_path / "copy.db").read_bytes() == before
        record(copy, visit(version=2))
        with copy.reading() as connection:
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
