"""Text with separators: in the encoding, with the delimiter, the comments and the header row that a mapping says.

Without an encoding it is UTF-8, or what its byte-order mark says; without a delimiter commas, or what a first line
`sep=;` says. Nothing else is tried: what is wrong is refused with the line of the mapping that would be right.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from registry.errors import UnreadableError
from registry.intake.found_tables import names_in_places
from registry.intake.lines import Line, Lines
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.tabular import TableFile, Tabular
from registry.intake.text_files import SEPARATOR, Text, delimiter_told, mark_of, rows_of
from registry.wording import shown

DELIMITERS: Final = (";", "\t", "|", ",")
ENCODINGS: Final = (  # as Python calls them; others are no text, or can say one thing in two ways
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be ascii iso8859-1 iso8859-2 iso8859-3 "
    "iso8859-4 iso8859-5 iso8859-7 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 cp1250 "
    "cp1251 cp1252 cp1253 cp1254 cp1257 cp1258 cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp866 mac-roman "
    "mac-latin2 koi8-r koi8-u shift_jis cp932 euc_jp euc_kr cp949 gb2312 gbk gb18030 big5"
)
MARKED: Final = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "utf-32": "utf-32"}


def open_text(rule: SourceRule, files: Sequence[Path]) -> Tabular:
    """Return the table that text files hold. Raises `UnreadableError`, `OSError`."""
    named = zip(names_in_places(files), files, strict=True)
    return Tabular([TableFile(name, file, partial(_lines, file, rule)) for name, file in named], rule, typed_days=False)


def encoding_of(path: Path, said: str | None) -> str:
    """Return the encoding of a file: the one that was said, as long as its byte-order mark says no other."""
    marked = mark_of(path)
    if said is None:
        return MARKED[marked or "utf-8"]
    name = encoding_called(said)
    if name is None:
        raise UnreadableError(1, f"encoding: {shown(said)} is not known; write utf-8, cp1252, utf-16 or iso8859-15")
    if marked is None and name in ("utf-16", "utf-32"):
        raise UnreadableError(1, f"encoding: it has no byte-order mark; write {name}-le or {name}-be")
    if marked is None:
        return name
    if not name.startswith(marked):
        raise UnreadableError(1, f"encoding: it begins with the mark of {marked.upper()}, and the mapping says {name}")
    return MARKED[marked]


def encoding_called(said: str) -> str | None:
    """Return an encoding as Python calls it, None where nobody knows it or text is not written in it."""
    try:
        name = codecs.lookup(said).name
    except LookupError:
        return None
    return name if name in ENCODINGS.split() else None


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
