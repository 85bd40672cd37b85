"""Tables of a page: a caption, headings with their scope, numbers under each other at the decimal point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Final, NamedTuple

from views.drawing.alignment import is_number, pads

NOTHING: Final = "–"
SHORT: Final = 24  # characters of a text that is not broken: a day, an instant, a code
GROUPED_FROM: Final = 10_000


class Cell(NamedTuple):
    """A text, the letters of its footnotes, and the address on this server to which it leads, if to any."""

    text: str
    marks: tuple[str, ...] = ()
    href: str = ""


class Shown(NamedTuple):
    """A cell as it is drawn: whether it is of a column of numbers, and then the pad that is laid behind it unseen."""

    text: str
    marks: tuple[str, ...]
    href: str
    is_number: bool
    pad: str

    @property
    def is_long(self) -> bool:
        """Whether it is a text that may be broken into lines."""
        return len(self.text) > SHORT


class Line(NamedTuple):
    """A row: its first cells name it, unless it is a heading of those that follow."""

    names: Sequence[Shown]
    values: Sequence[Shown]
    is_heading: bool


class Table:
    """Rows under headings; the first `stubs` columns name a row, rows at the places `above` are headings of others.

    A column whose cells all are numbers, dashes or begin with one is a column of numbers. `empty` says what to do where
    there are no rows.
    """

    def __init__(
        self,
        caption: str,
        columns: Sequence[object],
        rows: Sequence[Sequence[object]],
        *,
        stubs: int = 1,
        above: frozenset[int] = frozenset(),
        empty: str = "",
    ) -> None:
        self.caption, self.stubs, self.above, self.empty = caption, stubs, above, empty
        self.columns = [_cell(each) for each in columns]
        self.rows = [[_cell(each) for each in row] for row in rows]

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.columns)

    @cached_property
    def are_numbers(self) -> list[bool]:
        """Which columns are of numbers."""
        return [place >= self.stubs and _are_numbers(column) for place, column in enumerate(self._columns())]

    def lines(self) -> Iterator[Line]:
        """Yield the rows as they are drawn."""
        columns = [pads(column) if number else [] for column, number in zip(self._columns(), self.are_numbers)]
        padded = [iter(column) for column in columns]
        for place, row in enumerate(self.rows):
            above = place in self.above
            shown = [
                Shown(*each, number, "" if above or not number else next(pad))
                for each, number, pad in zip(row, self.are_numbers, padded)
            ]
            yield Line(shown[: self.stubs], shown[self.stubs :], above)

    def _columns(self) -> list[list[str]]:
        """Return the texts of each column, without those of headings of rows."""
        rows = [row for place, row in enumerate(self.rows) if place not in self.above]
        return [[row[place].text for row in rows] for place in range(self.width)]


def _are_numbers(texts: Sequence[str]) -> bool:
    known = [each for each in texts if each not in ("", NOTHING, "·")]
    return bool(known) and all(map(is_number, known))


def _cell(value: object) -> Cell:
    return value if isinstance(value, Cell) else Cell(said(value))


def said(value: object) -> str:
    """Return a value as a person reads it: a dash for nothing, no zeros at the end, instants to the second.

    >>> said(None), said(2.50), said(True), said(13300), said(("C2", "C3"))
    ('–', '2.5', 'yes', '13,300', 'C2, C3')
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= GROUPED_FROM else str(value)  # a year has four digits
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, list | tuple):
        return ", ".join(map(said, value))
    return value.isoformat() if isinstance(value, date) else str(value)
