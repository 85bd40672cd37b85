"""What of a registry in a file is not as it was made: definitions, indexes that lack rows, values of another type.

SQLite stores in a column whatever it is given. A stream that is text has the same letters as one that is bytes, and is
found by no question that asks for bytes; an index that lacks a row hides it from whoever asks by that index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Connection, create_engine

import migrations
from registry.store.damage import PROBLEMS_AT_MOST, Damage, Inspection
from registry.store.database import Database
from registry.store.schema_check import Definitions, Part, added_parts, broken_parts, one_line

STORED_AS: Final = {"INTEGER": "integer", "BIGINT": "integer", "TEXT": "text", "BLOB": "blob"}  # by the declared type
WITH_OUR_VALUES: Final = ("events", "freezes", "tracking")


class Made(NamedTuple):
    """What the migrations make: definitions, and by table and column how its values are stored."""

    definitions: Definitions
    stored_as: Mapping[str, Mapping[str, str]]


def inspected(database: Database, *, rows: bool) -> Inspection:
    """Return what is not as the migrations make it; with `rows` every index is held against every row of its table."""
    with database.reading() as connection:
        found, made = definitions(connection), made_by_migrations()
        problems = [*broken_parts(found, made.definitions)]
        if rows:
            problems += _broken_pages(connection)
            for table in WITH_OUR_VALUES:
                problems += _of_another_type(connection, table, made.stored_as[table])
    return Inspection.of(problems, added_parts(found, made.definitions))


def definitions(connection: Connection) -> dict[Part, str]:
    """Return the definition of each table, index, trigger and view, in one line; SQLite's own tables left out."""
    rows = connection.exec_driver_sql("SELECT type, tbl_name, name, sql FROM sqlite_master")
    return {
        Part(kind, table, name): "" if name == migrations.VERSION_TABLE else one_line(sql or "")  # Alembic's own words
        for kind, table, name, sql in rows
        if kind != "table" or not name.startswith("sqlite_")
    }


@cache
def made_by_migrations() -> Made:
    """Return what the migrations make of an empty database, in memory."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        migrations.upgrade(connection)
        made = Made(definitions(connection), {table: _stored_as(connection, table) for table in WITH_OUR_VALUES})
    engine.dispose()
    return made


def _stored_as(connection: Connection, table: str) -> dict[str, str]:
    columns = connection.exec_driver_sql(f"PRAGMA table_info({table})")
    return {name: STORED_AS[declared] for _, name, declared, *_ in columns}


def _broken_pages(connection: Connection) -> Iterator[Damage]:
    """Yield what SQLite itself finds wrong in pages, indexes and constraints, each said once."""
    said = connection.exec_driver_sql(f"PRAGMA integrity_check({PROBLEMS_AT_MOST})").scalars()
    for line in dict.fromkeys(said):
        if line != "ok":
            yield Damage(None, one_line(line))


def _of_another_type(connection: Connection, table: str, stored_as: Mapping[str, str]) -> Iterator[Damage]:
    """Yield the values that are stored as something else than their column says; a position is named where there is."""
    place = "position" if "position" in stored_as else "NULL"
    others = " OR ".join(f"typeof({name}) NOT IN ('{kind}', 'null')" for name, kind in stored_as.items())
    types = ", ".join(f"typeof({name})" for name in stored_as)
    statement = f"SELECT {place}, {types} FROM {table} WHERE {others} LIMIT {PROBLEMS_AT_MOST}"  # noqa: S608 – our names
    for position, *found in connection.exec_driver_sql(statement):
        for (name, kind), other in zip(stored_as.items(), found, strict=True):
            if other not in (kind, "null"):
                at = position if isinstance(position, int) else None
                yield Damage(
                    at if table == "events" else None, f"{name} of {table} is stored as {other}, not as {kind}"
                )
