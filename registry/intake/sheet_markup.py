"""The XML of a sheet, gathered row by row: which cells there are, before it is asked where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.lines import CELL_AT_MOST, COLUMNS_AT_MOST, LINE_AT_MOST
from registry.intake.markup import Markup, names

OTHER_SHEETS: Final = frozenset({"chartsheet", "dialogsheet", "macrosheet"})  # there are no rows in them
NAMES: Final = names(("worksheet", "row", "c", "v", "f", "t", "rPh"))


class GatheredRow(NamedTuple):
    """A row as it is written: its reference, each cell's attributes and value, and formulas by the places of cells."""

    reference: str | None
    cells: list[Mapping[str, str]]
    values: list[str]
    formulas: dict[int, str]


class SheetMarkup(Markup):
    """A sheet while it is read; each of its rows is told to `take` as soon as it is whole."""

    def __init__(self, take: Callable[[GatheredRow], None]) -> None:
        super().__init__()
        self._take = take
        self._is_worksheet = self._in_row = self._in_cell = False
        self._root = ""
        self._phonetic = 0
        self._runs: list[str] = []
        self._row = GatheredRow(None, [], [], {})
        self._cells, self._values = self._row.cells, self._row.values

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = NAMES.get(name)
        if element == "c" and self._in_row:  # no cell is within another, so that none adds to the depth
            if self._in_cell:
                raise UnreadableError(1, f"a cell within {self._latest()}; save the workbook anew")
            self._in_cell = True
            self._cells.append(attributes)
            self._values.append("")
            return
        self.depth += 1
        if element == "v":
            self.texts.clear()
        elif element == "row":
            if self._is_worksheet:
                self._begin_row(attributes.get("r"))
        elif element == "rPh":
            self._phonetic += 1
        elif element == "worksheet":
            self._is_worksheet = True
        else:
            self.texts.clear()
            if self.depth == 1:
                self._root = name

    def end(self, name: str) -> None:
        element = NAMES.get(name)
        if element == "c" and self._in_cell:
            self._in_cell = False
            if self._runs:
                self._values[-1] += "".join(self._runs)
                self._runs.clear()
            return
        self.depth -= 1
        if element == "v":
            if self._in_cell:
                self._values[-1] += "".join(self.texts)
        elif element == "row":
            if self._in_row:
                self._in_row = False
                self._take(self._row)
        elif self._in_cell:
            self._end_within_cell(element)
        self.texts.clear()

    def check(self) -> None:
        """Refuse a cell and a row that are too long before they are put together."""
        row = self._row
        if len(row.cells) > COLUMNS_AT_MOST:
            raise UnreadableError(
                1, f"a cell in column {len(row.cells):,}; a table has at most {COLUMNS_AT_MOST:,} columns"
            )
        unfinished = sum(map(len, self.texts)) + sum(map(len, self._runs))
        if unfinished > CELL_AT_MOST:
            raise UnreadableError(
                1, f"{self._latest()}: {unfinished:,} characters or more; a cell has at most {CELL_AT_MOST:,}"
            )
        characters = sum(map(len, row.values)) + sum(map(len, row.formulas.values()))
        if characters > LINE_AT_MOST:
            raise UnreadableError(
                1, f"{self._latest()}: with it the row has {characters:,} characters; at most {LINE_AT_MOST:,}"
            )

    def check_kind(self) -> None:
        """Refuse a part that is over and was no sheet: rows in it would have been passed over."""
        if not self._is_worksheet and self._root.rpartition(" ")[2].lower() not in OTHER_SHEETS:
            raise UnreadableError(1, "a sheet of an unknown kind; save the workbook anew as .xlsx")

    def _begin_row(self, reference: str | None) -> None:
        if self._in_row:
            raise UnreadableError(1, f"a row within row {self._row.reference}; save the workbook anew")
        self._in_row = True
        self._row = GatheredRow(reference, [], [], {})
        self._cells, self._values = self._row.cells, self._row.values

    def _end_within_cell(self, element: str | None) -> None:
        if element == "t":
            if not self._phonetic:
                self._runs += self.texts
        elif element == "f":
            self._row.formulas[len(self._cells) - 1] = "".join(self.texts)
        elif element == "rPh":
            self._phonetic -= 1

    def _latest(self) -> str:
        """Return the cell that was begun last, as it calls itself."""
        if not self._cells:
            return "the sheet"
        return f"cell {self._cells[-1].get('r', f'no. {len(self._cells):,} of its row')[:40]}"
