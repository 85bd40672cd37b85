"""The rows of a sheet, one after the other, each a text by column; nothing of the sheet but a piece is in memory.

A row or a cell without a reference follows the one before. A cell that shows an error is that text (`#N/A`), a formula
that nobody has calculated is its own (`=A1*2`): neither is taken for an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from string import ascii_uppercase
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.lines import (
    CELL_AT_MOST,
    COLUMNS_AT_MOST,
    LINE_AT_MOST,
    SHEET_CELLS_AT_MOST,
    SHEET_CHARACTERS_AT_MOST,
    SHEET_ROWS_AT_MOST,
)
from registry.intake.markup import Document, read
from registry.intake.sheet_cells import CellTexts
from registry.intake.sheet_markup import GatheredRow, SheetMarkup
from registry.intake.workbook_contents import Contents
from registry.wording import shown

LETTERS: Final = ["".join(letters) for size in (1, 2, 3) for letters in product(ascii_uppercase, repeat=size)]
COLUMNS: Final = {letters: number for number, letters in enumerate(LETTERS, 1)}  # A to ZZZ
REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,12})")


class SheetRow(NamedTuple):
    """A row by its number from 1, and the texts of its cells that are not empty, by columns from 1."""

    number: int
    cells: dict[int, str]


def sheet_rows(pieces: Iterable[bytes], book: Contents, part: str, *, decimal: str = ".") -> Iterator[SheetRow]:
    """Yield the rows of a sheet that have cells, from top to bottom; `decimal` is the sign in what is stored as number.

    Raises `UnreadableError` at the row.
    """
    rows = _Rows(CellTexts(book, decimal=decimal))
    try:
        markup = SheetMarkup(rows.take)
        for _ in read(markup, pieces, Document(part)):
            yield from rows.ready
            rows.ready.clear()
        markup.check_kind()
    except UnreadableError as error:
        raise UnreadableError(max(error.line, rows.number), str(error)) from None


class _Rows:
    """Where rows and cells of a sheet stand, and what they say: the rows that are `ready`; `number` is the last's."""

    def __init__(self, cell_texts: CellTexts) -> None:
        self.ready: list[SheetRow] = []
        self.number = 0
        self._text_of = cell_texts.text
        self._columns = self._characters = 0

    def take(self, gathered: GatheredRow) -> None:
        """Take the next row. Raises `UnreadableError`."""
        self._place(gathered)
        ends, digits = str(self.number), len(str(self.number))
        cells: dict[int, str] = {}
        column, text_of, formulas = 0, self._text_of, gathered.formulas
        for place, (attributes, value) in enumerate(zip(gathered.cells, gathered.values)):
            reference = attributes.get("r")
            if reference is None:
                column += 1
            elif reference.endswith(ends):
                column = COLUMNS.get(reference[:-digits]) or self._column(reference)
            else:
                column = self._column(reference)
            if column > self._columns:
                self._check_extent(self.number, column)
                self._columns = column
            text = text_of(attributes, value, formulas.get(place) if formulas else None)
            if text:
                if column in cells:
                    raise self._refused(column, "a second cell of this reference; save the workbook anew")
                cells[column] = text
            elif text is None:
                raise self._refused(column, f"shared text {shown(value)}, which the workbook lacks; save it anew")
        self._check_lengths(cells)
        if cells:
            self.ready.append(SheetRow(self.number, cells))

    def _place(self, gathered: GatheredRow) -> None:
        """Settle the number of a row: its own, else that of its first cell with a reference, else the next."""
        number = self.number + 1
        if gathered.reference is not None:
            if not re.fullmatch("[0-9]{1,12}", gathered.reference):
                raise UnreadableError(
                    number, f"a row of the number {shown(gathered.reference)}; save the workbook anew"
                )
            number = int(gathered.reference)
        elif first := next((cell["r"] for cell in gathered.cells if "r" in cell), None):
            number = self._parsed(first)[1]
        self._check_extent(number, self._columns)
        if number <= self.number:
            raise UnreadableError(
                self.number, f"row {number:,} stands after row {self.number:,}; save the workbook anew"
            )
        self.number = number

    def _column(self, reference: str) -> int:
        """Return the column of a reference that is written in another way, or names another row."""
        column, row = self._parsed(reference)
        if row != self.number:
            raise UnreadableError(
                self.number, f"cell {reference} stands in row {self.number:,}; save the workbook anew"
            )
        return column

    def _parsed(self, reference: str) -> tuple[int, int]:
        found = REFERENCE.fullmatch(reference)
        if found is None:
            raise UnreadableError(1, f"a cell of the reference {shown(reference)}; save the workbook anew")
        column, row = COLUMNS[found[1].upper()], int(found[2])
        self._check_extent(row, column)
        return column, row

    def _check_lengths(self, cells: dict[int, str]) -> None:
        characters = sum(map(len, cells.values()))
        self._characters += characters
        if characters <= CELL_AT_MOST and self._characters <= SHEET_CHARACTERS_AT_MOST:
            return
        column = max(cells, key=lambda column: len(cells[column]))
        longest, text = len(cells[column]), f"{shown(cells[column])} has {len(cells[column]):,} characters"
        if longest > CELL_AT_MOST:
            raise self._refused(column, f"{longest:,} characters; a cell has at most {CELL_AT_MOST:,}")
        if characters > LINE_AT_MOST:
            raise self._refused(column, f"{text}, with it the row has {characters:,}; at most {LINE_AT_MOST:,}")
        if self._characters > SHEET_CHARACTERS_AT_MOST:
            raise self._refused(
                column, f"{text}, with it the sheet has {self._characters:,}; at most {SHEET_CHARACTERS_AT_MOST:,}"
            )

    def _check_extent(self, rows: int, columns: int) -> None:
        """Refuse a cell so far from the others that the sheet would be too large."""
        if rows > SHEET_ROWS_AT_MOST:
            why = f"{rows:,} rows; a sheet has at most {SHEET_ROWS_AT_MOST:,}"
        elif columns > COLUMNS_AT_MOST:
            why = f"a cell in column {columns:,}; a table has at most {COLUMNS_AT_MOST:,} columns"
        elif rows * columns > SHEET_CELLS_AT_MOST:
            why = (
                f"{rows:,} rows of {columns:,} columns; a sheet has at most {SHEET_CELLS_AT_MOST:,} cells, "
                "empty ones among them, write .csv"
            )
        else:
            return
        raise UnreadableError(rows, why)

    def _refused(self, column: int, why: str) -> UnreadableError:
        return UnreadableError(self.number, f"cell {LETTERS[column - 1]}{self.number}: {why}")
