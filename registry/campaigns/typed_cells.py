"""What was typed on the sheet of a case: each cell in its row and column, and all that stands where it should not.

Rows are known by their names and columns by their headers, so that blank ones between do no harm; one that is gone,
renamed or there twice does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final, NamedTuple, Protocol

from registry.campaigns.blinding import read_code
from registry.campaigns.returned_sheets import ReturnedSheet, cell_at, plain
from registry.campaigns.sheet_layout import NOT_ASSESSABLE, Layout
from registry.campaigns.sheet_tables import NO_PLACE
from registry.intake.sheet_rows import SheetRow
from registry.places import Place, Problem
from registry.wording import listed, shown

TITLE: Final = "case "


class TypedCell(NamedTuple):
    """A cell that can be typed in: the line and the column of its sheet, from 1, and what stands there."""

    line: int
    column: int
    text: str


class Typed(Protocol):
    """What was typed of a case, wherever: the `cells` of its layout by row and column, from 0, and all `problems`.

    `header` is the line of what is wrong with a study as a whole.
    """

    layout: Layout
    problems: list[Problem]
    header: int

    @property
    def cells(self) -> Mapping[tuple[int, int], TypedCell]:
        """The cells that can be typed in."""

    def wrong(self, line: int, column: int, why: str) -> None:
        """Tell what is wrong with a cell, by its line and column."""

    def tell_empty(self, cells: Iterable[tuple[int, int]]) -> None:
        """Tell which cells lack a grade, by row and column of the layout."""


class TypedSheet:
    """The cells of a sheet by the numbers of their rows and columns in a layout, from 0; and its `problems`.

    Nothing more can be said of a sheet whose rows or columns are not those of the layout: `is_whole` is false then.
    """

    def __init__(self, sheet: ReturnedSheet, layout: Layout, told: str) -> None:
        self.sheet, self.layout = sheet, layout
        self.problems: list[Problem] = []
        self.cells: dict[tuple[int, int], TypedCell] = {}
        self._fixed = {plain(text) for text in (f"{layout.short}.", *layout.legend, *layout.letters)}
        self._told = plain(told)
        self.header, columns = self._find_header()
        self.is_whole = self.header > 0 and self._take(columns)

    @property
    def is_begun(self) -> bool:
        """Whether anything is typed in."""
        return any(cell.text for cell in self.cells.values())

    def wrong(self, line: int, column: int, why: str) -> None:
        """Tell what is wrong with a cell, by its line and column in the sheet."""
        at = cell_at(line, column)
        self.problems.append(Problem(Place(self.sheet.place, line, at), f"{at}: {why}"))

    def tell_empty(self, cells: Iterable[tuple[int, int]]) -> None:
        """Tell which cells lack a grade, by row and column; lines under one another with the same ones together."""
        empty = sorted((self.cells[cell].line, self.cells[cell].column) for cell in cells)
        by_line = {line: [column for _, column in found] for line, found in groupby(empty, key=lambda each: each[0])}
        for _, run in groupby(enumerate(by_line), key=lambda each: (each[1] - each[0], by_line[each[1]])):
            lines = [line for _, line in run]
            areas = [_area(lines, columns) for columns in _runs(by_line[lines[0]])]
            count = len(lines) * len(by_line[lines[0]])
            why = f"{', '.join(areas)} {'is' if count == 1 else 'are'} empty; grade each, {NOT_ASSESSABLE} included"
            place = Place(self.sheet.place, lines[0], areas[0])
            self.problems.append(Problem(place, f"{why}, or clear the whole case"))

    def _find_header(self) -> tuple[int, dict[int, int]]:
        """Return the line of the header, 0 where there is none, and which column of the layout each column is."""
        title = None
        for row in self.sheet.rows:
            texts = {at: plain(text) for at, text in row.cells.items() if text.strip()}
            if self.layout.rows_are in texts.values():
                self._check_title(title)
                return row.number, self._columns(row, texts)
            for at, text in texts.items():
                if text.startswith(TITLE) and title is None:
                    title = text
                elif text not in self._fixed and not text.startswith(self._told):
                    self.wrong(row.number, at, f"{shown(row.cells[at])} stands outside of the grades; remove it")
        self.problems.append(
            Problem(Place(self.sheet.place, 1), f"has no header {self.layout.rows_are!r}; take the sheet as it was")
        )
        return 0, {}

    def _check_title(self, title: str | None) -> None:
        """Refuse a sheet that is not the one that its name says."""
        if self.sheet.has_title and (title is None or read_code(title.removeprefix(TITLE)) != self.sheet.code):
            said = "has no title" if title is None else f"has the title {shown(title)}"
            why = f"{said}, and the sheet is named {self.sheet.code}; undo what was renamed"
            self.problems.append(Problem(Place(self.sheet.place, 1), why))

    def _columns(self, row: SheetRow, texts: dict[int, str]) -> dict[int, int]:
        """Return the number in the layout of each column that the header names; -1 of the names of rows."""
        wanted = {plain(column.name): number for number, column in enumerate(self.layout.columns)}
        wanted[self.layout.rows_are] = -1
        found: dict[int, int] = {}
        for at, text in texts.items():
            if text not in wanted:
                self.wrong(row.number, at, f"{shown(row.cells[at])} is no column of this sheet; undo what was renamed")
            elif wanted[text] in found.values():
                self.wrong(row.number, at, f"column {shown(row.cells[at])} stands twice; remove one")
            else:
                found[at] = wanted[text]
        lacking = [column.name for number, column in enumerate(self.layout.columns) if number not in found.values()]
        if lacking:
            self.wrong(row.number, 1, f"the header lacks {listed(lacking, 'and')}; take the sheet as it was")
        return found

    def _take(self, columns: dict[int, int]) -> bool:
        """Take the cells of all rows; return whether rows and columns are those of the layout."""
        names = next((at for at, number in columns.items() if number < 0), 0)
        seen: dict[int, int] = {}
        for row in self.sheet.rows:
            if row.number > self.header:
                self._take_row(row, names, columns, seen)
        lacking = [row.name for number, row in enumerate(self.layout.rows) if number not in seen]
        if lacking:
            rows = f"the {self.layout.rows_are}s {listed(lacking, 'and')}" if len(lacking) > 1 else f"{lacking[0]}"
            self.wrong(self.header, names, f"rows are gone: {rows}; take the sheet as it was")
        return not lacking and len(columns) == len(self.layout.columns) + 1

    def _take_row(self, row: SheetRow, names: int, columns: dict[int, int], seen: dict[int, int]) -> None:
        name = row.cells.get(names, "").strip()
        number = self.layout.number_of.get(plain(name))
        if number is None:
            self._check_outside(row, row.cells)
        elif number in seen:
            self.wrong(row.number, names, f"{name} stands in row {seen[number]} too; keep one")
        else:
            seen[number] = row.number
            self._check_outside(row, (at for at in row.cells if at not in columns))
            for at, column in columns.items():
                if column >= 0:
                    self.cells[number, column] = TypedCell(row.number, at, _typed(row.cells.get(at, "")))

    def _check_outside(self, row: SheetRow, places: Iterable[int]) -> None:
        for at in places:
            text = row.cells[at]
            if text.strip() and plain(text) not in self._fixed:
                self.wrong(row.number, at, f"{shown(text)} stands outside of the grades; remove it")


def _typed(text: str) -> str:
    """Return what was typed, nothing where it only says that there is no such place."""
    said = text.strip()
    return "" if said == NO_PLACE else said


def _runs(columns: list[int]) -> Iterator[list[int]]:
    for _, run in groupby(enumerate(columns), key=lambda each: each[1] - each[0]):
        yield [column for _, column in run]


def _area(lines: list[int], columns: list[int]) -> str:
    first, last = cell_at(lines[0], columns[0]), cell_at(lines[-1], columns[-1])
    return first if first == last else f"{first}:{last}"
