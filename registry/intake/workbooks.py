"""Excel workbooks: a sheet a table, cells as the text that a CSV file would hold.

A row's line is its number in the sheet. Dates become ISO days, whole numbers lose their `.0`; a cell that shows an
error (`#N/A`), or a formula that nobody has calculated, is read as that text, and so is not taken for an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import unescape
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from registry.errors import UnreadableError
from registry.intake.lines import Line, Lines, is_comment
from registry.intake.workbook_parts import check_parts
from registry.schema.rows import as_text

CELL: Final = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^>/]*)>(.*?)</c>', re.DOTALL)
FORMULA: Final = re.compile(rb"<f[^>]*>([^<]*)</f>")
VALUE: Final = re.compile(rb"<v>([^<]+)</v>")
SHEET: Final = re.compile(rb'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
RELATION: Final = re.compile(rb"<Relationship\b[^>]*>")
ATTRIBUTE: Final = re.compile(rb'\b(Id|Target)="([^"]*)"')


class Workbook:
    """An open workbook. Raises `UnreadableError` where it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        check_parts(path)
        try:
            self._book = CalamineWorkbook.from_path(path)
        except CalamineError as error:
            raise UnreadableError(1, f"not readable as an XLSX workbook ({error}); save it as .xlsx") from None

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in their order."""
        return tuple(self._book.sheet_names)

    def is_empty(self, sheet: str) -> bool:
        """Return whether nothing at all stands on a sheet."""
        return self._book.get_sheet_by_name(sheet).height == 0

    def lines(self, sheet: str) -> Lines:
        """Yield the header and the rows of a sheet. Raises `UnreadableError`."""
        try:
            rows = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise UnreadableError(1, f"sheet {sheet} is not readable ({error})") from None
        for (row, column), text in self._hidden(sheet).items():
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = text
        texts = ([_text(cell) for cell in row] for row in rows)
        return _trimmed(texts)

    def _hidden(self, sheet: str) -> dict[tuple[int, int], str]:
        """Return the text of cells that would be read as empty and are not, by row and column from 1."""
        try:
            with ZipFile(self.path) as parts:
                xml = parts.read(_part_of(parts, sheet))
        except (BadZipFile, KeyError):
            return {}
        if b't="e"' not in xml and b"<f" not in xml:
            return {}
        texts: dict[tuple[int, int], str] = {}
        for letters, row, attributes, content in CELL.findall(xml):
            value, formula = VALUE.search(content), FORMULA.search(content)
            place = int(row), _column(letters.decode())
            if b't="e"' in attributes:
                texts[place] = unescape(value[1].decode()) if value else "#ERROR"
            elif formula and not value and b't="str"' not in attributes:
                texts[place] = "=" + unescape(formula[1].decode())
        return texts


def _part_of(parts: ZipFile, sheet: str) -> str:
    relations = (dict(ATTRIBUTE.findall(tag)) for tag in RELATION.findall(parts.read("xl/_rels/workbook.xml.rels")))
    targets = {relation[b"Id"]: relation[b"Target"].decode() for relation in relations}
    sheets = {unescape(name.decode()): key for name, key in SHEET.findall(parts.read("xl/workbook.xml"))}
    target = targets[sheets[sheet]]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column(letters: str) -> int:
    """Return the number of a column, from 1.

    >>> [_column(letters) for letters in ("A", "Z", "AA", "BC")]
    [1, 26, 27, 55]
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _trimmed(rows: Iterator[list[str]]) -> Lines:
    """Yield the rows from the header on, each as wide as the table: a sheet's blank margin is no column."""
    width = 0
    for number, cells in enumerate(rows, 1):
        if not width:
            if is_comment(cells):
                continue
            width = max(place for place, cell in enumerate(cells, 1) if cell.strip())
        filled = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
        yield Line(number, cells[: max(width, filled)])


def _text(value: Any) -> str:
    if isinstance(value, datetime) and value.time() != datetime.min.time():
        return value.isoformat(" ")
    if value is None or isinstance(value, str | bool | int | float | date):
        return as_text(value) or ""
    return str(value)
