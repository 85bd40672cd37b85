"""The rows of a sheet, one after the other, each a text by column; nothing of the sheet but a piece is in memory.

A row or a cell without a reference follows the one before. A cell that shows an error is that text (`#N/A`), a formula
that nobody has calculated is its own (`=A1*2`): neither is taken for an empty cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
from registry.intake.markup import Markup, names, read
from registry.intake.sheet_cells import CellTexts
from registry.intake.workbook_contents import Contents
from registry.wording import shown

LETTERS: Final = ["".join(letters) for size in (1, 2, 3) for letters in product(ascii_uppercase, repeat=size)]
COLUMNS: Final = {letters: number for number, letters in enumerate(LETTERS, 1)}  # A to ZZZ
REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,12})")
NAMES: Final = names(("worksheet", "row", "c", "v", "f", "t", "rPh"))
NOWHERE: Final = "?"  # ends no reference


class SheetRow(NamedTuple):
    """A row by its number from 1, and the texts of its cells that are not empty, by columns from 1."""

    number: int
    cells: dict[int, str]


def sheet_rows(pieces: Iterable[bytes], book: Contents, part: str) -> Iterator[SheetRow]:
    """Yield the rows of a sheet that have cells, from top to bottom. Raises `UnreadableError` at the row."""
    sheet = _Sheet(CellTexts(book))
    for _ in read(sheet, pieces, part):
        yield from sheet.ready
        sheet.ready.clear()


class _Sheet(Markup):
    """A sheet while it is read: the rows that are ready, and the one that is not."""

    def __init__(self, cell_texts: CellTexts) -> None:
        super().__init__()
        self.ready: list[SheetRow] = []
        self._text_of = cell_texts.text
        self._is_worksheet = self._in_row = self._in_cell = False
        self._row = self._columns = self._characters = self._phonetic = 0
        self._row_text, self._row_digits, self._is_placed = NOWHERE, 1, False
        self._cells: dict[int, str] = {}
        self._column = 0
        self._attributes: Mapping[str, str] = {}
        self._value: list[str] = []
        self._formula: str | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        element = NAMES.get(name)
        if element == "v":
            self.texts.clear()
        elif element == "c":
            if self._in_row:
                self._begin_cell(attributes)
        elif element == "row":
            if self._is_worksheet:
                self._begin_row(attributes.get("r"))
        elif element == "rPh":
            self._phonetic += 1
        elif element == "worksheet":
            self._is_worksheet = True
        else:
            self.texts.clear()

    def end(self, name: str) -> None:
        self.depth -= 1
        element = NAMES.get(name)
        if element == "v":
            self._value += self.texts
        elif element == "c":
            if self._in_cell:
                self._end_cell()
            return
        elif element == "t":
            if not self._phonetic:
                self._value += self.texts
        elif element == "row":
            if self._in_row:
                self._end_row()
        elif element == "f":
            self._formula = "".join(self.texts)
        elif element == "rPh":
            self._phonetic -= 1
        self.texts.clear()

    def check(self) -> None:
        """Refuse a cell and a row that are too long before they are put together."""
        unfinished = sum(map(len, self.texts)) + sum(map(len, self._value)) + len(self._formula or "")
        if unfinished > CELL_AT_MOST:
            raise self._refused_cell(f"{unfinished:,} characters or more; a cell has at most {CELL_AT_MOST:,}")
        self._check_row()

    def _begin_row(self, reference: str | None) -> None:
        if self._in_row:
            raise UnreadableError(self._row, f"a row within row {self._row:,}; save the workbook anew")
        self._in_row = True
        self._cells, self._column = {}, 0
        self._row_text, self._row_digits, self._is_placed = NOWHERE, 1, False
        if reference is None:
            return
        if not (reference.isascii() and reference.isdigit() and len(reference) <= 12):
            raise UnreadableError(self._row + 1, f"a row of the number {shown(reference)}; save the workbook anew")
        self._place_row(int(reference))

    def _place_row(self, number: int) -> None:
        self._check_extent(number, self._columns)
        if number <= self._row:
            raise UnreadableError(self._row, f"row {number:,} stands after row {self._row:,}; save the workbook anew")
        self._row, self._row_text, self._is_placed = number, str(number), True
        self._row_digits = len(self._row_text)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        if self._in_cell:
            raise self._refused_cell("another cell within it; save the workbook anew")
        self._in_cell = True
        reference = attributes.get("r")
        if reference is None:
            column = self._column + 1
        elif reference.endswith(self._row_text):
            column = COLUMNS.get(reference[: -self._row_digits]) or self._placed(reference)
        else:
            column = self._placed(reference)
        if column > self._columns:
            self._check_extent(self._row, column)
            self._columns = column
        self._column, self._attributes, self._formula = column, attributes, None
        if self._value:
            self._value = []

    def _placed(self, reference: str) -> int:
        """Return the column of a reference that is written in another way, or that says the row."""
        found = REFERENCE.fullmatch(reference)
        if found is None:
            raise UnreadableError(self._row, f"a cell of the reference {shown(reference)}; save the workbook anew")
        column, row = COLUMNS[found[1].upper()], int(found[2])
        self._check_extent(row, column)
        if not self._is_placed:
            self._place_row(row)
        elif row != self._row:
            raise UnreadableError(self._row, f"cell {reference} stands in row {self._row:,}; save the workbook anew")
        return column

    def _end_cell(self) -> None:
        self._in_cell = False
        value = self._value
        text = self._text_of(self._attributes, value[0] if len(value) == 1 else "".join(value), self._formula)
        if text is None:
            raise self._refused_cell(f"shared text {shown(''.join(value))}, which the workbook lacks; save it anew")
        if not text:
            return
        if self._column in self._cells:
            raise self._refused_cell("a second cell of this reference; save the workbook anew")
        if len(text) > CELL_AT_MOST:
            raise self._refused_cell(f"{len(text):,} characters; a cell has at most {CELL_AT_MOST:,}")
        self._cells[self._column] = text

    def _end_row(self) -> None:
        self._in_row = False
        if not self._is_placed:
            self._place_row(self._row + 1)
        self._characters += self._check_row()
        if self._characters > SHEET_CHARACTERS_AT_MOST:
            raise self._refused_longest(
                f"with it the sheet has {self._characters:,} characters; at most {SHEET_CHARACTERS_AT_MOST:,}"
            )
        if self._cells:
            self.ready.append(SheetRow(self._row, self._cells))
            self._cells = {}

    def _check_row(self) -> int:
        """Return how many characters the cells of the row have. Raises `UnreadableError` where these are too many."""
        characters = sum(map(len, self._cells.values()))
        if characters > LINE_AT_MOST:
            raise self._refused_longest(f"with it the row has {characters:,} characters; at most {LINE_AT_MOST:,}")
        return characters

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

    def _refused_cell(self, why: str) -> UnreadableError:
        column = LETTERS[self._column - 1] if self._column else ""
        return UnreadableError(max(self._row, 1), f"cell {column}{self._row}: {why}")

    def _refused_longest(self, why: str) -> UnreadableError:
        """Return the refusal of what a row adds up to, at its longest cell."""
        self._column = max(self._cells, key=lambda column: len(self._cells[column]))
        text = self._cells[self._column]
        return self._refused_cell(f"{shown(text)} has {len(text):,} characters, {why}")
