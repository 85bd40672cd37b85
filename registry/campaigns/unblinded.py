"""What the sheet of a case says: grades by the letters of its studies, or lesions; or all that is wrong with it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from registry.campaigns.returned_sheets import plain
from registry.campaigns.sheet_layout import FREE, LESION_COLUMNS, NOT_ASSESSABLE
from registry.campaigns.typed_cells import Typed
from registry.catalogue.codes import LESION_KINDS
from registry.catalogue.imaging.method import ONLY_ITEM, Method
from registry.catalogue.imaging.places import Cell
from registry.domain.texts import one_line
from registry.errors import RefusalError
from registry.wording import listed, shown

WHOLE: Final = re.compile(r"([0-9]+)[.,]0+")  # a number that a program wrote as if it had decimals
Grades = dict[str, tuple[int | None, ...]]


class SeenLesion(NamedTuple):
    """A lesion as a reader saw it: what became of it from A to B."""

    lesion: str
    region: str
    kind: str
    location: str | None
    verdict: str


def grades_by_letter(typed: Typed) -> dict[str, Grades]:
    """Return the grades of each study of a case, by its letter; what is wrong is added to the sheet's problems."""
    studies = {letter: _StudyGrades(typed, letter) for letter in typed.layout.letters or ("",)}
    found = {letter: study.grades() for letter, study in studies.items()}
    typed.tell_empty(cell for study in studies.values() for cell in study.empty)
    return found


def lesions_seen(typed: Typed) -> list[SeenLesion]:
    """Return the lesions of a case in the order of its rows; what is wrong is added to the sheet's problems."""
    found = []
    for number, row in enumerate(typed.layout.rows):
        said = [_said(typed, number, column) for column in range(len(LESION_COLUMNS))]
        if any(typed.cells[number, column].text for column in range(len(LESION_COLUMNS))):
            _check_lesion(typed, number, said)
            region, kind, location, verdict = said
            found.append(SeenLesion(row.name, region or "", kind or "", location or None, verdict or ""))
    return found


def _said(typed: Typed, row: int, column: int) -> str | None:
    """Return a word of the list of a cell, empty where nothing stands there; None where it is none of them."""
    words = typed.layout.words_at(typed.layout.rows[row], typed.layout.columns[column])
    cell = typed.cells[row, column]
    if words == FREE:
        return _line(typed, row, column)
    said = plain(cell.text)
    if said and said not in words:
        typed.wrong(cell.line, cell.column, f"{shown(cell.text)} is not in the list; choose {listed(words)}")
        return None
    return said


def _line(typed: Typed, row: int, column: int) -> str | None:
    cell = typed.cells[row, column]
    try:
        return one_line("location", cell.text) if cell.text else ""
    except RefusalError as refusal:
        typed.wrong(cell.line, cell.column, str(refusal))
        return None


def _check_lesion(typed: Typed, row: int, said: list[str | None]) -> None:
    region, kind, _, verdict = said
    for column, word in enumerate((region, kind, None, verdict)):
        if word == "":
            cell = typed.cells[row, column]
            typed.wrong(cell.line, cell.column, f"{LESION_COLUMNS[column]} is empty; choose one, or clear the row")
    if region and kind and kind not in LESION_KINDS[region]:
        cell = typed.cells[row, 1]
        kinds = listed(LESION_KINDS[region])
        typed.wrong(cell.line, cell.column, f"{kind} is no kind of {region} lesion; choose {kinds}")


class _StudyGrades:
    """The grades of one study of a case; `empty` are the cells, by row and column of the layout, that lack one."""

    def __init__(self, typed: Typed, letter: str) -> None:
        assert typed.layout.method is not None, "lesions have no grades"
        self._typed, self._method, self._letter = typed, typed.layout.method, letter
        self.empty: list[tuple[int, int]] = []
        self._columns = [number for number, each in enumerate(typed.layout.columns) if each.letter == letter]

    def grades(self) -> Grades:
        """Return the grades item by item; where a grade cannot stand, the sheet's problems say so."""
        read = self._rows_read()
        nothing = (None,) * len(self._method.items)
        rows = [self._row(number) if number in read else nothing for number in range(len(self._typed.layout.rows))]
        return {item.name or ONLY_ITEM: tuple(column) for item, column in zip(self._method.items, zip(*rows))}

    def _rows_read(self) -> set[int]:
        """Return the rows of which a reading has to have grades: all, or those of the groups that are chosen."""
        rows = self._typed.layout.rows
        if self._method.selects is None:
            return set(range(len(rows)))
        chosen = {
            rows[row].group: None
            for (row, column), cell in self._typed.cells.items()
            if cell.text and column in self._columns
        }
        if len(chosen) != self._method.selects:
            first = self._typed.cells[0, self._columns[0]]
            of, wanted = f" of {self._letter}" if self._letter else "", self._method.selects
            self._typed.wrong(
                self._typed.header,
                first.column,
                f"grades of {len(chosen)} levels{of}: {', '.join(chosen) or 'none'}; choose exactly {wanted}",
            )
        return {number for number, row in enumerate(rows) if row.group in chosen}

    def _row(self, number: int) -> tuple[int | None, ...]:
        """Return the grades of a location in the items' order, and keep which of its cells are empty."""
        problems = len(self._typed.problems)
        graded = tuple(self._grade(number, column) for column in self._columns)
        layout = self._typed.layout
        excluded = items_excluded(self._method, graded)
        self.empty += [
            (number, column)
            for column in self._columns
            if layout.words_at(layout.rows[number], layout.columns[column])
            and not self._typed.cells[number, column].text
            and layout.columns[column].asks not in excluded
        ]
        if len(self._typed.problems) == problems:
            self._check_rules(number, graded)
        return graded

    def _grade(self, row: int, column: int) -> int | None:
        layout, cell = self._typed.layout, self._typed.cells[row, column]
        words = layout.words_at(layout.rows[row], layout.columns[column])
        said = WHOLE.sub(r"\1", plain(cell.text))
        if not said:
            return None
        at = f"at {layout.rows[row].name}"
        if not words:
            self._typed.wrong(
                cell.line, cell.column, f"{layout.columns[column].name} is not graded {at}; clear the cell"
            )
        elif said not in words:
            allowed = listed(words)
            self._typed.wrong(
                cell.line, cell.column, f"grade {shown(cell.text)} {at} is not in the list; choose {allowed}"
            )
        return int(said) if said in words and said != NOT_ASSESSABLE else None

    def _check_rules(self, row: int, graded: tuple[int | None, ...]) -> None:
        part = self._method.locations[row].part
        if broken := self._method.cells.broken(Cell(part, graded)):
            item, why = broken
            column = self._columns[[each.name for each in self._method.items].index(item)]
            cell = self._typed.cells[row, column]
            self._typed.wrong(cell.line, cell.column, f"{self._typed.layout.columns[column].name}: {why}")


def items_excluded(method: Method, graded: tuple[int | None, ...]) -> set[str | None]:
    """Return the items that do not exist beside the grades of a location."""
    by_item = {item.name: grade for item, grade in zip(method.items, graded)}
    return {name for rule in method.rules for name in rule.excluded(by_item)}
