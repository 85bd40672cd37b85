"""Parquet: typed columns, as the text that a CSV file would hold.

Line 1 is the header, so that the first row is line 2, as in a text file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from registry.errors import UnreadableError
from registry.intake.lines import CELL_AT_MOST, LINE_AT_MOST, Line, Lines
from registry.intake.parquet_pages import readable
from registry.schema.rows import as_text
from registry.wording import shown

ROWS_AT_ONCE: Final = 16_384
TEXT_AT_ONCE: Final = 2**26  # bytes of text in so many rows; where there may be more, fewer rows are read at once
BYTES_AT_ONCE: Final = 2**20  # of the file; without it, a column of a row group is read whole before it is unpacked
LISTED: Final = ";"  # between the values of a list, in the text that it is
DAMAGED: Final = (pa.ArrowInvalid, OverflowError, ValueError)


def parquet_lines(path: Path) -> Lines:
    """Yield the column names and the rows of a Parquet file. Raises `UnreadableError`."""
    number = 1
    try:
        at_once, as_texts = readable(path, most=ROWS_AT_ONCE, text_at_most=TEXT_AT_ONCE)
        with pq.ParquetFile(path) as file:
            _check_schema(file)
            texts, rows = set(_text_columns(file.schema)) - as_texts, file.metadata.num_rows
        yield Line(1, file.schema_arrow.names)
        with pq.ParquetFile(path, read_dictionary=texts, buffer_size=BYTES_AT_ONCE) as file:
            for batch in file.iter_batches(at_once):
                columns = [_column(*named, after=number) for named in zip(batch.schema.names, batch.columns)]
                for cells in zip(*columns):
                    number += 1
                    if sum(map(len, cells)) > CELL_AT_MOST:
                        _check_lengths(number, batch.schema.names, cells)
                    yield Line(number, cells)
        if number != rows + 1:
            raise UnreadableError(number, f"it ends here, and says of itself that it has {rows:,} rows")
    except (pa.ArrowException, OSError, ValueError) as error:  # a name in the schema need not be UTF-8
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the system's; Arrow's own has no number
        raise UnreadableError(number, f"not readable as Parquet ({str(error).splitlines()[0]})") from None


def column_types(path: Path) -> dict[str, pa.DataType]:
    """Return the type of each column of a Parquet file, by name. Raises `UnreadableError`."""
    readable(path, most=ROWS_AT_ONCE, text_at_most=TEXT_AT_ONCE)
    try:
        with pq.ParquetFile(path) as file:
            return {field.name: field.type for field in file.schema_arrow}
    except (pa.ArrowException, ValueError) as error:
        raise UnreadableError(1, f"not readable as Parquet ({str(error).splitlines()[0]})") from None


def _check_schema(file: pq.ParquetFile) -> None:
    for field in file.schema_arrow:
        if not _is_readable(field.type):
            raise UnreadableError(
                1, f"column {field.name} holds {field.type}; write text, numbers, days or lists of text"
            )


def _text_columns(schema: pq.ParquetSchema) -> list[str]:
    """Return the paths of texts: what the file holds once and shows in many rows is to be held once here, too."""
    columns = [schema.column(number) for number in range(len(schema))]
    return [column.path for column in columns if column.logical_type.type == "STRING"]


def _check_lengths(number: int, names: Sequence[str], cells: Sequence[str]) -> None:
    """Refuse a row with a cell that is too long, or with too much in all."""
    name, longest = max(zip(names, map(len, cells)), key=lambda named: named[1])
    if longest > CELL_AT_MOST:
        raise UnreadableError(number, f"column {name}: {longest:,} characters; a cell has at most {CELL_AT_MOST:,}")
    if (characters := sum(map(len, cells))) > LINE_AT_MOST:
        raise UnreadableError(number, f"{characters:,} characters; a row has at most {LINE_AT_MOST:,}")


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


def _column(name: str, column: pa.Array, *, after: int) -> Iterable[str]:
    """Return the texts of a column; what no text or instant can be is refused at the row where it stands."""
    try:
        return _texts(column)
    except (UnreadableError, *DAMAGED):
        for row in range(len(column)):
            try:
                _texts(column.slice(row, 1))
            except UnreadableError as error:
                raise UnreadableError(after + 1 + row, f"column {name}: {error}") from None
            except DAMAGED:
                raise UnreadableError(
                    after + 1 + row, f"column {name}: what stands here cannot be read as {column.type}"
                ) from None
        raise


def _texts(column: pa.Array) -> Iterable[str]:
    """Return the texts of a column.

    Raises `UnreadableError`, whose line means nothing, for a list that is too long, or would be another one as a text.
    """
    if pa.types.is_dictionary(column.type):
        used = pc.unique(column.indices).drop_null()
        words = dict(zip(used.to_pylist(), _texts(column.dictionary.take(used))))
        return ["" if place is None else words[place] for place in column.indices.to_pylist()]
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        lengths = pc.list_value_length(column)
        if (longest := pc.max(lengths).as_py() or 0) > CELL_AT_MOST:
            raise UnreadableError(1, f"a list of {longest:,} values; a cell has at most {CELL_AT_MOST:,} characters")
        listed = list(_texts(column.flatten()))
        if parted := next((word for word in listed if LISTED in word), None):
            raise UnreadableError(1, f"a list with {shown(parted)}; the values of a list are parted by {LISTED}")
        return _joined(listed, lengths.to_pylist())
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


def _joined(words: list[str], lengths: list[int | None]) -> Iterator[str]:
    """Yield the lists of a column, each put together when its row is read; a null in a list says nothing."""
    end = 0
    for length in lengths:
        begin, end = end, end + (length or 0)
        yield LISTED.join(filter(None, words[begin:end]))
