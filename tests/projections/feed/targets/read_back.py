"""The rows of a target as readers find them that are not ours: DuckDB's own, psycopg, Polars."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg.rows import dict_row

from tests.projections.feed.slow_applier import Row

VERSION = ("_known_from_position", "_known_to_position", "_known_from", "_known_to")


def rows_of(to: str, query: str) -> list[Row]:
    """Return the rows of a query, in which a table of the feed stands as `{patients}`."""
    kind, _, rest = to.partition(":")
    if kind == "duckdb":
        with closing(duckdb.connect(rest)) as connection:
            return rows_in(connection, query.replace("{", '"').replace("}", '"'))
    if kind == "delta":
        with closing(duckdb.connect()) as connection:
            show_delta(connection, Path(rest), query)
            return rows_in(connection, query.replace("{", '"').replace("}", '"'))
    with psycopg.connect(to, row_factory=dict_row) as connection:
        return connection.execute(query.replace("{", 'spondyl."').replace("}", '"').encode()).fetchall()


def show_delta(connection: duckdb.DuckDBPyConnection, folder: Path, query: str) -> None:
    """Show DuckDB the tables that a query names, read by Polars at versions that belong together, by docs/feed.md."""
    published = pl.read_delta(str(folder / "_spondyl_batches"))
    newest = published.filter(pl.col("publication") == pl.col("publication").max())
    for name, version in newest.select("table_name", "version").iter_rows():
        if name.removesuffix("_history") not in query:
            continue
        connection.register(name, pl.read_delta(str(folder / name), version=version).to_arrow())
        if table := name.removesuffix("_history") if name.endswith("_history") else None:
            columns = f"* EXCLUDE ({', '.join(VERSION)})"
            known = "_known_from_position <= p AND (_known_to_position IS NULL OR _known_to_position > p)"
            connection.execute(f"CREATE MACRO {table}_as_known(p) AS TABLE SELECT {columns} FROM {name} WHERE {known}")
            connection.execute(f"CREATE VIEW {table}_current AS FROM {name} WHERE _known_to_position IS NULL")


def decoded(file: Path) -> Iterator[str]:
    """Yield all texts of a Parquet file, and every word that stands in one of its dictionaries, in a row or not."""
    schema = pq.read_schema(file)
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    for column in pq.read_table(file, read_dictionary=texts, partitioning=None).columns:
        for chunk in column.chunks:
            yield str((chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk).to_pylist())


def rows_in(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Return the rows of a query of DuckDB, by way of Polars."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: Any = pl.DataFrame(connection.sql(query).to_arrow_table())
    return found.to_dicts()


def table_of(to: str, table: str) -> dict[str, Row]:
    """Return the rows of a table, or of a function in its place, by the texts of their keys; no key twice."""
    return by_key(rows_of(to, f"SELECT * FROM {table}"))


def by_key(rows: list[Row]) -> dict[str, Row]:
    keys = [row.pop("_row_key") for row in rows]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, rows, strict=True))
