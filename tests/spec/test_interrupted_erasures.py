"""An erasure that was interrupted is finished by the next command of any kind, or that command says what is left."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, make_url

import migrations
from registry import Registry
from registry.domain.notes import Note
from registry.store.blocks_folder import blocks_folder
from registry.store.opening import database_at, open_database
from registry.store.overwriting import to_be_overwritten
from registry.store.roles import roles_sql
from registry.store.schema import events
from registry.streams import PatientStreams
from tests import postgres
from tests.spec import given

SECRETS = (given.PATIENT, "Kniegelenk rechts", "Zeile-4711")
NOTE = Note("lindner", "python", "asked for it")


@pytest.fixture
def interrupted(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The place of a registry in which a patient was erased, and nothing was done after the transaction."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    recorded(url)
    erased(url)
    return url


def recorded(url: str) -> None:
    with Registry.open(url, actor="lindner") as registry:
        given.enrolled(registry)
        given.enrolled(registry, "BAR1-02")
        registry.start_flare(given.PATIENT, started_on="2003-02-03", note="Kniegelenk rechts")
        registry.record("visits", {"patient": given.PATIENT, "visited_on": "2003-02-03", "id": "Zeile-4711"})
        block = Path(blocks_folder(registry.log.database).path) / "000000000001-000000000002-0123abcd"
    block.mkdir(parents=True)
    (block / "patients.parquet").write_bytes(given.PATIENT.encode())


def erased(url: str) -> None:
    """Erase a patient as far as a process comes that is killed when the transaction has been committed."""
    with closing(PatientStreams.open(url, clock=given.StandingClock())) as streams:
        streams.erase(given.PATIENT, NOTE)


def kept(url: str, folder: Path) -> set[str]:
    """Return what any file of the registry still says of the patient."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    if url.startswith("postgresql"):
        files += postgres.files(url)
    content = b"".join(path.read_bytes() for path in files)
    return {secret for secret in SECRETS if secret.encode() in content}


@contextmanager
def somebody_reading(url: str) -> Iterator[None]:
    """Keep a transaction open that reads the log."""
    with closing(database_at(url)) as database, database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN" if url.startswith("postgresql") else "SELECT 1")
        connection.exec_driver_sql("SELECT count(*) FROM events").scalar()
        yield


def test_what_is_left_in_files_is_gone_after_the_next_opening(interrupted: str, tmp_path: Path) -> None:
    assert given.PATIENT in kept(interrupted, tmp_path)

    with Registry.open(interrupted) as registry:
        assert registry.interrupted == (3, None)

    assert kept(interrupted, tmp_path) == set()
    with Registry.open(interrupted) as registry:
        assert registry.interrupted is None
        assert registry.verify().is_whole


def test_an_erasure_that_was_not_interrupted_leaves_nothing_to_do(url: str) -> None:
    recorded(url)
    with Registry.open(url) as registry:
        assert registry.erase_patient(given.PATIENT, reason="asked for it").overwritten
    with Registry.open(url) as registry:
        assert (registry.interrupted, registry.verify().to_overwrite) == (None, 0)


def test_where_somebody_is_in_the_way_it_is_told_and_verification_knows(interrupted: str, tmp_path: Path) -> None:
    with somebody_reading(interrupted), Registry.open(interrupted) as registry:
        assert registry.interrupted is not None
        assert registry.interrupted.why_not
        found = registry.verify()
        assert (found.problems, found.to_overwrite) == ((), 3)

    with Registry.open(interrupted) as registry:
        assert registry.interrupted == (3, None)
    assert kept(interrupted, tmp_path) == set()


def test_decoded_columns_that_cannot_be_removed_do_not_keep_the_pages_from_being_written_anew(
    interrupted: str, tmp_path: Path
) -> None:
    with closing(open_database(interrupted)) as database:
        folder = Path(blocks_folder(database).path)
    folder.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "000000000001-000000000002-0123abcd" / "patients.parquet").unlink()
    folder.write_text("no folder")

    with Registry.open(interrupted) as registry:
        assert registry.interrupted is not None
        assert str(registry.interrupted.why_not).startswith(f"decoded columns stay in {folder}: ")

    assert kept(interrupted, tmp_path) == set()


