"""Stretches of rows as they come of one kind of fact, before their patients are numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from registry.domain.days import PRECISIONS

TIME: Final = pa.timestamp("us")
SEPARATOR: Final = "//"
DAY: Final = PRECISIONS[10]
SCHEMA: Final = pa.schema(
    {
        "patient": pa.string(),
        "time": TIME,
        "code": pa.string(),
        "numeric_value": pa.float32(),
        "text_value": pa.large_string(),
        "value": pa.string(),
        "unit": pa.string(),
        "comparator": pa.string(),
        "precision": pa.string(),
        "recorded_at": pa.timestamp("us", tz="UTC"),
        "position": pa.int64(),
    }
)


RECORDED: Final = ("recorded_at", "position")


def stretch(facts: ArrowTable, code: ArrowArray, **told: Any) -> ArrowTable:
    """Return a row for each fact whose code is not null; `told` are the other columns, null where they are not named.

    `time` may be given as days. A time without a `precision` is known to the day.
    """
    columns = {name: facts[name] for name in ("patient", "recorded_at", "position")} | told | {"code": code}
    if "time" in told and "precision" not in told:
        columns["precision"] = pc.if_else(pc.is_valid(told["time"]), DAY, pa.scalar(None, pa.string()))
    n = facts.num_rows
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(n, field.type) for field in SCHEMA
    ]
    rows = pa.Table.from_arrays([_chunked(array) for array in arrays], schema=SCHEMA)
    return rows.filter(pc.is_valid(rows["code"]))


def coded_as(kind: str, *words: ArrowArray) -> ArrowArray:
    """Return codes as `KIND//word//word`, null where a word is."""
    return pc.binary_join_element_wise(kind, *(word.cast(pa.string()) for word in words), SEPARATOR)


def where(column: ArrowArray, code: str) -> ArrowArray:
    """Return a code where a column has a value, null where it has none."""
    return pc.if_else(pc.is_valid(column), code, pa.scalar(None, pa.string()))


def constant(code: str, n: int) -> ArrowArray:
    """Return a code for each of n rows."""
    return pa.array([code], pa.string()).take(pa.array(np.zeros(n, dtype=np.int64)))


def numbers(texts: ArrowArray) -> Mapping[str, ArrowArray]:
    """Return decimal texts as values: as they are, and as the nearest 32-bit numbers."""
    return {"value": texts, "numeric_value": texts.cast(pa.float64()).cast(pa.float32(), safe=False)}


def first_days_of(years: ArrowArray) -> ArrowArray:
    """Return the first day of each year."""
    array = years.combine_chunks() if isinstance(years, pa.ChunkedArray) else years
    known = array.fill_null(1970).to_numpy(zero_copy_only=False).astype(np.int64) - 1970
    days = known.astype("datetime64[Y]").astype("datetime64[D]")
    return pa.array(days, pa.date32(), mask=truth(pc.is_null(array)))


def _chunked(array: ArrowArray) -> ArrowArray:
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
