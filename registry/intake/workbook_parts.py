"""What a workbook unpacks to, judged a piece at a time before any of it is held in memory.

A workbook is a ZIP of XML parts. A few kilobytes can unpack to gigabytes, and one cell far from the others makes a
sheet of millions of empty ones: both are refused here, and so is a part that is damaged or longer than it says.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from registry.errors import UnreadableError
from registry.intake.lines import COLUMNS_AT_MOST, SHEET_CELLS_AT_MOST, SHEET_ROWS_AT_MOST, WORKBOOK_AT_MOST

BYTES_AT_ONCE: Final = 2**20
TAG_AT_MOST: Final = 2**16  # bytes kept of what has no end yet; a longer run is text
PLAIN_REFERENCE: Final = re.compile(
    rb' r="([A-Za-z]{0,7})([0-9]{1,12})"'
)  # as all programs write it; found 3 times faster
OTHERWISE: Final = (b"='", b"= ", b" =", b"=\t", b"=\n", b"=\r", b"\t", b"\n", b"\r", b":row", b":c")
REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,7})([0-9]{1,12})["']""")
ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
CELL: Final = re.compile(rb"<(?:\w+:)?c\b")


def check_parts(path: Path) -> None:
    """Refuse a workbook that would not fit into memory, or that is damaged. Raises `UnreadableError`."""
    try:
        with ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > WORKBOOK_AT_MOST:
                raise UnreadableError(
                    1, f"{unpacked:,} bytes once unpacked; a workbook has at most {WORKBOOK_AT_MOST:,}, write .csv"
                )
            for part in parts.infolist():
                _check_extent(part, _pieces(parts, part))
    except (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise UnreadableError(1, f"not readable as an XLSX workbook ({error}); save it as .xlsx") from None


def _pieces(parts: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with parts.open(part) as file:
        while piece := file.read(BYTES_AT_ONCE):
            yield piece


def _check_extent(part: ZipInfo, pieces: Iterator[bytes]) -> None:
    """Read a part to its end, and refuse it where its cells span more than a sheet may have."""
    extent, rest = _Extent(), b""
    for piece in pieces:
        text = rest + piece
        cut = text.rfind(b"<")
        rest = text[cut:] if cut >= 0 else text[-TAG_AT_MOST:]
        if len(rest) > TAG_AT_MOST:
            rest = rest[-TAG_AT_MOST:]
        extent.add(text[: max(cut, 0)])
        extent.check(part.filename)
    extent.add(rest)
    extent.check(part.filename)


class _Extent:
    """How many rows and columns the cells of a part span; a cell without a reference follows the one before."""

    def __init__(self) -> None:
        self.rows = self.columns = self._in_row = self._rows_begun = 0

    def add(self, xml: bytes) -> None:
        is_plain = not any(sign in xml for sign in OTHERWISE)
        references = (PLAIN_REFERENCE if is_plain else REFERENCE).findall(xml)
        if references:
            self.rows = max(self.rows, *(int(row) for row in {row for _, row in references}))
            self.columns = max(self.columns, *(_number(letters) for letters in {letters for letters, _ in references}))
        first, *others = xml.split(b"<row") if is_plain else ROW.split(xml)
        self._in_row += len(CELL.findall(first))
        self.columns = max(self.columns, self._in_row)
        for row in others:
            self._in_row = row.count(b"<c") + row.count(b":c")  # never too few; counted well where it matters
            if self._in_row > self.columns or row is others[-1]:
                self._in_row = len(CELL.findall(row))
                self.columns = max(self.columns, self._in_row)
        self._rows_begun += len(others)
        self.rows = max(self.rows, self._rows_begun)

    def check(self, name: str) -> None:
        if self.rows > SHEET_ROWS_AT_MOST:
            raise UnreadableError(1, f"{name}: {self.rows:,} rows; a sheet has at most {SHEET_ROWS_AT_MOST:,}")
        if self.columns > COLUMNS_AT_MOST:
            raise UnreadableError(
                1, f"{name}: a cell in column {self.columns:,}; a table has at most {COLUMNS_AT_MOST:,} columns"
            )
        if self.rows * self.columns > SHEET_CELLS_AT_MOST:
            raise UnreadableError(
                1,
                f"{name}: {self.rows:,} rows of {self.columns:,} columns; a sheet has at most {SHEET_CELLS_AT_MOST:,} "
                "cells, empty ones among them, write .csv",
            )


def _number(letters: bytes) -> int:
    """Return the number of a column, from 1; 0 for a row.

    >>> [_number(letters) for letters in (b"", b"A", b"Z", b"aa", b"BC")]
    [0, 1, 26, 27, 55]
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
