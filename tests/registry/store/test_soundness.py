"""A registry is more than its rows: what is missing, other or added in the database itself is found by verification."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from registry.errors import CopyError
from registry.store.backup import backup, restore
from registry.store.database import Database
from registry.store.freezes import Freezes
from registry.store.log import EventLog
from registry.store.opening import create_database, database_at, open_database
from registry.store.postgres_check import MADE, as_lines, definitions, made_by_migrations
from registry.store.postgres_check import inspected as inspected_on_a_server
from registry.store.recorder import SQLApplicationRecorder
from registry.store.schema_check import broken_parts
from registry.store.sqlite import SQLiteDatabase
from registry.store.verify import verify
from tests import postgres
from tests.registry.store.recording import ANNA, BERT, record, run, study, visit


def recorded(database: Database) -> EventLog:
    """A log of twelve events on two streams, with two studies and a freeze."""
    record(database, *(visit(ANNA, version) for version in range(1, 9)))
    record(database, visit(BERT, 1), study("MR-1", BERT, 2), study("MR-2", BERT, 3), visit(BERT, 4))
    Freezes(database).add("report", actor="ines")
    return EventLog(database)


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[SQLiteDatabase]:
    with closing(open_database(sqlite_url)) as database:
        recorded(database)
        assert isinstance(database, SQLiteDatabase)
        yield database


@pytest.fixture
def on_a_server(postgres_url: str) -> Iterator[Database]:
    with closing(open_database(postgres_url)) as database:
        recorded(database)
        yield database


@pytest.fixture(scope="module")
def standing(postgres_server: str, postgres_template: str) -> Iterator[Database]:
    """A registry on a server that is the same for all tests, each of which takes back what it did."""
    name = postgres.new_database(postgres_server, template=postgres_template)
    with closing(open_database(postgres.url_of(postgres_server, name))) as database:
        yield database
    postgres.drop_database(postgres_server, name)


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """Lend a connection that writes, and take back what it wrote."""
    with database.writing() as connection:
        yield connection
        connection.exec_driver_sql("ROLLBACK")


def problems(database: Database) -> list[str]:
    return [str(problem) for problem in verify(EventLog(database)).problems]


def notes(database: Database) -> list[str]:
    return [str(note) for note in verify(EventLog(database)).notes]


def edit(database: Database, *statements: str) -> None:
    """Run statements as somebody could who edits a file's own tables, and close it so that all is read anew."""
    with database.writing() as connection:
        for setting in ("ignore_check_constraints", "writable_schema"):
            connection.exec_driver_sql(f"PRAGMA {setting} = ON")
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.close()


