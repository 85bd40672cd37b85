"""The state at a position as DuckDB, Polars and pandas find it, each in a frame of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import duckdb
import polars as pl

from projections.columns.arrow import ArrowTable

StateAt = Callable[[int], Any]
LAST: Final = """
    SELECT * EXCLUDE (states, again) FROM events
    WHERE states AND position IN (SELECT max(position) FROM events WHERE position <= $at GROUP BY fact)
"""
STANDING: Final = "SELECT * EXCLUDE (superseded_by) FROM events WHERE position <= $at AND superseded_by > $at"


def by_group(events: ArrowTable) -> dict[str, StateAt]:
    """Return what finds the last event of each fact up to a position, and keeps it where it states the fact."""
    database, polars, pandas = _in_duckdb(events), pl.DataFrame(events), events.to_pandas()

    def in_polars(known_at: int) -> Any:
        last = polars.lazy().filter(pl.col("position") <= known_at).unique("fact", keep="last")
        return last.filter("states").collect()

    def in_pandas(known_at: int) -> Any:
        last = pandas[pandas.position <= known_at].drop_duplicates("fact", keep="last")
        return last[last.states]

    return {"DuckDB": _asked(database, LAST), "Polars": in_polars, "pandas": in_pandas}


def by_comparison(versions: ArrowTable) -> dict[str, StateAt]:
    """Return what compares two positions, given the one at which each version was superseded."""
    database, polars, pandas = _in_duckdb(versions), pl.DataFrame(versions), versions.to_pandas()

    def in_polars(known_at: int) -> Any:
        return polars.filter(pl.col("position") <= known_at, pl.col("superseded_by") > known_at)

    def in_pandas(known_at: int) -> Any:
        return pandas[(pandas.position <= known_at) & (pandas.superseded_by > known_at)]

    return {"DuckDB": _asked(database, STANDING), "Polars": in_polars, "pandas": in_pandas}


def _in_duckdb(events: ArrowTable) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.register("arrow", events)
    database.execute("CREATE TABLE events AS SELECT * FROM arrow")
    return database


def _asked(database: duckdb.DuckDBPyConnection, query: str) -> StateAt:
    return lambda known_at: database.sql(query, params={"at": known_at}).to_arrow_table()