def test_a_file_that_is_damaged_is_told_and_opened_all_the_same(sqlite_url: str) -> None:
    recorded(sqlite_url)
    erased(sqlite_url)
    path = Path(str(make_url(sqlite_url).database))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'tracking'").fetchall()
        [(size,)] = connection.execute("PRAGMA page_size").fetchall()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    with Registry.open(sqlite_url) as registry:
        assert registry.interrupted is not None
        assert "malformed" in str(registry.interrupted.why_not)
        assert registry.head.position == 5


def test_what_was_erased_by_hand_is_overwritten_as_well(url: str, tmp_path: Path) -> None:
    recorded(url)
    with closing(open_database(url)) as database:
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE events SET payload = NULL, salt = NULL WHERE version > 1")
        assert to_be_overwritten(database) == 2

    with Registry.open(url) as registry:
        assert registry.interrupted == (2, None)
    assert "Kniegelenk rechts" not in kept(url, tmp_path)


def test_a_copy_keeps_nothing_of_it_and_owes_nothing(sqlite_url: str, tmp_path: Path) -> None:
    from registry.store.backup import backup

    recorded(sqlite_url)
    erased(sqlite_url)
    (tmp_path / "copies").mkdir()
    with closing(open_database(sqlite_url)) as database:
        backup(database, tmp_path / "copies" / "copy.db")

    with closing(open_database(tmp_path / "copies" / "copy.db")) as copy:
        assert to_be_overwritten(copy) == 0
    assert kept("sqlite", tmp_path / "copies") == set()


def test_an_erasure_before_the_schema_that_notes_it_is_overwritten_once_more(vacant_url: str) -> None:
    with closing(database_at(vacant_url)) as database:
        with database.writing() as connection:
            migrations.upgrade(connection, "0003")
        with database.writing() as connection:
            stream = UUID(int=1) if vacant_url.startswith("postgresql") else UUID(int=1).bytes
            event = {"position": 1, "stream": stream, "version": 1, "topic": "PatientEnrolled", "event_version": 1}
            bound = {"recorded_at": 0, "commitment": b"x" * 32, "digest": b"y" * 32}
            connection.execute(insert(events), event | bound)

    with Registry.create(vacant_url) as registry:
        assert registry.interrupted == (1, None)


@pytest.fixture
def shared(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An interrupted erasure on a server that others use too; the URL of its reader rita."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    recorded(postgres_url)
    erased(postgres_url)
    postgres.execute(
        postgres_url,
        roles_sql(writer="spondyl_writer", reader="spondyl_reader"),
        "CREATE ROLE rita LOGIN PASSWORD 'correct-horse' IN ROLE spondyl_reader",
    )
    yield make_url(postgres_url).set(username="rita", password="correct-horse").render_as_string(hide_password=False)
    postgres.execute(
        postgres_url,
        "DROP OWNED BY rita, spondyl_writer, spondyl_reader",
        "DROP ROLE rita, spondyl_writer, spondyl_reader",
    )


def test_a_reader_of_a_server_is_told_that_its_owner_has_to_finish_it(shared: str) -> None:
    with Registry.open(shared) as registry:
        assert registry.interrupted == (3, "only the owner of the tables can write them anew")
        assert registry.verify().to_overwrite == 3
        assert "let the owner of the database run `spondyl verify`" in str(registry.interrupted)


def test_whoever_could_read_before_the_schema_was_brought_up_to_date_still_can(
    postgres_server: str, shared: str
) -> None:
    name = postgres.new_database(postgres_server)
    old = postgres.url_of(postgres_server, name)
    with closing(database_at(old)) as database, database.writing() as connection:
        migrations.upgrade(connection, "0003")
    postgres.execute(old, "GRANT SELECT ON events, freezes, spondyl_schema TO spondyl_reader")
    Registry.create(old).close()

    with Registry.open(str(make_url(shared).set(database=name).render_as_string(hide_password=False))) as registry:
        assert registry.interrupted is None

    postgres.drop_database(postgres_server, name)
