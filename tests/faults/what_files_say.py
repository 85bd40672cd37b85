"""What a file says, read slowly and by other readers than the registry's: what must be in the log once it was stored.

CSV is read by a machine of five states, a character at a time; workbooks by openpyxl; Parquet by DuckDB. What none may
read is a `BrokenError`; what the other reader alone makes nothing of is an `UnreadableError`.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, NamedTuple
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

OTHER_UNITS: Final = {"mg/dl"}  # of the measures of these files, than the canonical one
TABLES: Final = {
    "patients", "follow_ups", "visits", "treatments", "flares", "adverse_events", "imaging", "readings", "lesions",
}  # fmt: skip


class UnreadableError(Exception):
    """A file that the other reader makes nothing of; nobody can say what should be stored of it."""


class BrokenError(Exception):
    """A file that is none of its form, so that nothing of it may be stored."""


class Row(NamedTuple):
    """One row that is not blank: its table, its place as events name it, and by column what its cells say."""

    table: str
    place: str
    cells: dict[str, str]


class Line(NamedTuple):
    """A line of a file as it stands: its number from 1, and its cells."""

    number: int
    cells: list[str]


def rows_of(name: str, content: bytes) -> list[Row]:
    """Return the rows of all tables in a file. Raises `BrokenError` and `UnreadableError`."""
    stem, _, ending = name.rpartition(".")
    tables = READERS[ending](content)
    return [
        row
        for sheet, lines in tables
        if (table := (sheet or stem).lower()) in TABLES
        for row in _rows(table, f"{name}!{sheet}" if sheet else name, lines)
    ]


def _rows(table: str, where: str, lines: list[Line]) -> Iterator[Row]:
    """Yield what stands under the header, which is the first line that is neither blank nor a comment."""
    told = iter(lines)
    header = next((line for line in told if not _is_blank(line) and not _first(line).startswith("#")), None)
    if header is None:
        raise BrokenError("no header")
    names = [cell.casefold().partition("[")[0].strip() for cell in header.cells]
    units = [cell.casefold().partition("[")[2].strip("] ") for cell in header.cells]
    for number, cells in (line for line in told if not _is_blank(line)):
        if any(cell.strip() for cell in cells[len(names) :]):
            raise BrokenError(f"line {number}: more cells than columns")
        said = {name: cell for name, cell in zip(names, cells) if cell.strip()}
        named = {f"unit of {name}": unit for name, unit in zip(names, units) if unit in OTHER_UNITS and name in said}
        yield Row(table, f"{where}:{number}", {**said, **named})


def _is_blank(line: Line) -> bool:
    return not any(cell.strip() for cell in line.cells)


def _first(line: Line) -> str:
    return next(cell.strip() for cell in line.cells if cell.strip())


def csv_lines(content: bytes) -> list[tuple[str, list[Line]]]:
    """Return the lines of a CSV file, by RFC 4180: quotes around a cell, a quote within them twice."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BrokenError(str(error)) from None
    if not text.endswith("\n"):
        text += "\n"
    lines: list[Line] = []
    cells, cell, state, number, begun = [], "", "before", 1, 1
    for sign in text:
        if state == "quoted":
            if sign == '"':
                state = "after a quote"
            else:
                cell += sign
        elif sign == '"' and state in ("before", "after a quote"):
            cell += '"' if state == "after a quote" else ""
            state = "quoted"
        elif sign in ",\n":
            cells.append(cell)
            cell, state = "", "before"
            if sign == "\n":
                lines.append(Line(begun, cells))
                cells, begun = [], number + 1
        elif state == "after a quote":
            raise BrokenError(f"line {number}: text after a quote")
        else:
            cell, state = cell + sign, "bare"
        number += sign == "\n"
    if state == "quoted":
        raise BrokenError(f"line {begun}: a quote that is never closed")
    return [("", lines)]


def workbook_lines(content: bytes) -> list[tuple[str, list[Line]]]:
    """Return the lines of each sheet of a workbook, as openpyxl reads it."""
    import openpyxl

    _check_parts(content)
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            return [
                (sheet.title, [Line(n, [*map(_text, cells)]) for n, cells in enumerate(sheet.values, sheet.min_row)])
                for sheet in book.worksheets
            ]
    except Exception as error:  # noqa: BLE001 – it has no errors of its own for what is broken
        raise UnreadableError(str(error)) from None


def _check_parts(content: bytes) -> None:
    """Refuse a workbook with a part that is no XML, and one with a cell of a kind that openpyxl does not know."""
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            texts = {name: parts.read(name) for name in parts.namelist() if name.startswith("xl/")}
        for text in (text for name, text in texts.items() if "theme" not in name):
            ElementTree.fromstring(text)
    except (BadZipFile, ElementTree.ParseError) as error:
        raise BrokenError(str(error)) from None
    sheets = b"".join(text for name, text in texts.items() if "sheet" in name)
    if sheets.count(b"<is>") != sheets.count(b' t="inlineStr"><is>'):  # openpyxl would leave out its text
        raise UnreadableError("a cell of an unknown kind")


def parquet_lines(content: bytes) -> list[tuple[str, list[Line]]]:
    """Return the names and the rows of a Parquet file, as DuckDB reads it."""
    import duckdb

    with NamedTemporaryFile(suffix=".parquet") as file:
        Path(file.name).write_bytes(content)
        try:
            found = duckdb.sql(f"SELECT * FROM read_parquet('{file.name}')")
            rows = [found.columns, *found.fetchall()]
        except (duckdb.Error, ValueError) as error:  # ValueError: a day that Python has not
            reads_more = "TProtocolException" in str(error)  # of the footer than what says how rows are read
            raise (UnreadableError if reads_more else BrokenError)(str(error)) from None
    return [("", [Line(number, [*map(_text, cells)]) for number, cells in enumerate(rows, 1)])]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
        case date():
            return value.isoformat()
        case float() | Decimal():
            return format(Decimal(str(value)), "f")
    return str(value)


READERS: Final[dict[str, Callable[[bytes], Iterable[tuple[str, list[Line]]]]]] = {
    "csv": csv_lines,
    "xlsx": workbook_lines,
    "parquet": parquet_lines,
}
