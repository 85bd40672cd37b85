"""The rows of a target as readers find them that are not ours: DuckDB's own, psycopg, Polars."""

from __future__ import annotations

import warnings
from contextlib import closing
from typing import Any

import duckdb
import polars as pl
import psycopg
from psycopg.rows import dict_row

from tests.projections.feed.slow_applier import Row


def rows_of(to: str, query: str) -> list[Row]:
    """Return the rows of a query, in which a table of the feed stands as `{patients}`."""
    kind, _, rest = to.partition(":")
    if kind == "duckdb":
        with closing(duckdb.connect(rest)) as connection:
            return rows_in(connection, query.replace("{", '"').replace("}", '"'))
    with psycopg.connect(to, row_factory=dict_row) as connection:
        return connection.execute(query.replace("{", 'spondyl."').replace("}", '"').encode()).fetchall()


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