class TestInAFile:
    def test_a_stream_cast_to_text_hides_events_and_is_named(self, on_sqlite: SQLiteDatabase) -> None:
        run(on_sqlite, "DROP TRIGGER events_stay")
        trigger = "CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'no'); END"
        edit(on_sqlite, "UPDATE events SET stream = CAST(stream AS TEXT) WHERE position = 3", trigger)

        assert len(SQLApplicationRecorder(on_sqlite).select_events(ANNA)) == 7
        assert "@3: stream of events is stored as text, not as blob" in problems(on_sqlite)
        assert "the database: trigger events_stay of events is not as the migrations make it" in problems(on_sqlite)

    @pytest.mark.parametrize("column", ["salt", "commitment", "digest"])
    def test_bytes_stored_as_text_are_named(self, on_sqlite: SQLiteDatabase, column: str) -> None:
        run(on_sqlite, "DROP TRIGGER events_stay")
        run(on_sqlite, f"UPDATE events SET {column} = zeroblob(32) WHERE {column} = 'never'")
        edit(on_sqlite, f"UPDATE events SET {column} = CAST({column} AS TEXT) WHERE position = 5")

        assert f"@5: {column} of events is stored as text, not as blob" in problems(on_sqlite)

    def test_a_digest_of_a_freeze_that_is_text_is_named(self, on_sqlite: SQLiteDatabase) -> None:
        run(on_sqlite, "DROP TRIGGER freezes_stay")
        edit(on_sqlite, "UPDATE freezes SET digest = CAST(digest AS TEXT)")

        assert "the database: digest of freezes is stored as text, not as blob" in problems(on_sqlite)

    def test_an_index_that_lacks_rows_is_named(self, on_sqlite: SQLiteDatabase) -> None:
        [definition] = _all(on_sqlite, "SELECT sql FROM sqlite_master WHERE name = 'events_study'")
        run(on_sqlite, "DROP INDEX events_study")
        run(on_sqlite, "CREATE INDEX events_study ON events (json_extract(payload, '$.statement.study')) WHERE 0")
        edit(on_sqlite, f"UPDATE sqlite_master SET sql = '{quoted(definition)}' WHERE name = 'events_study'")

        assert SQLApplicationRecorder(on_sqlite).streams_of_studies(["MR-1"]) == set()
        assert "the database: row 10 missing from index events_study" in problems(on_sqlite)

    def test_an_index_of_another_condition_is_named(self, on_sqlite: SQLiteDatabase) -> None:
        run(on_sqlite, "DROP INDEX events_row")
        run(on_sqlite, "CREATE INDEX events_row ON events (position) WHERE 0")

        assert problems(on_sqlite) == ["the database: index events_row of events is not as the migrations make it"]

    def test_a_table_without_its_constraints_is_named(self, on_sqlite: SQLiteDatabase) -> None:
        [definition] = _all(on_sqlite, "SELECT sql FROM sqlite_master WHERE name = 'events'")
        weaker = quoted(definition.replace("CHECK (length(salt) = 16)", ""))
        edit(on_sqlite, f"UPDATE sqlite_master SET sql = '{weaker}' WHERE name = 'events'")

        assert problems(on_sqlite) == ["the database: table events is not as the migrations make it"]

    @pytest.mark.parametrize(
        "trigger", ["events_stay", "events_remain", "events_leave_no_gap", "events_replace_none", "freezes_stay"]
    )
    def test_a_missing_trigger_is_named(self, on_sqlite: SQLiteDatabase, trigger: str) -> None:
        run(on_sqlite, f"DROP TRIGGER {trigger}")

        assert problems(on_sqlite) == [
            f"the database: trigger {trigger} of {trigger.partition('_')[0]} is missing",
        ]

    def test_an_added_trigger_is_named_and_no_such_copy_is_made_or_put_back(
        self, on_sqlite: SQLiteDatabase, tmp_path: Path
    ) -> None:
        backup(on_sqlite, tmp_path / "copy.db")
        nulling = """
            CREATE TRIGGER helpful AFTER INSERT ON events
            BEGIN UPDATE events SET payload = NULL, salt = NULL WHERE position = NEW.position; END
        """
        for database in (on_sqlite, SQLiteDatabase(tmp_path / "copy.db")):
            with closing(database):
                run(database, nulling)

        said = "the database: trigger helpful of events was added, and can change what is read or recorded"
        assert problems(on_sqlite) == [said]
        with pytest.raises(CopyError, match=f"it would not be whole, {said}"):
            restore(tmp_path / "copy.db", database_at(tmp_path / "new.db"))
        with pytest.raises(CopyError, match=f"it would not be whole, {said}"):
            backup(on_sqlite, tmp_path / "another.db")
        assert sorted(path.name for path in tmp_path.glob("*.db")) == ["copy.db", "registry.db"]

    @pytest.mark.parametrize(
        ("name", "table"), [("helpful", "Events"), ("helpful", "[FREEZES]"), ("sqlite_x", "events")]
    )
    def test_a_trigger_is_found_however_it_and_its_table_are_named(
        self, on_sqlite: SQLiteDatabase, name: str, table: str
    ) -> None:
        written = f"CREATE TRIGGER helpful AFTER INSERT ON {table} BEGIN SELECT 1; END"
        run(on_sqlite, written)
        edit(
            on_sqlite,
            f"UPDATE sqlite_master SET name = '{name}', sql = replace(sql, 'helpful', '{name}') WHERE name = 'helpful'",
        )

        (problem,) = problems(on_sqlite)
        assert problem.startswith(f"the database: trigger {name} of ")
        assert problem.endswith(" was added, and can change what is read or recorded")

    def test_what_an_analyst_added_without_effect_is_a_note(self, on_sqlite: SQLiteDatabase, tmp_path: Path) -> None:
        run(on_sqlite, "CREATE VIEW visits AS SELECT * FROM events WHERE topic = 'VisitRecorded'")
        run(on_sqlite, "CREATE TABLE mine (position INTEGER PRIMARY KEY, seen TEXT)")
        run(on_sqlite, "CREATE INDEX by_time ON events (recorded_at)")
        run(on_sqlite, "ANALYZE")

        assert problems(on_sqlite) == []
        assert notes(on_sqlite) == [
            "the database: index by_time of events is none of the registry's; somebody added it",
            "the database: table mine is none of the registry's; somebody added it",
            "the database: view visits is none of the registry's; somebody added it",
        ]
        assert backup(on_sqlite, tmp_path / "copy.db").events == 13

    def test_a_unique_index_that_would_refuse_events_is_no_note(self, on_sqlite: SQLiteDatabase) -> None:
        run(on_sqlite, "CREATE UNIQUE INDEX one ON events (salt)")

        assert problems(on_sqlite) == [
            "the database: index one of events was added, and can change what is read or recorded"
        ]

    def test_the_check_from_a_freeze_looks_at_triggers_too(self, on_sqlite: SQLiteDatabase) -> None:
        run(on_sqlite, "DROP TRIGGER events_remain")

        found = verify(EventLog(on_sqlite), since="report").problems

        assert list(map(str, found)) == ["the database: trigger events_remain of events is missing"]


