"""CSV and TSV: UTF-8 text, one row a line, quotes around what holds a separator, a quote or a line break.

A row's line is the physical line on which it begins. Lines that begin with `#` are comments above the header, and
nowhere else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

from registry.errors import UnreadableError
from registry.intake.lines import CELL_AT_MOST, LINE_AT_MOST, ROWS_AT_MOST, Line, Lines, is_comment

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}


def csv_lines(path: Path) -> Lines:
    """Yield the header and the rows of a comma-separated file. Raises `UnreadableError`."""
    return _lines(path, ",")


def tsv_lines(path: Path) -> Lines:
    """Yield the header and the rows of a tab-separated file. Raises `UnreadableError`."""
    return _lines(path, "\t")


def _lines(path: Path, separator: str) -> Lines:
    csv.field_size_limit(CELL_AT_MOST)
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = _text(file, path)
        comments = 0
        for first in text:
            if not is_comment(first.replace('"', "").split(separator)):
                break
            comments += 1
        else:
            return
        rows = csv.reader(chain([first], text), delimiter=separator, strict=True)
        begins = comments + 1
        try:
            for cells in rows:
                if begins == comments + 1:
                    _check_separator(begins, cells, separator)
                yield Line(begins, cells)
                begins = comments + rows.line_num + 1
        except csv.Error as error:
            raise UnreadableError(begins, _in_words(error)) from None


def _text(file: TextIO, path: Path) -> Iterator[str]:
    """Yield physical lines; what is no text is refused by its line."""
    try:
        for number, line in enumerate(iter(partial(file.readline, LINE_AT_MOST), ""), 1):
            if "\0" in line:
                raise UnreadableError(number, "a NUL byte; this is no text, save it as UTF-8")
            if len(line) == LINE_AT_MOST:
                raise UnreadableError(number, f"a line of {LINE_AT_MOST:,} characters or more; this is no table")
            if number > ROWS_AT_MOST:
                raise UnreadableError(number, f"more than {ROWS_AT_MOST:,} rows; write several files")
            yield line
    except UnicodeDecodeError:
        raise _undecodable(path) from None


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


def _check_separator(number: int, header: list[str], separator: str) -> None:
    if len(header) > 1:
        return
    for other, words in SEPARATORS.items():
        if other != separator and other in header[0]:
            expected = SEPARATORS[separator]
            mend = ", or name the file .tsv" if other == "\t" else ", or name the file .csv" if other == "," else ""
            raise UnreadableError(number, f"the columns are separated by {words}; write {expected}{mend}")


def _in_words(error: csv.Error) -> str:
    message = str(error)
    if "unexpected end of data" in message:
        return "the quote that opens in this row is never closed; write a quote within quotes twice"
    if "field limit" in message:
        return f"a cell of more than {CELL_AT_MOST:,} characters; a quote that opens in this row is never closed"
    if "expected after" in message:
        return "text after a closing quote; write a quote within quotes twice"
    return f"not readable as rows of cells ({message})"
