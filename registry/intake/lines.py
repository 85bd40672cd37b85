"""What every file format comes down to: numbered lines of cells, the header first; and how large what is read may be.

The limits lie far above any registry, and below what would fill a machine's memory. `docs/intake.md` says the same in
prose; a test compares them. Text in a cell that is stored has a limit of its own, in `registry.schema.cells`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

CELL_AT_MOST: Final = 1_000_000  # characters; in a text file, a longer one is a quote that nobody closed
LINE_AT_MOST: Final = 16_000_000  # characters of a row, in a text file over however many physical lines
COLUMNS_AT_MOST: Final = 2_000  # of a table; the widest has some sixty
ROWS_AT_MOST: Final = 1_000_000_000  # of a file; 100,000 patients read twice a year for 20 years make some 200 million

PROBLEMS_AT_MOST: Final = 100_000  # of a batch that are listed; what comes after is not looked at

WORKBOOK_AT_MOST: Final = 2**28  # bytes of a workbook's parts, once they are unpacked
PARTS_AT_MOST: Final = 10_000  # of a workbook, pictures and all
DESCRIPTION_AT_MOST: Final = 2**24  # bytes, unpacked, of a part of a workbook that is neither sheet nor shared text
SHARED_TEXTS_AT_MOST: Final = 2_000_000  # of a workbook: they are held in memory
SHARED_CHARACTERS_AT_MOST: Final = 64_000_000  # of all shared texts of a workbook together
SHEET_ROWS_AT_MOST: Final = 1_048_576  # what Excel itself allows
SHEET_CELLS_AT_MOST: Final = 20_000_000  # rows by columns, empty ones among them
SHEET_CHARACTERS_AT_MOST: Final = 1_000_000_000  # of all cells of a sheet, a shared text as often as it is shown
TAG_AT_MOST: Final = 2**21  # bytes of one tag, comment or instruction of XML; it is looked at anew with every piece
DEPTH_AT_MOST: Final = 1_000  # elements of XML within one another
NAMES_AT_MOST: Final = 10_000  # different names of elements and attributes in a part: they are held in memory

FOOTER_AT_MOST: Final = 2**23  # bytes of what a Parquet file says of itself
FOOTER_ENTRIES_AT_MOST: Final = 250_000  # some six for each column of a row group
PAGES_AT_MOST: Final = 250_000  # of a Parquet file: the header of each is read before any is unpacked
ROW_GROUP_PAGES_AT_MOST: Final = 2**27  # bytes of the largest page and the dictionary of each column, held in memory
LIST_VALUES_AT_MOST: Final = 2**24  # of one column in a row group of Parquet: a single row may have them all
SHORT_ROWS_AT_MOST: Final = 1_000_000  # of a Parquet file of any length; rows that are alike take no room in it,
ROWS_A_BYTE_AT_MOST: Final = 20  # and so many more for each of its bytes: long forms of readings have up to ten


class Line(NamedTuple):
    """The cells of one row as text, empty where nothing was recorded, and the line that the row begins on, from 1."""

    number: int
    cells: Sequence[str]


Lines = Iterator[Line]


def is_comment(cells: Sequence[str]) -> bool:
    """Return whether a line above the header says nothing to the registry: a `#` comment, or blank."""
    first = next((cell.strip() for cell in cells if cell.strip()), "#")
    return first.startswith("#")
