"""Tables in files: a header that names the fields, and a row a line below it. Several files are one source.

All files of a source have the same columns, in whatever order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from registry.errors import UnreadableError
from registry.intake.lines import Line, Lines
from registry.intake.sources.foreign_source import SourceField, SourceRow, name_of_all
from registry.intake.sources.headers import NO_BREAK, cleaned, names_of, refuse_other_columns, refuse_title
from registry.intake.sources.mapping import FIRST_EMPTY_ROW, SourceRule
from registry.wording import shown


class TableFile(NamedTuple):
    """A file with a table: its name in places, where it is, and what yields its lines from a row on, from 1."""

    name: str
    path: Path
    lines: Callable[[int], Lines]


class _Open(NamedTuple):
    """A table whose header was read: the line of that, the names of its columns, and the lines that follow."""

    number: int
    names: list[str]
    lines: Lines


class Tabular:
    """A source of one file or of several. `fields` are those of the first; `describe` says what one of them holds."""

    def __init__(self, files: Sequence[TableFile], rule: SourceRule, *, typed_days: bool) -> None:
        self._files, self._rule, self.has_typed_days = files, rule, typed_days
        self.name = name_of_all([file.name for file in files])
        self.files = tuple(file.path for file in files)
        self.events: Mapping[str, str] = {}
        with self._in(files[0]):
            self._names = self._opened(files[0]).names
        self.fields: Mapping[str, SourceField] = {
            name: SourceField(name, decimal=rule.decimal or ".") for name in self._names if name
        }

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows of all files. Raises `UnreadableError`, with the file where there are several."""
        for file in self._files:
            with self._in(file):
                opened = self._opened(file)
                refuse_other_columns(opened.names, self._names, line=opened.number, file=self._told(file),
                                     first_file=self._files[0].name)  # fmt: skip
                yield from self._rows(opened, self._told(file))

    def _told(self, file: TableFile) -> str:
        return file.name if len(self._files) > 1 else ""

    @contextmanager
    def _in(self, file: TableFile) -> Iterator[None]:
        """Say in which of several files it is that cannot be read."""
        try:
            yield
        except UnreadableError as error:
            error.file = error.file or self._told(file)
            raise

    def _opened(self, file: TableFile) -> _Open:
        last = self._rule.header_row
        first = None if last is None else last - self._rule.header_rows_above
        lines = file.lines(first or 1)
        header = _header(lines, first, last)
        names = names_of(header)
        if last is None:
            below = next(lines, None)
            refuse_title(header, below)
            lines = lines if below is None else chain([below], lines)
        return _Open(header[-1].number, names, lines)

    def _rows(self, opened: _Open, file: str) -> Iterator[SourceRow]:
        names, width, ends = opened.names, len(opened.names), self._rule.until == FIRST_EMPTY_ROW
        for number, cells in opened.lines:
            values = {name: text for name, cell in zip(names, cells) if cell and (text := cell.strip())}
            if len(cells) != width and (values or any(map(str.strip, cells))):
                _check_width(number, cells, width)
            if not values:
                if ends:
                    return
                continue
            if "" in values:
                raise UnreadableError(number, f"{shown(values[''])} stands in a column without a name; name it")
            if NO_BREAK in "".join(cells):
                values = {name: cleaned(text) for name, text in values.items()}
            yield SourceRow(number, values, file=file)


def _header(lines: Lines, first: int | None, last: int | None) -> list[Line]:
    """Return the rows of the header: those that a mapping names, else the first that is not blank."""
    header: list[Line] = []
    for line in lines:
        if last is not None and line.number > last:
            break
        if first is not None or any(map(str.strip, line.cells)):
            header.append(line)
        if last is None and header:
            return header
        if line.number == last:
            return header
    if last is None:
        raise UnreadableError(1, "no header: nothing stands here")
    raise UnreadableError(last, f"no row begins on line {last:,}, where header_row says that the header is")


def _check_width(number: int, cells: Sequence[str], width: int) -> None:
    """Refuse a row that is shorter or longer than the header; one that only has empty cells more is not."""
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        return
    mend = "put quotes around text that holds a separator" if len(cells) > width else "leave what is empty empty"
    raise UnreadableError(number, f"{len(cells):,} cells under {width:,} columns; {mend}, or end before it by "
                          f'until = "{FIRST_EMPTY_ROW}"')  # fmt: skip
