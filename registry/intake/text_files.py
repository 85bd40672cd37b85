"""CSV and TSV: UTF-8 text, one row a line, quotes around what holds a separator, a quote or a line break.

A row's line is the physical line on which it begins. Lines that begin with `#` are comments above the header, and
nowhere else. A first line `sep=;`, as spreadsheets write it, says what separates the columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

from registry.errors import UnreadableError
from registry.intake.lines import CELL_AT_MOST, LINE_AT_MOST, ROWS_AT_MOST, Line, Lines, is_comment

UTF_8: Final = "utf-8-sig"
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
MENDS: Final = {",": "name the file .csv", ";": "begin it with a line sep=;", "\t": "name the file .tsv"}
SEPARATOR: Final = re.compile(r'"?sep=(.)"?,*', re.IGNORECASE)  # the first line, as Excel knows it


def csv_lines(path: Path) -> Lines:
    """Yield the header and the rows of a comma-separated file. Raises `UnreadableError`."""
    return delimited_lines(path, ",")


def tsv_lines(path: Path) -> Lines:
    """Yield the header and the rows of a tab-separated file. Raises `UnreadableError`."""
    return delimited_lines(path, "\t")


def delimited_lines(path: Path, separator: str, *, encoding: str = UTF_8) -> Lines:
    """Yield the header and the rows of a file with columns separated by one sign. Raises `UnreadableError`."""
    csv.field_size_limit(CELL_AT_MOST)
    with path.open(encoding=encoding, newline="") as file:
        text = _Text(file, path, encoding)
        for first in text:
            declared = SEPARATOR.fullmatch(first.rstrip("\r\n")) if text.number == 1 else None
            if declared:
                separator = _declared(declared[1])
                continue
            if not is_comment(first.replace('"', "").split(separator)):
                break
            text.characters = 0
        else:
            return
        above = text.number - 1
        rows = csv.reader(chain([first], text), delimiter=separator, strict=True)
        begins = text.begins = above + 1
        try:
            for cells in rows:
                if begins == above + 1:
                    _check_separator(begins, cells, separator)
                yield Line(begins, cells)
                begins = text.begins = above + rows.line_num + 1
                text.characters = 0
        except csv.Error as error:
            raise UnreadableError(begins, _in_words(error)) from None


class _Text:
    """The physical lines of a file; what is no text is refused by its line, and a row that is too long by its first.

    `number` is the line that was yielded last; `begins` the one on which the row begins that is being read, and
    `characters` what has been read of it, as whoever puts the rows together says.
    """

    def __init__(self, file: TextIO, path: Path, encoding: str) -> None:
        self.number = self.characters = 0
        self.begins = 1
        self._file, self._path, self._encoding = file, path, encoding

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._file.readline(LINE_AT_MOST)
        except UnicodeError:
            if self._encoding == UTF_8:
                raise _undecodable(self._path) from None
            raise UnreadableError(self.number + 1, f"the text is not {self._encoding}") from None
        if not line:
            raise StopIteration
        self.number += 1
        if "\0" in line:
            raise UnreadableError(self.number, "a NUL byte; this is no text, save it as UTF-8")
        if len(line) == LINE_AT_MOST:
            raise UnreadableError(self.number, f"a line of {LINE_AT_MOST:,} characters or more; this is no table")
        if self.number > ROWS_AT_MOST:
            raise UnreadableError(self.number, f"more than {ROWS_AT_MOST:,} rows; write several files")
        self.characters += len(line)
        if self.characters > LINE_AT_MOST:
            raise UnreadableError(
                self.begins,
                f"a row of {self.characters:,} characters or more, to line {self.number:,}; it has at most "
                f"{LINE_AT_MOST:,}, is a quote never closed?",
            )
        return line


def _undecodable(path: Path) -> UnreadableError:
    with path.open("rb") as file:
        for number, line in enumerate(iter(partial(file.readline, 4 * LINE_AT_MOST), b""), 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                byte = line[error.start]
                return UnreadableError(
                    number, f"byte 0x{byte:02x} at place {error.start + 1} of the line is not UTF-8; save it as UTF-8"
                )
    return UnreadableError(1, "the text is not UTF-8; save it as UTF-8")


def _declared(separator: str) -> str:
    """Return the separator that a first line `sep=;` declares, as spreadsheets write it. Raises `UnreadableError`."""
    if separator not in SEPARATORS:
        raise UnreadableError(1, f"sep={separator} declares columns separated by {separator!r}; write commas")
    return separator


def _check_separator(number: int, header: list[str], separator: str) -> None:
    if len(header) > 1:
        return
    for other, words in SEPARATORS.items():
        if other != separator and other in header[0]:
            expected = SEPARATORS.get(separator, separator)
            raise UnreadableError(number, f"the columns are separated by {words}; write {expected}, or {MENDS[other]}")


def _in_words(error: csv.Error) -> str:
    message = str(error)
    if "unexpected end of data" in message:
        return "the quote that opens in this row is never closed; write a quote within quotes twice"
    if "field limit" in message:
        return f"a cell of more than {CELL_AT_MOST:,} characters; a quote that opens in this row is never closed"
    if "expected after" in message:
        return "text after a closing quote; write a quote within quotes twice"
    return f"not readable as rows of cells ({message})"
