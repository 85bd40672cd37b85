"""Excel workbooks: a sheet a table, cells as the text that a CSV file would hold.

A row's line is its number in the sheet. Days are ISO days, whole numbers lose their `.0`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import repeat
from pathlib import Path

from registry.intake.lines import Line, Lines, is_comment
from registry.intake.merged_cells import merged_cells
from registry.intake.sheet_rows import SheetRow, sheet_rows
from registry.intake.workbook_contents import contents
from registry.intake.workbook_parts import Parts


class Workbook:
    """An open workbook. Raises `UnreadableError` where it is none, or is too large."""

    def __init__(self, path: Path) -> None:
        self._parts = Parts(path)
        self._contents = contents(self._parts)
        self._parts.check(besides=self._contents.sheets.values())

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in their order."""
        return tuple(self._contents.sheets)

    @property
    def is_1904(self) -> bool:
        """Whether its days are counted from 1904-01-01 on."""
        return self._contents.is_1904

    def is_empty(self, sheet: str) -> bool:
        """Return whether nothing at all stands on a sheet. Raises `UnreadableError`."""
        return next(self.rows(sheet), None) is None

    def lines(self, sheet: str) -> Lines:
        """Yield the header and the rows of a sheet. Raises `UnreadableError`."""
        return _table(self.rows(sheet))

    def rows(self, sheet: str, *, decimal: str = ".") -> Iterator[SheetRow]:
        """Yield the rows of a sheet that have cells; `decimal` is the sign in its numbers. Raises `UnreadableError`."""
        part = self._contents.sheets[sheet]
        return sheet_rows(self._parts.pieces(part), self._contents, part, decimal=decimal)

    def merged(self, sheet: str) -> list[tuple[int, int, str]]:
        """Return the merged cells of a sheet: first row, last row, and reference. Raises `UnreadableError`."""
        part = self._contents.sheets[sheet]
        return merged_cells(partial(self._parts.pieces, part), part)


def _table(rows: Iterator[SheetRow]) -> Lines:
    """Yield the rows from the header on, each as wide as the table: a sheet's blank margin is no column.

    The header is the first row that is no comment; which row that is, and where the table begins in it, is said here
    and nowhere else.
    """
    width = 0
    for number, cells in rows:
        filled = max(cells)
        if not cells[filled].strip():
            filled = max((column for column, cell in cells.items() if cell.strip()), default=0)
        texts = list(map(cells.get, range(1, max(width, filled) + 1), repeat("")))
        if not width:
            if is_comment(texts):
                continue
            width = filled
        yield Line(number, texts)
