"""How a text file or a sheet is laid out, for a draft to say: found by looking, and to be looked at."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.workbooks import Workbook
from registry.wording import listed, shown

LOOKED_AT: Final = 1 << 20  # bytes
ROWS_LOOKED_AT: Final = 200
MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS: Final = (";", "\t", "|", ",")  # of two that part as much, the later one
COMMA: Final = re.compile(r"[<>]?\s*[-+]?\d+,\d+", re.ASCII)
POINT: Final = re.compile(r"[<>]?\s*[-+]?\d+\.\d+", re.ASCII)


class Layout(NamedTuple):
    """How a table is laid out, each None where it is as usual: what `[source]` would say."""

    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    header_row: int | None = None
    sheet: str | None = None


def text_layout(file: Path) -> Layout:
    """Return how a text file is laid out, by its first megabyte. Raises `OSError`."""
    with file.open("rb") as opened:
        content = opened.read(LOOKED_AT)
    encoding = _encoding(content)
    text = content.decode(encoding or "utf-8", errors="replace").removeprefix("\ufeff")
    lines = [line for line in text.splitlines()[:ROWS_LOOKED_AT] if line.strip()]
    delimiter = max(reversed(DELIMITERS), key=lambda sign: _columns(lines, sign))
    rows = [*islice(csv.reader(text.splitlines(), delimiter=delimiter), ROWS_LOOKED_AT)]
    return Layout(
        delimiter=None if delimiter == "," else delimiter,
        encoding=None if encoding == "utf-8" or any(content.startswith(mark) for mark in MARKS) else encoding,
        decimal="," if delimiter != "," and _has_commas(rows) else None,
        header_row=_header_row(rows),
    )


def sheet_layout(file: Path, sheet: str | None) -> Layout:
    """Return where the header of a sheet is. Raises `UnreadableError` where there are several and none is named."""
    book = Workbook(file)
    if sheet is None and len(book.sheets) > 1:
        raise UnreadableError(
            1, f"{len(book.sheets):,} sheets; say which by --sheet: {listed(map(shown, book.sheets))}"
        )
    named = sheet or book.sheets[0]
    lines = [*islice(book.lines(named), ROWS_LOOKED_AT)] if named in book.sheets else []
    rows: list[Sequence[str]] = []
    for line in lines:
        rows += [[]] * (line.number - len(rows) - 1) + [line.cells]
    return Layout(sheet=sheet, header_row=_header_row(rows), decimal="," if _has_commas(rows, typed=True) else None)


def _encoding(content: bytes) -> str | None:
    """Return the encoding that bytes say or allow: a mark, UTF-8, or else the code page of Western Windows."""
    for mark, name in MARKS.items():
        if content.startswith(mark):
            return name
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return "cp1252" if error.start < len(content) - 4 else "utf-8"
    return "utf-8"


def _columns(lines: Sequence[str], delimiter: str) -> int:
    """Return how many signs of a kind most lines have that have any, for as many lines as that."""
    times = Counter(line.count(delimiter) for line in lines)
    times.pop(0, None)
    return max((n * signs for signs, n in times.items()), default=0)


def _header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the first row that is as wide as most are, from 1; None where it is the first that is not blank."""
    widths = [sum(1 for cell in row if cell.strip()) for row in rows]
    filled = [number for number, width in enumerate(widths, 1) if width]
    if not filled:
        return None
    widest = max(widths)
    header = next(number for number, width in enumerate(widths, 1) if 2 * width > widest)
    return header if header != filled[0] else None


def _has_commas(rows: Sequence[Sequence[str]], *, typed: bool = False) -> bool:
    """Return whether numbers have a decimal comma, and none of them a point; those that are `typed` always have one."""
    cells = [cell.strip() for row in rows for cell in row]
    return any(map(COMMA.fullmatch, cells)) and (typed or not any(map(POINT.fullmatch, cells)))
