"""How much of a batch has been read, in bytes of its files, told while it is read.

A row's share of its file is what it takes there: in a text file its characters, of a Parquet file one of its rows, of a
workbook roughly what its cells take once they are unpacked. Quotes and letters of several bytes make it an estimate; at
the end of a file it is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq

from registry.intake.lines import Lines
from registry.intake.report import Progress

ROWS_A_STEP: Final = 5_000  # from one word to the next
CELL_IN_WORKBOOK: Final = 36  # bytes of XML around and for a cell, as `<c r="AB1234" s="1" t="s"><v>123</v></c>`


class Extent(NamedTuple):
    """How much a file holds, and how much of that the cells of a row take; a workbook, all its sheets."""

    size: int
    of_row: Callable[[Sequence[str]], int]


class ReadSoFar:
    """How much has been read of files, each as often as it is named: a workbook once for each sheet that is a table."""

    def __init__(self, files: Iterable[Path], progress: Progress) -> None:
        self._times = Counter(files)
        self._progress = progress
        self._bytes = {file: _bytes_of(file) for file in self._times}
        self._total = max(1, sum(self._bytes[file] // times * times for file, times in self._times.items()))
        self._done = 0

    def lines(self, file: Path, lines: Lines) -> Lines:
        """Yield the lines of a file, or of one of its sheets; tell how much is read, now and then and at its end."""
        times, extent, taken = self._times[file], extent_of(file), 0
        share, size = self._bytes[file] // times, max(1, extent.size // times)
        for number, line in enumerate(lines, 1):
            yield line
            taken += extent.of_row(line.cells)
            if number % ROWS_A_STEP == 0:
                self._tell(self._done + share * min(taken, size) // size)
        self._done += share
        self._tell(self._done)

    def _tell(self, done: int) -> None:
        self._progress("reading", done, self._total)


def _bytes_of(file: Path) -> int:
    """Return the size of a file, 0 of one that is gone by now; who reads it refuses it."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def extent_of(file: Path) -> Extent:
    """Return how much a file holds; what cannot be opened is refused by who reads it, and has nothing here."""
    ending = file.suffix.lower()
    try:
        if ending == ".parquet":
            return Extent(pq.read_metadata(file).num_rows, lambda cells: 1)
        if ending == ".xlsx":
            with ZipFile(file) as parts:
                sheets = (part.file_size for part in parts.infolist() if "worksheets/" in part.filename)
                return Extent(sum(sheets), lambda cells: sum(map(len, cells)) + CELL_IN_WORKBOOK * len(cells))
        return Extent(_bytes_of(file), lambda cells: sum(map(len, cells)) + len(cells))
    except (pa.ArrowException, BadZipFile, OSError, ValueError):
        return Extent(0, len)
