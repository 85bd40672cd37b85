"""Sheets of workbooks: the sheet and the header row that a mapping names, up to its first empty row or to the end.

Days that Excel knows as such are days, whatever the mapping says of how days are written; a number that is stored as
one has a point or the decimal comma of the mapping, as its neighbours that are stored as text. Merged cells of the
header are read as `headers` joins them; below it they are refused, for which of the rows their value is of nobody says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from registry.errors import UnreadableError
from registry.intake.found_tables import names_in_places
from registry.intake.lines import Line, Lines
from registry.intake.sources.days_written import SERIALS
from registry.intake.sources.mapping import FIRST_EMPTY_ROW, SourceRule
from registry.intake.sources.tabular import TableFile, Tabular
from registry.intake.workbooks import Workbook
from registry.spelling import nearest
from registry.wording import listed, shown, visible

LEFT_OPEN: Final = "~$"  # begins the name of the file that Excel keeps beside a workbook while it is open
NAMED_AT_MOST: Final = 5  # merged cells that are named one by one


def open_sheet(rule: SourceRule, files: Sequence[Path]) -> Tabular:
    """Return the table on a sheet of workbooks. Raises `UnreadableError`, `OSError`."""
    tables = []
    for name, file in zip(names_in_places(files), files, strict=True):
        _refuse_open(file)
        try:
            book = Workbook(file)
            sheet = _sheet(book, rule.sheet)
            _check_serials(rule.dates, book)
        except UnreadableError as error:
            error.file = name if len(files) > 1 else ""
            raise
        tables.append(TableFile(visible(f"{name}!{sheet}"), file, partial(_lines, book, sheet, rule)))
    return Tabular(tables, rule, typed_days=True)


def _refuse_open(file: Path) -> None:
    if file.name.startswith(LEFT_OPEN):
        book = file.name.removeprefix(LEFT_OPEN)
        raise UnreadableError(1, visible(f"{file.name} is no workbook: Excel has {book} open; save and close it there"))
    beside = file.with_name(LEFT_OPEN + file.name)
    if beside.exists():
        mend = f"save and close it, or delete {beside.name} where nobody has it open"
        raise UnreadableError(1, visible(f"{file.name} is open in Excel, for {beside.name} stands beside it; {mend}"))


def _sheet(book: Workbook, said: str | None) -> str:
    """Return the sheet that is meant: the one that is named, or the only one on which something stands."""
    if said is not None:
        if said in book.sheets:
            return said
        near = nearest(said, book.sheets)
        mend = f"did you mean {near!r}?" if near else f"there is {listed(map(shown, book.sheets), 'and')}"
        raise UnreadableError(1, f"no sheet {shown(said)}; {mend}")
    filled = [sheet for sheet in book.sheets if not book.is_empty(sheet)]
    if len(filled) != 1:
        there = listed(map(shown, filled), "and") if filled else "none"
        raise UnreadableError(1, f'sheets with cells: {there}; say which one is meant, as sheet = "Visiten"')
    return filled[0]


def _check_serials(dates: Iterable[str], book: Workbook) -> None:
    """Refuse to read serial numbers of days from another first day than the workbook has."""
    for way in dates:
        if way in SERIALS and SERIALS[way] != book.is_1904:
            right = next(name for name, is_1904 in SERIALS.items() if is_1904 == book.is_1904)
            raise UnreadableError(1, f"dates: the workbook counts its days as {shown(right)} has it, not {shown(way)}")


def _lines(book: Workbook, sheet: str, rule: SourceRule, first: int) -> Lines:
    """Yield the rows of a sheet from one on, each as wide as those before it; an empty one where rows were left out."""
    width, before = 0, 0
    merged = book.merged(sheet)
    for number, cells in book.rows(sheet, decimal=rule.decimal or "."):
        if number < first:
            continue
        if before and number > before + 1:
            if rule.until == FIRST_EMPTY_ROW:
                return
            yield Line(before + 1, ())
        if merged and before >= (rule.header_row or 0) and before:
            _refuse_merged(merged, number)
        width, before = max(width, *cells), number
        yield Line(number, [cells.get(column, "") for column in range(1, width + 1)])


def _refuse_merged(merged: Iterable[tuple[int, int, str]], number: int) -> None:
    """Refuse merged cells that reach into a row of data; each has its first row, its last row and its reference."""
    below = [reference for _, last, reference in merged if last >= number]
    if below:
        more = [f"{len(below) - NAMED_AT_MOST:,} more"] * (len(below) > NAMED_AT_MOST)
        told = listed([*below[:NAMED_AT_MOST], *more], "and")
        raise UnreadableError(
            number, f"merged cells below the header: {told}; unmerge them, and fill in what each says"
        )
