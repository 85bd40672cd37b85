"""Whether each index of a registry on a server has every row of its table, in the order in which it is searched.

A row that an index lacks is hidden from whoever asks by it, and may be stored twice; an index whose order is no more
that of the server's collation, as after an upgrade of the operating system, hides rows too. So each index is gone
through from end to end and counted against the table itself. It takes no extension and no right but to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection, text

from registry.store.damage import Damage
from registry.store.database import Database, UnusableDatabaseError
from registry.store.schema_check import OURS

INDEXES: Final = text("""
    SELECT relname, indrelid::regclass::text,
        array_to_string(
            ARRAY(SELECT pg_get_indexdef(indexrelid, key, true) FROM generate_series(1, indnkeyatts) key), ', '
        ),
        coalesce(pg_get_expr(indpred, indrelid), 'true')
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = ANY (ARRAY(SELECT to_regclass(name) FROM unnest(CAST(:ours AS text[])) name))
        AND indisvalid AND relam = (SELECT oid FROM pg_am WHERE amname = 'btree')
    ORDER BY relname
""")
ONE_STATE: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
BY_THE_TABLE: Final = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")  # not to be used for a count
BY_AN_INDEX: Final = ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_incremental_sort")


class Index(NamedTuple):
    """An index as the server words it: of which table, by which keys, of the rows for which a condition is true."""

    name: str
    table: str
    keys: str
    condition: str


class Findings(NamedTuple):
    """What is wrong with indexes, and which of them the server would not go through."""

    problems: list[Damage]
    notes: list[Damage]


def checked_indexes(database: Database, names: set[str]) -> Findings:
    """Return which indexes, of those with some names, have not all rows or another order; each is read to its end."""
    with database.reading() as connection:
        indexes = [Index(*row) for row in connection.execute(INDEXES, {"ours": list(OURS)})]
    findings = Findings([], [])
    for index in indexes:
        if index.name in names:
            _hold_against_its_table(database, index, findings)
    return findings


def _hold_against_its_table(database: Database, index: Index, findings: Findings) -> None:
    what = f"index {index.name} of {index.table}"
    try:
        with database.reading() as connection, _one_state(connection):
            rows = _count(connection, index)
            found = _gone_through(connection, index)
    except PersistenceError as error:
        if isinstance(error, UnusableDatabaseError):
            raise
        findings.problems.append(Damage(None, f"{what} cannot be read: {error}"))
        return
    if found is None:
        findings.notes.append(Damage(None, f"{what} was not held against its rows: the server plans without it"))
    elif found[0] != rows:
        findings.problems.append(Damage(None, f"{what} has {found[0]} of {rows} rows; REINDEX it"))
    elif not found[1]:
        findings.problems.append(Damage(None, f"{what} is not in the order of its keys; REINDEX it"))


@contextmanager
def _one_state(connection: Connection) -> Iterator[None]:
    connection.exec_driver_sql(ONE_STATE)
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK")


def _count(connection: Connection, index: Index) -> int:
    _set(connection, BY_THE_TABLE, "off")
    counted: int = connection.exec_driver_sql(
        f"SELECT count(*) FROM {index.table} WHERE {index.condition}"  # noqa: S608 – the server's own words
    ).scalar_one()
    _set(connection, BY_THE_TABLE, "on")
    return counted


def _gone_through(connection: Connection, index: Index) -> tuple[int, bool] | None:
    """Return how many entries an index has, and whether they are in order; None where the server will not use it."""
    _set(connection, BY_AN_INDEX, "off")
    statement = f"""
        SELECT count(*), coalesce(bool_and(in_order), true) FROM (
            SELECT ROW({index.keys}) >= lag(ROW({index.keys})) OVER (ORDER BY {index.keys}) AS in_order
            FROM {index.table} WHERE {index.condition}
        ) entries
    """  # noqa: S608 – the server's own words
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}").scalars()
    if not any(f" using {index.name} on " in line for line in plan):
        return None
    entries, is_in_order = connection.exec_driver_sql(statement).one()
    return entries, is_in_order


def _set(connection: Connection, settings: tuple[str, ...], value: str) -> None:
    for setting in settings:
        connection.exec_driver_sql(f"SET LOCAL {setting} = {value}")
