"""CSV and TSV: UTF-8 text, one row a line, quotes around what holds a separator, a quote or a line break.

A row's line is the physical line on which it begins. Lines that begin with `#` are comments above the header, and
nowhere else. A first line `sep=;`, as spreadsheets write it, says what separates the columns.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

from registry.errors import UnreadableError
from registry.intake.lines import CELL_AT_MOST, LINE_AT_MOST, ROWS_AT_MOST, Line, Lines, is_comment

UTF_8: Final = "utf-8-sig"
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
MENDS: Final = {",": "name the file .csv", ";": "begin it with a line sep=;", "\t": "name the file .tsv"}
SAVE_ANEW: Final = 'save it as UTF-8, or read it by a mapping with kind = "csv" and encoding = "{}"'
SEPARATOR: Final = re.compile(r'"?sep=(.)"?,*', re.IGNORECASE)  # the first line, as Excel knows it


def csv_lines(path: Path) -> Lines:
    """Yield the header and the rows of a comma-separated file. Raises `UnreadableError`."""
    return delimited_lines(path, ",")


def tsv_lines(path: Path) -> Lines:
    """Yield the header and the rows of a tab-separated file. Raises `UnreadableError`."""
    return delimited_lines(path, "\t")


def delimited_lines(path: Path, separator: str, *, encoding: str = UTF_8) -> Lines:
    """Yield the header and the rows of a file with columns separated by one sign. Raises `UnreadableError`."""
    with path.open(encoding=encoding, newline="") as file:
        text = Text(file, path)
        for first in text:
            declared = SEPARATOR.fullmatch(first.rstrip("\r\n")) if text.number == 1 else None
            if declared:
                separator = _declared(declared[1])
            elif not is_comment(first.replace('"', "").split(separator)):
                break
            text.is_row_over = True
        else:
            return
        rows = rows_of(text, separator, first=first)
        for header in rows:
            _check_separator(header.number, header.cells, separator)
            yield header
            yield from rows


def rows_of(text: Text, separator: str, *, first: str) -> Lines:
    """Yield the rows of a text from a line on that was read already. Raises `UnreadableError`."""
    csv.field_size_limit(CELL_AT_MOST)
    try:
        for cells in csv.reader(chain([first], text), delimiter=separator, strict=True):
            yield Line(text.begins, cells)
            text.is_row_over = True
    except csv.Error as error:
        raise UnreadableError(text.begins, _in_words(error)) from None


class Text:
    """The physical lines of a file; what is no text is refused by its line, and a row that is too long by its first.

    `number` is the line that was yielded last; `begins` the one on which the row begins that is being read, and
    `characters` what has been read of it: whoever puts the rows together says when one `is_row_over`. Lines that begin
    with a `comment` are passed over, unless they are within a row.
    """

    def __init__(self, file: TextIO, path: Path, *, comment: str | None = None) -> None:
        self.number = self.characters = 0
        self.begins = 1
        self.is_row_over = True
        self._file, self._path, self._comment = file, path, comment

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        while self._comment is not None and self.is_row_over and line.startswith(self._comment):
            line = self._next()
        if self.is_row_over:
            self.begins, self.characters, self.is_row_over = self.number, 0, False
        self.characters += len(line)
        if self.characters > LINE_AT_MOST:
            raise UnreadableError(
                self.begins,
                f"a row of {self.characters:,} characters or more, to line {self.number:,}; it has at most "
                f"{LINE_AT_MOST:,}, is a quote never closed?",
            )
        return line

    def _next(self) -> str:
        try:
            line = self._file.readline(LINE_AT_MOST)
        except UnicodeError:
            raise undecodable(self._path, self._file.encoding, after=self.number) from None
        if not line:
            raise StopIteration
        self.number += 1
        if "\0" in line:
            raise UnreadableError(self.number, "a NUL byte; this is no text, save it as UTF-8")
        if len(line) == LINE_AT_MOST:
            raise UnreadableError(self.number, f"a line of {LINE_AT_MOST:,} characters or more; this is no table")
        if self.number > ROWS_AT_MOST:
            raise UnreadableError(self.number, f"more than {ROWS_AT_MOST:,} rows; write several files")
        return line


def undecodable(path: Path, encoding: str, *, after: int) -> UnreadableError:
    """Return the refusal of bytes that are no text in an encoding; where lines cannot be told, it is `after` one."""
    is_utf_8 = encoding.startswith("utf-8")
    told = "UTF-8" if is_utf_8 else encoding
    for number, line in _byte_lines(path, encoding):
        try:
            line.decode(encoding)
        except UnicodeDecodeError as found:
            where = f"byte 0x{line[found.start]:02x} at place {found.start + 1} of the line is not {told}"
            mend = SAVE_ANEW.format(mark_of(path) or "cp1252") if is_utf_8 else "write another encoding in the mapping"
            return UnreadableError(number, f"{where}; {mend}")
    return UnreadableError(after + 1, f"from here on the text is not {told}; save it as UTF-8")


def _byte_lines(path: Path, encoding: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file as bytes, by number; none in an encoding in which a line break is no single byte."""
    if encoding.startswith(("utf-16", "utf-32")):
        return
    with path.open("rb") as file:
        yield from enumerate(iter(partial(file.readline, 4 * LINE_AT_MOST), b""), 1)


def mark_of(path: Path) -> str | None:
    """Return the encoding that the byte-order mark of a file says, None where it has none."""
    with path.open("rb") as file:
        begin = file.read(4)
    if begin in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8" if begin.startswith(codecs.BOM_UTF8) else None


def _declared(separator: str) -> str:
    """Return the separator that a first line `sep=;` declares, as spreadsheets write it. Raises `UnreadableError`."""
    if separator not in SEPARATORS:
        raise UnreadableError(1, f"sep={separator} declares columns separated by {separator!r}; write commas")
    return separator


def _check_separator(number: int, header: Sequence[str], separator: str) -> None:
    if len(header) > 1:
        return
    for other, words in SEPARATORS.items():
        if other != separator and other in header[0]:
            expected = SEPARATORS.get(separator, separator)
            mend = f"write {expected}, or {MENDS[other]}, or read it by a mapping with {delimiter_told(other)}"
            raise UnreadableError(number, f"the columns are separated by {words}; {mend}")


def delimiter_told(separator: str) -> str:
    r"""Return the line of a mapping that says what separates the columns.

    >>> delimiter_told("\t")
    'delimiter = "\\t"'
    """
    return f'delimiter = "{separator}"'.replace("\t", r"\t")


def _in_words(error: csv.Error) -> str:
    message = str(error)
    if "unexpected end of data" in message:
        return "the quote that opens in this row is never closed; write a quote within quotes twice"
    if "field limit" in message:
        return f"a cell of more than {CELL_AT_MOST:,} characters; a quote that opens in this row is never closed"
    if "expected after" in message:
        return "text after a closing quote; write a quote within quotes twice"
    return f"not readable as rows of cells ({message})"
