"""Text with separators: in the encoding, with the delimiter, the comments and the header row that a mapping says.

Without an encoding it is UTF-8, or what its byte-order mark says; without a delimiter commas, or what a first line
`sep=;` says. Nothing else is tried: what is wrong is refused with the line of the mapping that would be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from registry.errors import UnreadableError
from registry.intake.found_tables import names_in_places
from registry.intake.lines import Line, Lines
from registry.intake.sources.encodings_of_text import encoding_of
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.tabular import TableFile, Tabular
from registry.intake.text_files import SEPARATOR, Text, delimiter_told, rows_of
from registry.wording import shown

DELIMITERS: Final = (";", "\t", "|", ",")


def open_text(rule: SourceRule, files: Sequence[Path]) -> Tabular:
    """Return the table that text files hold. Raises `UnreadableError`, `OSError`."""
    named = zip(names_in_places(files), files, strict=True)
    return Tabular([TableFile(name, file, partial(_lines, file, rule)) for name, file in named], rule, typed_days=False)


def _lines(path: Path, rule: SourceRule, first: int) -> Lines:
    """Yield the rows from a line on; what stands above it is no table, and may be anything."""
    with path.open(encoding=encoding_of(path, rule.encoding), newline="") as file:
        text, declared = Text(file, path, comment=rule.comment), None
        for line in text:
            if text.number == 1:
                found = SEPARATOR.fullmatch(line.rstrip("\r\n"))
                declared = found and found[1]
            if text.number >= first and not (text.number == 1 and declared):
                break
            text.is_row_over = True
        else:
            return
        delimiter = _delimiter(rule.delimiter, declared)
        rows = rows_of(text, delimiter, first=line)
        for header in rows:
            _check_delimiter(header, delimiter)
            yield header
            yield from rows


def _delimiter(said: str | None, declared: str | None) -> str:
    if said and declared and said != declared:
        raise UnreadableError(1, f"sep={declared} declares another separator than the mapping, {delimiter_told(said)}")
    return said or declared or ","


def _check_delimiter(header: Line, delimiter: str) -> None:
    """Refuse a header of one name in which another separator stands."""
    if len(header.cells) != 1:
        return
    for other in DELIMITERS:
        if other != delimiter and other in header.cells[0]:
            why = f"nothing is separated by {shown(delimiter)} here, and {shown(other)} is there"
            raise UnreadableError(header.number, f"{why}; write {delimiter_told(other)}")
