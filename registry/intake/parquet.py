"""Parquet: typed columns, as the text that a CSV file would hold.

Line 1 is the header, so that the first row is line 2, as in a text file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from registry.errors import UnreadableError
from registry.intake.lines import ROWS_AT_MOST, Line, Lines
from registry.schema.rows import as_text

ROWS_AT_ONCE: Final = 16_384


def parquet_lines(path: Path) -> Lines:
    """Yield the column names and the rows of a Parquet file. Raises `UnreadableError`."""
    number = 1
    try:
        with pq.ParquetFile(path) as file:
            for field in file.schema_arrow:
                if not _is_readable(field.type):
                    raise UnreadableError(
                        1, f"column {field.name} holds {field.type}; write text, numbers, days or lists of text"
                    )
            if file.metadata.num_rows > ROWS_AT_MOST:
                raise UnreadableError(1, f"{file.metadata.num_rows:,} rows; a file has at most {ROWS_AT_MOST:,}")
            yield Line(1, file.schema_arrow.names)
            for batch in file.iter_batches(ROWS_AT_ONCE):
                columns = [_column(*named, after=number) for named in zip(batch.schema.names, batch.columns)]
                for cells in zip(*columns):
                    number += 1
                    yield Line(number, cells)
    except (pa.ArrowException, OSError, ValueError) as error:  # a name in the schema need not be UTF-8
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the system's; Arrow's own has no number
        raise UnreadableError(number, f"not readable as Parquet ({str(error).splitlines()[0]})") from None


def _is_readable(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_dictionary(kind):
        return _is_readable(kind.value_type)
    judged: Iterable[Callable[[pa.DataType], bool]] = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return any(is_kind(kind) for is_kind in judged)


def _column(name: str, column: pa.Array, *, after: int) -> list[str]:
    """Return the texts of a column; what no text or instant can be is refused at the row where it stands."""
    try:
        return _texts(column)
    except (pa.ArrowInvalid, OverflowError, ValueError):
        for row in range(len(column)):
            try:
                _texts(column.slice(row, 1))
            except (pa.ArrowInvalid, OverflowError, ValueError):
                raise UnreadableError(
                    after + 1 + row, f"column {name}: what stands here cannot be read as {column.type}"
                ) from None
        raise


def _texts(column: pa.Array) -> list[str]:
    if pa.types.is_floating(column.type):
        return [_decimal(text) for text in pc.cast(column, pa.string()).to_pylist()]
    if pa.types.is_timestamp(column.type):
        # Nanoseconds are cut; of a coarser unit nothing is lost, or it is out of every calendar.
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=column.type.unit != "ns")
    return [_text(value) for value in column.to_pylist()]


def _decimal(text: str | None) -> str:
    """Return a floating number's shortest decimal text, without an exponent; `24.7` was 24.7 in the file.

    >>> [_decimal(text) for text in ("24.7", "5.0", "5", "1e-07", None)]
    ['24.7', '5', '5', '0.0000001', '']
    """
    if text is None:
        return ""
    return (format(Decimal(text), "f") if "e" in text else text).removesuffix(".0")


def _text(value: Any) -> str:
    if isinstance(value, datetime) and (value.time() != datetime.min.time() or value.tzinfo):
        return value.isoformat(" ")
    return as_text(value) or ""
