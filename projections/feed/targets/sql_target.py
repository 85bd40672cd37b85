"""A target in a database: what DuckDB and PostgreSQL have in common, in one transaction a batch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec.structs import fields

from projections.columns.arrow import ArrowTable
from projections.columns.tables import LOGICAL_TYPES, Table
from projections.errors import TargetError
from projections.feed.change_files import CHANGE_TYPE
from projections.feed.replaying import read_file, read_rows
from projections.feed.rewriting import SAID
from projections.feed.row_changes import DELETE, PREIMAGE
from projections.feed.row_sums import NO_ROWS, RowSum, sum_in_order
from projections.feed.targets.sql_tables import (
    HISTORY,
    INCOMING,
    STATE,
    Dialect,
    SqlTable,
    added_columns,
    declared_columns,
    listed,
    quoted,
)
from projections.feed.targets.target import Applied
from projections.stated.events import EVENTS
from projections.tables import TABLES

if TYPE_CHECKING:
    from projections.feed.replaying import FolderBatch
    from projections.feed.targets.erasing import Erasing

STATE_SCHEMA: Final = pa.schema(
    {
        "registry": pa.string(),
        "contract": pa.int64(),
        "generation": pa.int64(),
        "position": pa.int64(),
        "digest": pa.string(),
        "recorded_at": LOGICAL_TYPES["timestamp[us, UTC]"],
        "withdrawn": pa.string(),
        "with_history": pa.bool_(),
        "erased_until": pa.int64(),
        "to_purge": pa.bool_(),
        "tables": pa.string(),
    }
)
ERASED: Final = pa.schema({"patient": pa.string()})


class Session(Protocol):
    """A transaction in a database."""

    def run(self, statement: str) -> int:
        """Carry out a statement, and return how many rows it changed."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def load(self, rows: ArrowTable) -> None:
        """Have rows stand in `_changes`, in the place of those that stood there."""

    def stream(self, query: str, table: Table) -> Iterator[ArrowTable]:
        """Yield the rows of a query, some at a time, as those of a table."""