class TestOnAServer:
    @pytest.mark.parametrize(
        ("attack", "said"),
        [
            ("ALTER TABLE events DISABLE TRIGGER events_stay", "trigger events_stay of events is not as"),
            ("ALTER TABLE events ENABLE REPLICA TRIGGER events_remain", "trigger events_remain of events is not as"),
            ("DROP TRIGGER freezes_stay ON freezes", "trigger freezes_stay of freezes is missing"),
            (
                (
                    "CREATE OR REPLACE FUNCTION spondyl_refuses() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RETURN NEW; END $$"
                ),
                "function spondyl_refuses is not as the migrations make it",
            ),
            ("ALTER TABLE events DROP CONSTRAINT events_salt_check", "constraint events_salt_check of events is miss"),
            (
                (
                    "ALTER TABLE events DROP CONSTRAINT events_check, "
                    "ADD CONSTRAINT events_check CHECK ((payload IS NULL) = (salt IS NULL)) NOT VALID"
                ),
                "constraint events_check of events is not as",
            ),
            ("DROP INDEX events_study", "index events_study of events is missing"),
            (
                "ALTER INDEX events_row ALTER COLUMN 1 SET STATISTICS 100",
                "index events_row of events is not as the migrations make it",
            ),
            ("CREATE STATISTICS kept ON stream, payload FROM events", "statistics kept of events was added"),
            (
                "ALTER FUNCTION spondyl_leaves_no_gap() RESET search_path SET work_mem = '1MB'",
                "function spondyl_leaves_no_gap is not as the migrations make it",
            ),
            (
                (
                    "CREATE SCHEMA other; CREATE TABLE other.events (LIKE events); "
                    "ALTER FUNCTION spondyl_leaves_no_gap() SET search_path = other, public"
                ),
                "function spondyl_leaves_no_gap is not as the migrations make it",
            ),
            (
                "DROP INDEX events_merge; CREATE INDEX events_merge ON events (position) WHERE topic = 'None'",
                "index events_merge of events is not as the migrations make it",
            ),
            ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'events_row'::regclass", "index events_row of"),
            ("ALTER TABLE events ENABLE ROW LEVEL SECURITY", "table events is not as the migrations make it"),
            ("CREATE POLICY early ON events USING (position < 9)", "policy early of events was added"),
            ("CREATE RULE lost AS ON INSERT TO events DO INSTEAD NOTHING", "rule lost of events was added"),
            ("CREATE TABLE more () INHERITS (events)", "child more of events was added"),
            ("ALTER TABLE tracking SET UNLOGGED", "table tracking is not as the migrations make it"),
            ("ALTER TABLE events ALTER COLUMN salt DROP NOT NULL, ALTER topic DROP NOT NULL", "column topic of events"),
            ("ALTER TABLE events ADD COLUMN more text DEFAULT 'x'", "column more of events was added"),
            (
                (
                    "CREATE FUNCTION nulled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.payload = NULL; "
                    "NEW.salt = NULL; RETURN NEW; END $$; CREATE TRIGGER helpful BEFORE INSERT ON events FOR EACH ROW "
                    "EXECUTE FUNCTION nulled()"
                ),
                "trigger helpful of events was added, and can change what is read or recorded",
            ),
            (
                (
                    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || "
                    "' SET session_replication_role = replica'; END $$"
                ),
                "setting session_replication_role of test_",
            ),
        ],
    )
    def test_what_is_missing_other_or_added_is_named(self, standing: Database, attack: str, said: str) -> None:
        with undone(standing) as connection:
            connection.exec_driver_sql(attack)
            found = [str(problem) for problem in broken_parts(definitions(connection), made_by_migrations())]

        assert [problem for problem in found if problem.startswith(f"the database: {said}")], found

    def test_an_index_that_lacks_rows_is_named(self, on_a_server: Database) -> None:
        ready = "UPDATE pg_index SET indisready = {} WHERE indexrelid = 'events_study'::regclass"
        run(on_a_server, ready.format("false"))
        record(on_a_server, study("MR-9", BERT, 5))
        run(on_a_server, ready.format("true"))

        assert problems(on_a_server) == ["the database: index events_study of events has 2 of 3 rows; REINDEX it"]

    def test_an_index_that_is_out_of_order_is_named(self, on_a_server: Database) -> None:
        # As after an upgrade of the operating system that sorts letters anew: the entries are there, in another order.
        run(on_a_server, "INSERT INTO tracking VALUES ('a', 1), ('b', 2), ('c', 3)")
        run(on_a_server, "CREATE INDEX other ON tracking (application_name DESC)")
        run(
            on_a_server,
            "UPDATE pg_class SET relfilenode = one.relfilenode FROM pg_class one WHERE pg_class.relname IN "
            "('other', 'tracking_pkey') AND one.relname IN ('other', 'tracking_pkey') AND one.oid <> pg_class.oid",
        )
        run(on_a_server, "DROP INDEX other")

        assert "the database: index tracking_pkey of tracking is not in the order of its keys; REINDEX it" in problems(
            on_a_server
        )

    def test_what_an_analyst_added_without_effect_is_a_note(self, on_a_server: Database) -> None:
        run(on_a_server, "CREATE VIEW visits AS SELECT * FROM events WHERE topic = 'VisitRecorded'")
        run(on_a_server, "CREATE INDEX by_time ON events (recorded_at)")

        assert problems(on_a_server) == []
        assert notes(on_a_server) == [
            "the database: index by_time of events is none of the registry's; somebody added it"
        ]

    def test_whoever_may_only_read_can_verify(self, on_a_server: Database, postgres_url: str) -> None:
        run(on_a_server, "CREATE ROLE only_reads LOGIN")
        run(on_a_server, "GRANT SELECT ON events, freezes, to_overwrite, tracking, spondyl_schema TO only_reads")
        try:
            with closing(open_database(postgres_url.replace("postgres:@", "only_reads:@"))) as reader:
                assert problems(reader) == []
                run(on_a_server, "ALTER TABLE events DISABLE TRIGGER USER")
                assert len(problems(reader)) == 5
        finally:
            run(on_a_server, "DROP OWNED BY only_reads; DROP ROLE only_reads")

    def test_the_file_beside_the_migrations_says_what_they_make(self, postgres_server: str) -> None:
        name = postgres.new_database(postgres_server)
        with closing(create_database(postgres.url_of(postgres_server, name))) as database:
            with database.reading() as connection:
                made = definitions(connection)
            assert inspected_on_a_server(database, rows=True).problems == ()
        postgres.drop_database(postgres_server, name)

        assert as_lines(made) == MADE.read_text("utf-8")


def quoted(definition: str) -> str:
    return definition.replace("'", "''")


def _all(database: Database, statement: str) -> list[str]:
    with database.reading() as connection:
        return list(connection.exec_driver_sql(statement).scalars())
