"""The names of the fields of a table, from the cells of its header: blanks of every kind, and several, are one blank.

A header of several rows is joined by one rule: of each column the words of all its rows, from top to bottom, with a
blank between; a cell above the last row counts for the empty ones to its right, as merged cells do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final
from unicodedata import normalize

from registry.errors import UnreadableError
from registry.intake.lines import Line
from registry.wording import listed, shown, visible

FIELDS_AT_MOST: Final = 20_000  # of a source; the widest REDCap projects have some ten thousand
NO_BREAK: Final = "\xa0"


def cleaned(cell: str) -> str:
    """Return a cell without the blanks around it; one that may not break a line is a blank.

    >>> cleaned(" k.A.\\xa0"), cleaned("nicht\\xa0bekannt ")
    ('k.A.', 'nicht bekannt')
    """
    return cell.replace(NO_BREAK, " ").strip()


def names_of(rows: Sequence[Line]) -> list[str]:
    """Return the name of each column, empty where it has none. Raises `UnreadableError` where two are called alike.

    >>> names_of([Line(3, ["", "Labor", "", "Visite"]), Line(4, ["ID", "CRP", "BSG", "Datum"])])
    ['ID', 'Labor CRP', 'Labor BSG', 'Visite Datum']
    """
    last = rows[-1]
    width = max(len(row.cells) for row in rows)
    cells = [[_in_one_line(cell) for cell in (*row.cells, *[""] * (width - len(row.cells)))] for row in rows]
    above = [[*accumulate(row, _or_before)] for row in cells[:-1]]
    names = [" ".join(filter(None, words)) for words in zip(*above, cells[-1], strict=True)]
    while names and not cells[-1][len(names) - 1]:  # the rest of a title above is no column
        names.pop()
    if not any(names):
        raise UnreadableError(last.number, "no header here; say where it is, as header_row = 4")
    if len(names) > FIELDS_AT_MOST:
        raise UnreadableError(last.number, f"{len(names):,} columns; at most {FIELDS_AT_MOST:,}")
    _refuse_twice(names, last.number, is_joined=len(rows) > 1)
    return names


def _or_before(before: str, cell: str) -> str:
    return cell or before


def _in_one_line(cell: str) -> str:
    return normalize("NFC", " ".join(cell.split()))


def _refuse_twice(names: Sequence[str], number: int, *, is_joined: bool) -> None:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, 1):
        places.setdefault(name, []).append(place)
    twice = [f"{shown(name)} (columns {listed(map(str, at), 'and')})" for name, at in places.items()
             if name and len(at) > 1]  # fmt: skip
    if twice:
        above = f"header_row = [{number - 1}, {number}]" if number > 1 and not is_joined else ""
        mend = f", or join it with the row above by {above}" if above else ""
        raise UnreadableError(number, f"the header has {listed(twice, 'and')}; rename all but one{mend}")


def refuse_title(rows: Sequence[Line], first: Line | None) -> None:
    """Refuse a header that nobody pointed to, and that is more likely a title: one cell above a row of several."""
    header = rows[-1]
    filled = [cell for cell in header.cells if cell.strip()]
    if first is None or len(filled) != 1 or sum(1 for cell in first.cells if cell.strip()) < 2:
        return
    why = f"one cell, {shown(cleaned(filled[0]))}, above a row of several; if it is a title, say where the header is"
    raise UnreadableError(header.number, visible(f"{why}, as header_row = {first.number}"))


def refuse_other_columns(names: Iterable[str], first: Sequence[str], *, line: int, file: str, first_file: str) -> None:
    """Refuse a file of a source whose columns are not those of its first file, whatever their order."""
    there, wanted = {name for name in names if name}, {name for name in first if name}
    if there == wanted:
        return
    lacks, more = sorted(wanted - there), sorted(there - wanted)
    said = [f"lacks {listed(map(shown, lacks), 'and')}"] * bool(lacks) + [
        f"has {listed(map(shown, more), 'and')} beside"
    ] * bool(more)
    raise UnreadableError(line, f"{' and '.join(said)}; {first_file} has other columns, and all must have the same",
                          file=file)  # fmt: skip
