"""What every file format comes down to: numbered lines of cells, the header first; and how large what is read may be.

The limits lie far above any registry, and below what would fill a machine's memory. `docs/intake.md` says the same in
prose; a test compares them. Text in a cell that is stored has a limit of its own, in `registry.schema.cells`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

CELL_AT_MOST: Final = 1_000_000  # characters; in a text file, a longer one is a quote that nobody closed
LINE_AT_MOST: Final = 64_000_000  # characters of a physical line of a text file
COLUMNS_AT_MOST: Final = 2_000  # of a table; the widest has some sixty
ROWS_AT_MOST: Final = 1_000_000_000  # of a file; 100,000 patients read twice a year for 20 years make some 200 million
WORKBOOK_AT_MOST: Final = 2**30  # bytes of a workbook's parts, once they are unpacked
SHEET_ROWS_AT_MOST: Final = 1_048_576  # what Excel itself allows
SHEET_CELLS_AT_MOST: Final = 50_000_000  # rows by columns, empty ones among them: a sheet is held in memory whole


class Line(NamedTuple):
    """The cells of one row as text, empty where nothing was recorded, and the line that the row begins on, from 1."""

    number: int
    cells: Sequence[str]


Lines = Iterator[Line]


def is_comment(cells: Sequence[str]) -> bool:
    """Return whether a line above the header says nothing to the registry: a `#` comment, or blank."""
    first = next((cell.strip() for cell in cells if cell.strip()), "#")
    return first.startswith("#")
