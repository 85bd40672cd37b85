"""What was typed on a page, cell by cell: as that of a sheet, but told by the names of row and column.

A page has every cell of the case's layout, and no other. `n` stands for what could not be assessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from registry.campaigns.sheet_layout import NOT_ASSESSABLE, Layout
from registry.campaigns.typed_cells import TypedCell
from registry.places import Place, Problem

SHORT_FOR_IT: Final = "n"
HEADER: Final = 0  # the line of what is wrong with a study as a whole
Spot = tuple[int, int]  # a cell, by row and column of the layout, from 0


class TypedPage:
    """The cells of a page as its `place`, the case's code, has them; what is wrong with each cell is in `marks`.

    `empty` are the cells that lack what is asked for, `studies_wrong` the first columns of studies that are wrong as a
    whole; `notes` is all that is wrong but for what is empty. Whatever is not a cell of the layout was never typed.
    """

    header = HEADER

    def __init__(self, place: str, layout: Layout, typed: Mapping[Spot, str]) -> None:
        self.layout, self._place = layout, place
        self.problems: list[Problem] = []
        self.marks: dict[Spot, str] = {}
        self.notes: list[str] = []
        self.empty: set[Spot] = set()
        self.studies_wrong: set[int] = set()
        self.cells = {
            (row, column): TypedCell(row + 1, column + 1, self._text(row, column, typed.get((row, column), "")))
            for row in range(len(layout.rows))
            for column in range(len(layout.columns))
        }

    @property
    def is_begun(self) -> bool:
        """Whether anything is typed in."""
        return any(cell.text for cell in self.cells.values())

    def wrong(self, line: int, column: int, why: str) -> None:
        """Tell what is wrong with a cell by its line, from 1, or with a study as a whole by `HEADER`."""
        if line > HEADER:
            self.marks[line - 1, column - 1] = why
        else:
            self.studies_wrong.add(column - 1)
        name = "" if line == HEADER else self.named((line - 1, column - 1))
        said = f"{name}: {why}" if name else why
        self.notes.append(said)
        self.problems.append(Problem(Place(self._place, max(line, 1), name), said))

    def tell_empty(self, cells: Iterable[Spot]) -> None:
        """Keep which cells lack a grade, and tell how many they are."""
        self.empty = set(cells)
        if self.empty:
            count = len(self.empty)
            told = f"{self.named(min(self.empty))} is" if count == 1 else f"{count:,} cells are"
            self.problems.append(Problem(Place(self._place, 1), f"{told} empty; grade each, {NOT_ASSESSABLE} included"))

    def named(self, cell: Spot) -> str:
        """Return what a cell is called: its row, and its column where there is more than one."""
        row, column = self.layout.rows[cell[0]], self.layout.columns[cell[1]]
        name = row.name if self.layout.method is not None else f"{self.layout.rows_are} {row.name}"
        return name if len(self.layout.columns) == 1 else f"{name}, {column.name}"

    def _text(self, row: int, column: int, typed: str) -> str:
        said, words = typed.strip(), self.layout.words_at(self.layout.rows[row], self.layout.columns[column])
        return NOT_ASSESSABLE if said.lower() == SHORT_FOR_IT and NOT_ASSESSABLE in words else said
