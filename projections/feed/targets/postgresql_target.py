"""A feed in a schema of a PostgreSQL database, which may be one that others use, too.

Whoever writes holds an advisory lock on the schema until the commit, so that of two appliers the second waits and then
sees what the first did. Rows go in by COPY.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pyarrow as pa
from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from projections.columns.arrow import ArrowTable
from projections.columns.tables import LOGICAL_TYPES
from projections.errors import TargetError
from projections.feed.change_files import ROW_KEY
from projections.feed.targets.copied_rows import copied_rows, written_out
from projections.feed.targets.sql_tables import (
    AS_KNOWN,
    CURRENT,
    HISTORY,
    INCOMING,
    KNOWN_FROM_POSITION,
    STATE,
    Dialect,
    SqlTable,
    listed,
    quoted,
)
from projections.feed.targets.sql_target import Session, SqlTarget
from projections.stated.events import EVENTS
from registry.errors import NotARegistryError
from registry.store.place_urls import PASSWORDS, shown_place, url_of

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.feed.targets.target import Applied

SCHEMA: Final = "spondyl"
SCHEMA_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
LOCK_SPACE: Final = 0x5370_6F66  # "Spof": keeps our advisory locks apart from other programs'
LOCK_TIMEOUT: Final = 60_000  # ms that an applier waits for another
ROWS_AT_ONCE: Final = 10_000
DIALECT: Final = Dialect(
    types={
        "string": "text",
        "date32": "date",
        "timestamp[us, UTC]": "timestamptz",
        "int16": "smallint",
        "int32": "integer",
        "int64": "bigint",
        "double": "double precision",
        "bool": "boolean",
        "list<string>": "text[]",
    },
    key_type='text COLLATE "C"',
)
COLUMNS: Final = text(
    "SELECT relname, attname FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid "
    "JOIN pg_namespace ON relnamespace = pg_namespace.oid "
    "WHERE nspname = :schema AND attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f')"
)
MAY_PURGE_STATISTICS: Final = (
    "SELECT pg_has_role(datdba, 'USAGE') OR rolsuper FROM pg_database, pg_roles "
    "WHERE datname = current_database() AND rolname = current_user"
)
STATISTICS_LEFT: Final = (
    "the server's statistics may hold values of erased rows until the owner of the database runs "
    "VACUUM (FULL) pg_catalog.pg_statistic"
)


class PostgresqlTarget(SqlTarget):
    """Tables in a schema of a database."""

    dialect: ClassVar[Dialect] = DIALECT

    def __init__(self, url: str) -> None:
        """Take the URL of a database, whose option `schema` names the schema. Raises `TargetError`.

        It is connected for each transaction anew.
        """
        found, self.schema = _parsed(url)
        self.prefix = f"{quoted(self.schema)}."
        self._place = f"{shown_place(found)}?schema={self.schema}"
        named = {"fallback_application_name": "spondyl feed"}
        self._engine = create_engine(found, poolclass=NullPool, hide_parameters=True, connect_args=named)

    @property
    def place(self) -> str:
        return self._place

    def purge(self, before: Applied, after: Applied) -> str | None:
        with self._errors(), self._engine.connect() as connection:
            autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in _places(before):
                autocommit.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {self.prefix}{quoted(name)}")
            may_all = autocommit.exec_driver_sql(MAY_PURGE_STATISTICS).scalar_one()
            if may_all:
                autocommit.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
        with self._writing(before, after):
            pass
        return None if may_all else STATISTICS_LEFT

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _transaction(self, *, to_write: bool) -> Iterator[Session]:
        level: Any = {} if to_write else {"isolation_level": "REPEATABLE READ"}
        connected = self._engine.connect
        with self._errors(), connected().execution_options(**level) as connection, connection.begin():
            if to_write:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT:d}")
                lock = text("SELECT pg_advisory_xact_lock(:space, hashtext(:schema))")
                connection.execute(lock, {"space": LOCK_SPACE, "schema": self.schema})
                self._make_schema(connection)
            yield _Postgresql(connection)

    def _make_schema(self, connection: Connection) -> None:
        """Make the schema where it is not there: to ask for it anyway takes a right that nobody needs later."""
        there = text("SELECT count(*) FROM pg_namespace WHERE nspname = :schema")
        if not connection.execute(there, {"schema": self.schema}).scalar_one():
            connection.exec_driver_sql(f"CREATE SCHEMA {quoted(self.schema)}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise TargetError(self.place, _why(error.orig or error, is_lost=error.connection_invalidated)) from error
        except SQLAlchemyError as error:
            raise TargetError(self.place, _why(error, is_lost=False)) from error
        except self._engine.dialect.loaded_dbapi.Error as error:  # of the driver itself
            raise TargetError(self.place, _why(error, is_lost=False)) from error

    def _columns_there(self, session: Session) -> dict[str, set[str]]:
        assert isinstance(session, _Postgresql)
        found: dict[str, set[str]] = {}
        for table, column in session.connection.execute(COLUMNS, {"schema": self.schema}):
            found.setdefault(table, set()).add(column)
        return found

    def _keyed(self, table: SqlTable, *, with_history: bool) -> Iterable[str]:
        if table.table.name == EVENTS.name:
            yield f"ALTER TABLE {table.name} ADD PRIMARY KEY (position)"
            return
        yield f"ALTER TABLE {table.name} ADD PRIMARY KEY ({ROW_KEY})"
        yield f"CREATE INDEX ON {table.name} (patient)"
        if with_history:
            yield f"ALTER TABLE {table.history} ADD PRIMARY KEY ({ROW_KEY}, {KNOWN_FROM_POSITION})"
            yield f"CREATE INDEX ON {table.history} (patient)"

    def _shown(self, table: SqlTable) -> Iterable[str]:
        function, view = (f"{self.prefix}{quoted(table.table.name + ending)}" for ending in (AS_KNOWN, CURRENT))
        body = table.as_known("at_position")
        yield (
            f"CREATE OR REPLACE FUNCTION {function}(at_position bigint) RETURNS SETOF {table.name} "
            f"LANGUAGE sql STABLE AS $as_known$ {body} $as_known$"
        )
        yield f"CREATE OR REPLACE VIEW {view} AS {table.current()}"


class _Postgresql:
    """A transaction of PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def run(self, statement: str) -> int:
        return self.connection.exec_driver_sql(statement).rowcount

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.exec_driver_sql(query)]

    def load(self, rows: ArrowTable) -> None:
        rows = written_out(rows)
        columns = ", ".join(f"{quoted(each.name)} {_type(each)}" for each in rows.schema)
        self.run(f"DROP TABLE IF EXISTS pg_temp.{INCOMING}")
        self.run(f"CREATE TEMP TABLE {INCOMING} ({columns}) ON COMMIT DROP")
        driver: Any = self.connection.connection.driver_connection
        statement = f"COPY pg_temp.{INCOMING} ({listed(rows.column_names)}) FROM STDIN"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for lines in copied_rows(rows):
                copy.write(lines)

    def stream(self, query: str, table: Table) -> Iterator[ArrowTable]:
        options = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}
        result = self.connection.execution_options(**options).exec_driver_sql(query)
        while rows := result.fetchmany(ROWS_AT_ONCE):
            arrays = [pa.array(values, LOGICAL_TYPES[column.type]) for column, values in zip(table.columns, zip(*rows))]
            yield table.of(dict(zip((column.name for column in table.columns), arrays)))


def _parsed(text_: str) -> tuple[URL, str]:
    """Return the URL without the schema, and the schema."""
    try:
        url = url_of(text_)
    except NotARegistryError:
        raise TargetError("postgresql://…", f"the URL cannot be read; {PASSWORDS}") from None
    schema = url.query.get("schema", SCHEMA)
    if not isinstance(schema, str) or not SCHEMA_NAME.fullmatch(schema):
        raise TargetError(shown_place(url), "schema: a name of letters, digits and _, 63 at most")
    return url.difference_update_query(["schema"]).set(drivername="postgresql+psycopg"), schema


def _places(state: Applied) -> list[str]:
    histories = [f"{name}{HISTORY}" for name in state.tables if state.with_history and name != EVENTS.name]
    return [*state.tables, *histories, STATE]


def _type(field: Any) -> str:
    return DIALECT.types[next(name for name, kept in LOGICAL_TYPES.items() if kept == field.type)]


def _why(error: BaseException, *, is_lost: bool) -> str:
    """Return the first line of what went wrong, and what is to be done where nobody knows whether it was committed."""
    lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    mend = "; the connection is lost: apply again, which does nothing twice" if is_lost else ""
    return f"cannot be used: {lines[0].strip()}{mend}"
