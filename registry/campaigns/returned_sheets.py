"""A reader's file as it came back, from whichever program: what it says of itself, and the rows of each case's sheet.

Nothing is judged here but whether it can be read. A program may have stored numbers as 1.0 or as text, put blank rows
and columns between, named sheets by a habit of its own ("7K3M-Q9XD - Table 1"), or put them in another order.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from registry.campaigns.blinding import read_code
from registry.campaigns.sheet_tables import NO_PLACE, OF_FILE
from registry.campaigns.sheets import CAMPAIGN_SHEET
from registry.errors import UnreadableError
from registry.intake.sheet_rows import LETTERS, SheetRow
from registry.intake.text_files import delimited_lines
from registry.intake.workbooks import Workbook

HEADING: Final = OF_FILE[:-1]  # what a file says of itself
SEPARATORS: Final = ",;\t"
TABLE_OF_SHEET: Final = " - "  # before what a program adds to a sheet's name


class ReturnedSheet(NamedTuple):
    """The sheet of a case: its `place` in messages, the code that its name is, None where it is none, and its rows.

    `has_title` is whether its first row must say the code again.
    """

    place: str
    code: str | None
    rows: list[SheetRow]
    has_title: bool

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not any(text.strip() for row in self.rows for text in row.cells.values())


class ReturnedFile(NamedTuple):
    """A file that came back: its name in messages, what it says of itself, the codes that it lists, and its sheets."""

    name: str
    heading: dict[str, str]
    codes: list[str]
    sheets: list[ReturnedSheet]


def returned_files(path: Path, name: str) -> list[ReturnedFile]:
    """Return what a workbook, or a table in CSV, has: a table may be of several files that were put together.

    Raises `UnreadableError`, and `OSError` where the system refuses.
    """
    ending = path.suffix.lower()
    if not path.is_file():
        raise UnreadableError(1, "no such file")
    if ending == ".xlsx":
        return [_of_workbook(Workbook(path), name)]
    if ending == ".csv":
        return _of_table(path, name)
    raise UnreadableError(1, f"{ending or 'no ending'} is not read; save it as .xlsx or .csv")


def cell_at(line: int, column: int) -> str:
    """Return how a spreadsheet calls a cell.

    >>> cell_at(12, 4)
    'D12'
    """
    return f"{LETTERS[column - 1]}{line}"


def plain(text: str) -> str:
    """Return a text as it is compared: in lower case, with single blanks."""
    return " ".join(text.split()).lower()


def _of_workbook(book: Workbook, name: str) -> ReturnedFile:
    front = next((sheet for sheet in book.sheets if _own_name(sheet).lower() == CAMPAIGN_SHEET), None)
    if front is None:
        raise UnreadableError(1, f"has no sheet {CAMPAIGN_SHEET!r}, and is none that a reader got")
    heading, codes = _front([*book.rows(front)])
    sheets = [
        ReturnedSheet(f"{name}!{sheet}", read_code(_own_name(sheet)), [*book.rows(sheet)], has_title=True)
        for sheet in book.sheets
        if sheet != front
    ]
    return ReturnedFile(name, heading, codes, sheets)


def _own_name(sheet: str) -> str:
    return sheet.partition(TABLE_OF_SHEET)[0].strip()


def _front(rows: Iterable[SheetRow]) -> tuple[dict[str, str], list[str]]:
    """Return what the first sheet says of its file, and which cases it lists."""
    heading: dict[str, str] = {}
    codes: list[str] = []
    lists_cases = False
    for row in rows:
        first, *others = [text.strip() for _, text in sorted(row.cells.items()) if text.strip()] or [""]
        if lists_cases and (code := read_code(first)):
            codes.append(code)
        elif others and first.lower() in HEADING:
            heading.setdefault(first.lower(), others[0])
        lists_cases |= first.lower() == "cases"
    return heading, codes


def _of_table(path: Path, name: str) -> list[ReturnedFile]:
    """Return the files that a table has rows of, each with its cases as if they were sheets."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        first = file.readline(100_000)
    lines = delimited_lines(path, max(SEPARATORS, key=first.count))
    header = next(lines, None)
    names = [] if header is None else [plain(text) for text in header.cells]
    if header is None or any(name not in names for name in OF_FILE):
        raise UnreadableError(1, f"is not a reader's table; its columns are {', '.join(OF_FILE)} and those of grades")
    at = {each: names.index(each) for each in OF_FILE}
    own = [column for column, each in enumerate(names) if each not in OF_FILE]
    titles = {column + 1: header.cells[column] for column in own}
    found: dict[tuple[str, ...], dict[str, list[SheetRow]]] = {}
    for line in lines:
        said = tuple(line.cells[at[each]].strip() for each in HEADING)
        cells = {column + 1: line.cells[column] for column in own if line.cells[column].strip()}
        if any(said) or cells:
            code = line.cells[at["case"]].strip()
            found.setdefault(said, {}).setdefault(code, []).append(SheetRow(line.number, cells))
    return [
        _of_rows(name, dict(zip(HEADING, said)), cases, SheetRow(header.number, titles))
        for said, cases in found.items()
    ]


def _of_rows(name: str, heading: dict[str, str], cases: dict[str, list[SheetRow]], titles: SheetRow) -> ReturnedFile:
    sheets = [
        ReturnedSheet(f"{name}!{code}", read_code(code), _without_margin(titles, rows), has_title=False)
        for code, rows in cases.items()
    ]
    return ReturnedFile(name, heading, [sheet.code for sheet in sheets if sheet.code is not None], sheets)


def _without_margin(titles: SheetRow, rows: list[SheetRow]) -> list[SheetRow]:
    """Return the rows of a case under their header, without the columns that are of no study of it."""
    gone = {at for at in titles.cells if all(row.cells.get(at, "").strip() == NO_PLACE for row in rows)}
    return [
        SheetRow(row.number, {at: text for at, text in row.cells.items() if at not in gone}) for row in (titles, *rows)
    ]