class SqlTarget(ABC):
    """Tables in a database that a feed is applied to."""

    dialect: ClassVar[Dialect]
    prefix: str = ""  # the schema with its point, where statements need it

    @property
    @abstractmethod
    def place(self) -> str:
        """Where it is, without a password."""

    @abstractmethod
    def _transaction(self, *, to_write: bool) -> AbstractContextManager[Session]:
        """Begin a transaction that is committed at the end; one that writes keeps other appliers out."""

    @abstractmethod
    def _columns_there(self, session: Session) -> dict[str, set[str]]:
        """Return the columns of every table that is there, by its name."""

    @abstractmethod
    def _keyed(self, table: SqlTable, *, with_history: bool) -> Iterable[str]:
        """Return the statements that index a new table."""

    @abstractmethod
    def _shown(self, table: SqlTable) -> Iterable[str]:
        """Return the statements that make the views of a table with a history, or make them anew."""

    def state(self) -> Applied | None:
        with self._transaction(to_write=False) as session:
            return self._state(session)

    def apply(self, batch: FolderBatch, before: Applied | None, after: Applied) -> None:
        with self._writing(before, after) as session:
            self._shape(session, before, after)
            for name in batch.batch.tables:
                table = self._table(name, after)
                for part in batch.batch.tables[name].parts:
                    self._change(session, table, read_rows(batch.file(part), table.table), after)
            if EVENTS.name in after.tables:
                self._add_events(session, batch, before)

    def erase(self, erasing: Erasing, before: Applied, after: Applied) -> None:
        with self._writing(before, after) as session:
            names = [name for name in after.tables if name != EVENTS.name]
            self._remove(session, erasing, [self._table(name, after) for name in names], after)
            for name in names:
                for rows in erasing.images(name):
                    self._change(session, self._table(name, after), rows, after)
            if EVENTS.name in after.tables:
                for rows in erasing.silent_events():
                    self._silence(session, rows)

    def sums(self) -> Mapping[str, RowSum]:
        with self._transaction(to_write=False) as session:
            state = self._state(session)
            return {} if state is None else dict(self._sums(session, state))

    def _sums(self, session: Session, state: Applied) -> Iterator[tuple[str, RowSum]]:
        for name in state.tables:
            table = self._table(name, state)
            if name == EVENTS.name:
                query = f"SELECT {listed(table.columns)} FROM {table.name} ORDER BY position"
                yield name, _total(session.stream(query, table.table), table.table)
                continue
            yield name, _total(_by_patient(session.stream(table.in_order(), table.table)), table.table)
            if state.with_history:
                rows = session.stream(table.in_order(of_history=True), table.table)
                yield f"{name}{HISTORY}", _total(_by_patient(rows), table.table)

    @contextmanager
    def _writing(self, before: Applied | None, after: Applied) -> Iterator[Session]:
        """Begin a transaction in which the state goes from one to another. Raises `TargetError` where it is a third."""
        with self._transaction(to_write=True) as session:
            if (found := self._state(session)) != before:
                at = "nothing is" if found is None else f"it is at @{found.position:,}"
                raise TargetError(self.place, f"somebody else applied meanwhile, {at}; apply again")
            yield session
            self._put_state(session, after)

    def _state(self, session: Session) -> Applied | None:
        if STATE not in self._columns_there(session):
            return None
        try:
            found = session.rows(f"SELECT {listed(STATE_SCHEMA.names)} FROM {self.prefix}{STATE}")
            [row] = [dict(zip(STATE_SCHEMA.names, values, strict=True)) for values in found]
            tables = msgspec.json.decode(row["tables"])
            return msgspec.convert({**row, "tables": tables}, Applied)
        except (msgspec.MsgspecError, ValueError, TypeError) as error:
            raise TargetError(self.place, f"its table {STATE} is not as a feed wrote it: {error}") from None

    def _put_state(self, session: Session, state: Applied) -> None:
        row = {each.name: getattr(state, each.name) for each in fields(Applied)}
        row["tables"] = msgspec.json.encode(state.tables).decode()
        place, names = f"{self.prefix}{STATE}", listed(STATE_SCHEMA.names)
        session.run(f"DELETE FROM {place}")
        session.load(pa.Table.from_pylist([row], schema=STATE_SCHEMA))
        session.run(f"INSERT INTO {place} ({names}) SELECT {names} FROM {INCOMING}")

    def _shape(self, session: Session, before: Applied | None, after: Applied) -> None:
        """Make the tables that are not there yet, and add the columns that they have more now."""
        there = self._columns_there(session)
        if before is None:
            self._check_vacant(there, after)
            types = self.dialect.types
            columns = ", ".join(f"{each.name} {types[_kind(each.type)]}" for each in STATE_SCHEMA)
            session.run(f"CREATE TABLE {self.prefix}{STATE} ({columns})")
        else:
            self._check_columns(there, before)
        for name, rule in after.tables.items():
            more = added_columns(None if before is None else before.tables[name], rule)
            for statement in self._shaped(self._table(name, after), more, with_history=after.with_history):
                session.run(statement)

    def _shaped(self, table: SqlTable, more: tuple[str, ...] | None, *, with_history: bool) -> Iterator[str]:
        is_new, has_versions = more is None, with_history and table.table.name != EVENTS.name
        if more is not None:
            yield from table.with_columns(more, self.dialect, with_history=has_versions)
        elif table.table.name == EVENTS.name:
            yield f"CREATE TABLE {table.name} ({declared_columns(table.table, self.dialect)})"
        else:
            yield from table.created(self.dialect, with_history=has_versions)
        if is_new:
            yield from self._keyed(table, with_history=has_versions)
        if has_versions and (is_new or more):
            yield from self._shown(table)

    def _change(self, session: Session, table: SqlTable, rows: ArrowTable, after: Applied) -> None:
        """Carry out rows of changes. Raises `TargetError` where one does not fit to what is there."""
        n_gone = pc.sum(pc.is_in(rows[CHANGE_TYPE], value_set=pa.array([PREIMAGE, DELETE]))).as_py() or 0
        session.load(rows)
        if n_gone and (found := session.run(table.removed())) != n_gone:
            self._refuse(table, f"{n_gone - found:,} of {n_gone:,} rows that change are not as the feed left them")
        if n_gone < rows.num_rows:
            [[clashing]] = session.rows(table.clashing())
            if clashing:
                self._refuse(table, f"{clashing:,} rows that are new are there already")
            session.run(table.added())
        if after.with_history:
            if n_gone and (found := session.run(table.ended())) != n_gone:
                self._refuse(table, f"its history lacks {n_gone - found:,} of {n_gone:,} versions that end")
            if n_gone:
                session.run(table.never_known())
            session.run(table.begun())

    def _add_events(self, session: Session, batch: FolderBatch, before: Applied | None) -> None:
        table = SqlTable(EVENTS, self.prefix)
        position = 0 if before is None else before.position
        [[later]] = session.rows(f"SELECT count(*) FROM {table.name} WHERE position > {position:d}")
        if later:
            self._refuse(table, f"{later:,} events are there after @{position:,}, where the feed left off")
        names = listed(table.columns)
        for part in batch.batch.events.parts:
            session.load(read_file(batch.file(part)))
            session.run(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {INCOMING}")

    def _remove(self, session: Session, erasing: Erasing, tables: Iterable[SqlTable], state: Applied) -> None:
        places = [place for each in tables for place in ((each.name, each.history)[: 1 + state.with_history])]
        held = {name for place in places for (name,) in session.rows(f"SELECT DISTINCT patient FROM {place}")}
        session.load(pa.table([pa.array(erasing.among(held), pa.string())], schema=ERASED))
        for place in places:
            session.run(f"DELETE FROM {place} WHERE patient IN (SELECT patient FROM {INCOMING})")

    def _silence(self, session: Session, rows: ArrowTable) -> None:
        """Have events say what they say in some rows, where they still say more."""
        if rows.num_rows:
            session.load(rows)
            said = ", ".join(f"{quoted(name)} = c.{quoted(name)}" for name in SAID)
            events = SqlTable(EVENTS, self.prefix).name
            session.run(
                f"UPDATE {events} AS t SET {said} FROM {INCOMING} AS c "
                "WHERE t.position = c.position AND t.payload IS NOT NULL"
            )

    def _check_vacant(self, there: Mapping[str, set[str]], after: Applied) -> None:
        wanted = [*after.tables, *(f"{name}{HISTORY}" for name in after.tables if after.with_history)]
        if taken := [name for name in wanted if name in there]:
            raise TargetError(self.place, f"has a table {taken[0]} that no feed made; name a place of its own")

    def _check_columns(self, there: Mapping[str, set[str]], before: Applied) -> None:
        for name, rule in before.tables.items():
            histories = [f"{name}{HISTORY}"] if before.with_history and name != EVENTS.name else []
            for place in (name, *histories):
                if missing := [each for each in rule.columns if each not in there.get(place, set())]:
                    raise TargetError(self.place, f"{place} has no column {missing[0]} any more: somebody changed it")

    def _refuse(self, table: SqlTable, what: str) -> None:
        mend = "somebody else wrote to it; begin a new target"
        raise TargetError(self.place, f"{table.table.name}: {what}: {mend}")

    def _table(self, name: str, state: Applied) -> SqlTable:
        """Return a table as a state has it."""
        rule = state.tables[name]
        columns = tuple(column for column in TABLES[name].columns if column.name in rule.columns)
        return SqlTable(TABLES[name]._replace(columns=columns, key=rule.key, edition=rule.edition), self.prefix)


def _kind(type_: Any) -> str:
    return next(name for name, kept in LOGICAL_TYPES.items() if kept == type_)


def _by_patient(stretches: Iterable[ArrowTable]) -> Iterator[ArrowTable]:
    """Yield rows that are in the order of patients so that no patient's are cut."""
    left: ArrowTable | None = None
    for rows in stretches:
        joined = rows if left is None else pa.concat_tables([left, rows]).unify_dictionaries()
        is_last = pc.equal(joined["patient"].cast(pa.string()), joined["patient"][-1].as_py())
        n = joined.num_rows - pc.sum(is_last).as_py()
        if n:
            yield joined.slice(0, n)
        left = joined.slice(n)
    if left is not None:
        yield left


def _total(stretches: Iterable[ArrowTable], table: Table) -> RowSum:
    total = NO_ROWS
    for rows in stretches:
        total = total.plus(sum_in_order(rows, table))
    return total
