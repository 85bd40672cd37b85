"""A feed in a file of DuckDB; one process at a time has it open, which keeps other appliers out.

DuckDB leaves what was removed in its file, in pages that it may use again. So to purge is to copy all that is there
into a new file, also what others made, and to put that in the place of the old one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.errors import TargetError
from projections.feed.targets.sql_tables import AS_KNOWN, CURRENT, Dialect, SqlTable, quoted
from projections.feed.targets.sql_target import Session, SqlTarget
from registry.atomic_folder import sync
from registry.private_files import whoever_makes_them

if TYPE_CHECKING:
    import duckdb

    from projections.columns.tables import Table
    from projections.feed.targets.target import Applied

IN_MEMORY: Final = ":memory:"
ROWS_AT_ONCE: Final = 1 << 17
GROUP_ROWS: Final = 122_880  # of a group of rows in its file: what comes in others leaves groups that are not full,
# and with the next batch all that is there would be written anew to put them together
MEMORY: Final = "2GiB"  # of its own; what does not fit goes beside the file. It would take four fifths of the machine
CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "memory_limit": MEMORY,
}
COPY: Final = ".purged"  # ends the name of the copy that takes the place of the file
DIALECT: Final = Dialect(
    types={
        "string": "VARCHAR",
        "date32": "DATE",
        "timestamp[us, UTC]": "TIMESTAMPTZ",
        "int16": "SMALLINT",
        "int32": "INTEGER",
        "int64": "BIGINT",
        "double": "DOUBLE",
        "bool": "BOOLEAN",
        "list<string>": "VARCHAR[]",
    },
    key_type="VARCHAR",
)


class DuckdbTarget(SqlTarget):
    """Tables in a file of DuckDB, or in memory."""

    dialect: ClassVar[Dialect] = DIALECT

    def __init__(self, file: str | Path) -> None:
        """Take the path of a file, which is opened, or made for its owner alone, when it is needed."""
        self._file = str(file)
        self._until_closed: ExitStack | None = None

    @property
    def place(self) -> str:
        return f"duckdb:{self._file}"

    def purge(self, before: Applied, after: Applied) -> str | None:
        if self._file == IN_MEMORY:
            self._settle(before, after)
            return None
        with self._errors():
            copy = Path(f"{self._file}{COPY}")
            self._connection.execute("CHECKPOINT")
            self._copy_into(copy)
            shutil.copymode(self._file, copy)
            copy.replace(self._file)
            sync(Path(self._file).resolve().parent)
            self._connection.close()
            self._connection = self._connected()
        self._settle(before, after)
        return None

    def close(self) -> None:
        if self._until_closed is not None:
            self._connection.close()
            self._until_closed.close()
            self._until_closed = None

    def state(self) -> Applied | None:
        with self._errors():
            is_there = self._file == IN_MEMORY or Path(self._file).exists()
        return super().state() if is_there else None

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        with ExitStack() as opening:
            opening.enter_context(whoever_makes_them())  # until it is closed: the file of its log comes and goes
            connection = self._connected()
            self._tidy()
            self._until_closed = opening.pop_all()
        return connection

    def _settle(self, before: Applied, after: Applied) -> None:
        with self._writing(before, after):
            pass

    def _copy_into(self, copy: Path) -> None:
        [name] = self._connection.execute("SELECT current_database()").fetchone() or ()
        self._connection.execute(f"ATTACH '{_text(str(copy))}' AS purged")
        try:
            self._connection.execute(f"COPY FROM DATABASE {quoted(name)} TO purged")
        finally:
            self._connection.execute("DETACH purged")

    def _connected(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        with self._errors():
            connection = duckdb.connect(self._file, config=CONFIG)
            connection.execute("SET TimeZone = 'UTC'")
            return connection

    def _tidy(self) -> None:
        """Remove what a killed applier left: a copy that was not whole, and what did not fit into memory."""
        if self._file != IN_MEMORY:
            for ending in (COPY, f"{COPY}.wal"):
                Path(f"{self._file}{ending}").unlink(missing_ok=True)
            shutil.rmtree(f"{self._file}.tmp", ignore_errors=True)

    @contextmanager
    def _transaction(self, *, to_write: bool) -> Iterator[Session]:
        with self._errors():
            self._connection.execute("BEGIN TRANSACTION")
            try:
                yield _Duckdb(self._connection)
            except BaseException:
                self._undo()
                raise
            self._connection.execute("COMMIT")

    def _undo(self) -> None:
        """Undo a transaction, unless what failed has ended it already."""
        import duckdb

        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:
            return

    @contextmanager
    def _errors(self) -> Iterator[None]:
        import duckdb

        try:
            yield
        except (duckdb.Error, OSError) as error:
            raise TargetError(self.place, f"cannot be used: {_why(error)}") from error

    def _columns_there(self, session: Session) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        of_ours = "database_name = current_database() AND schema_name = 'main'"
        for table, column in session.rows(f"SELECT table_name, column_name FROM duckdb_columns() WHERE {of_ours}"):
            found.setdefault(table, set()).add(column)
        return found

    def _keyed(self, table: SqlTable, *, with_history: bool) -> Iterable[str]:
        return ()  # an index has to be in memory, and a scan of one column is fast

    def _shown(self, table: SqlTable) -> Iterable[str]:
        macro, view = (quoted(table.table.name + ending) for ending in (AS_KNOWN, CURRENT))
        yield f"CREATE OR REPLACE MACRO {macro}(at_position) AS TABLE {table.as_known('at_position')}"
        yield f"CREATE OR REPLACE VIEW {view} AS {table.current()}"


class _Duckdb:
    """A transaction of DuckDB.

    It finds the rows of `_changes` in the variable of this name; what is registered it would hold until the end.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._incoming: ArrowTable | None = None

    def run(self, statement: str) -> int:
        _changes = self._incoming
        answer = self._connection.execute(statement).fetchone()
        return int(answer[0]) if answer and isinstance(answer[0], int) else 0

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        _changes = self._incoming
        return self._connection.execute(query).fetchall()

    def load(self, rows: ArrowTable) -> None:
        self._incoming = _in_groups(rows)

    def stream(self, query: str, table: Table) -> Iterator[ArrowTable]:
        reader = self._connection.sql(query).to_arrow_reader(ROWS_AT_ONCE)
        for batch in reader:
            if batch.num_rows:
                yield table.of(pa.Table.from_batches([batch]))


def _in_groups(rows: ArrowTable) -> ArrowTable:
    """Return rows in pieces, each of which is a group of rows of a file."""
    if len(rows) <= GROUP_ROWS:
        return rows
    whole = rows.unify_dictionaries().combine_chunks()
    return pa.Table.from_batches(whole.to_batches(max_chunksize=GROUP_ROWS), whole.schema)


def _text(value: str) -> str:
    return value.replace("'", "''")


def _why(error: Exception) -> str:
    """Return the first line of what DuckDB says, without what kind of mistake it takes it for."""
    return (str(error).splitlines() or [type(error).__name__])[0]
