"""Readers: people who open a workbook in a spreadsheet program, type grades, and save it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from registry import Registry
from registry.campaigns.worklists import Case

FRONT = "campaign"


class Asked(NamedTuple):
    """What a cell asks for: the case's code, and how row and column are named."""

    code: str
    row: str
    column: str


Answer = Callable[[Asked], int | str | None]


def header_of(sheet: Worksheet) -> int:
    """The row that names the columns."""
    return next(row for row in range(1, 9) if sheet.cell(row, 1).value in ("location", "lesion"))


def open_cells(sheet: Worksheet) -> Iterator[tuple[Asked, Cell]]:
    """The cells that can be typed in, with what each asks for."""
    header = header_of(sheet)
    for row in range(header + 1, sheet.max_row + 1):
        for column in range(2, sheet.max_column + 1):
            cell = sheet.cell(row, column)
            if not cell.protection.locked:
                named = str(sheet.cell(row, 1).value), str(sheet.cell(header, column).value)
                yield Asked(sheet.title, *named), cell


def case_sheets(book: Workbook) -> list[Worksheet]:
    """The sheets of a workbook that are cases."""
    return [sheet for sheet in book.worksheets if sheet.title != FRONT]


def fill(file: Path, answer: Answer) -> Path:
    """A reader opens a file, types what `answer` says into every cell that it can, and saves it."""
    book = load_workbook(file)
    for sheet in case_sheets(book):
        for asked, cell in open_cells(sheet):
            cell.value = answer(asked)
    book.save(file)
    return file


def edit(file: Path, change: Callable[[Workbook], object]) -> Path:
    """Somebody changes a file in another way, and saves it."""
    book = load_workbook(file)
    change(book)
    book.save(file)
    return file


def handed_out(registry: Registry, campaign: str, reader: str, folder: Path, *, key: Path) -> Path:
    """The only file of a reader."""
    [file] = registry.write_worklist(campaign, reader, folder, key=key)
    return file


def case_of(cases: list[Case], code: str) -> Case:
    """The case of a code, by the list of the custodian of the images."""
    return next(case for case in cases if case.code == code)


def study_shown(cases: list[Case], asked: Asked) -> str:
    """The study at which a reader looks who fills a cell of a column whose header begins with its letter."""
    case = case_of(cases, asked.code)
    letter = asked.column.split()[0] if len(case.letters) > 1 else ""
    return next(study for study, shown in case.letters.items() if shown == letter)
