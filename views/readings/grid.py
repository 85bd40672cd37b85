"""How the cells of a case are laid out on a page: by levels, slices, corners or quadrants, as the method declares them.

Nothing is known here of any method by its name. Locations of a group stand in one line, as the slices of a level, where
the groups have places of the same names; a method of many columns has a table a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from registry.campaigns.sheet_layout import Layout
from registry.campaigns.typed_page import Spot
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Location

COLUMNS_AT_MOST: Final = 20  # of a table
BESIDE_AT_MOST: Final = 4  # columns of a study, where studies stand beside each other
UPRIGHT_AT_MOST: Final = 7  # columns whose headings are not turned


class Head(NamedTuple):
    """A heading over so many columns."""

    text: str
    span: int


class Line(NamedTuple):
    """A row: its name, and the cell in each column, None where there is no such place."""

    name: str
    spots: tuple[Spot | None, ...]


class Section(NamedTuple):
    """Rows under a heading, empty where there is none."""

    title: str
    lines: tuple[Line, ...]


class Block(NamedTuple):
    """One table: its title, the rows of its headings from the top, what its rows are, and its sections."""

    title: str
    heads: tuple[tuple[Head, ...], ...]
    rows_are: str
    sections: tuple[Section, ...]

    @property
    def is_turned(self) -> bool:
        """Whether the lowest headings are turned, so that many columns fit."""
        return len(self.heads[-1]) > UPRIGHT_AT_MOST


class _Row(NamedTuple):
    """A line before its cells are found: the rows of the layout by what tells them from one another in the line."""

    segment: str
    name: str
    places: dict[str, int]


class _Column(NamedTuple):
    """A column: of which study, at which place of a line, and the column of the layout."""

    letter: str
    place: str
    column: int


def blocks(layout: Layout) -> tuple[Block, ...]:
    """Return the tables of a case in their order."""
    if layout.method is None:
        return (_list_of(layout),)
    rows = _rows(layout.method)
    columns = [*_columns(layout, rows)]
    letters = layout.letters or ("",)
    if len(columns) <= COLUMNS_AT_MOST * len(letters):
        if len(columns) <= min(BESIDE_AT_MOST * len(letters), COLUMNS_AT_MOST):
            return (_block(layout, "", rows, columns),)
        return tuple(_block(layout, each, rows, [c for c in columns if c.letter == each]) for each in letters)
    return tuple(_of_group(layout, letter, row) for letter in letters for row in rows)


def _list_of(layout: Layout) -> Block:
    lines = tuple(
        Line(row.name, tuple((number, column) for column in range(len(layout.columns))))
        for number, row in enumerate(layout.rows)
    )
    heads = tuple(Head(column.name, 1) for column in layout.columns)
    return Block("", (heads,), layout.rows_are, (Section("", lines),))


def _rows(method: Method) -> list[_Row]:
    """Return a line a group where its locations have names of their own in it, else a line a location."""
    for told in (_within_group, _after_first_word):
        found = [
            _Row(members[0].segment, group, {told(each): each.number - 1 for each in members})
            for group, members in _groups(method)
        ]
        whole = sum(len(row.places) for row in found) == len(method.locations)
        places = {place for row in found for place in row.places}
        if whole and "" not in places and len(places) <= max(len(row.places) for row in found):
            return found
    return [_Row(each.segment, each.name, {"": each.number - 1}) for each in method.locations]


def _groups(method: Method) -> Iterator[tuple[str, list[Location]]]:
    for group in method.groups:
        yield group, [each for each in method.locations if each.group == group]


def _within_group(location: Location) -> str:
    """Return what a location is called in its group, empty where its name does not begin with the group's.

    >>> _within_group(Location(1, "C2/3 slice 1", "cervical", "C2/3"))
    'slice 1'
    """
    before, _, after = location.name.partition(f"{location.group} ")
    return after if not before else ""


def _after_first_word(location: Location) -> str:
    """Return what a location is called beside its vertebra.

    >>> _after_first_word(Location(1, "C2 lower", "cervical", "C2/3"))
    'lower'
    """
    return location.name.partition(" ")[2]


def _columns(layout: Layout, rows: Sequence[_Row]) -> Iterator[_Column]:
    """Yield the columns of all studies: at each place of a line the items that exist there in some line."""
    places = dict.fromkeys(place for row in rows for place in row.places)
    for letter in layout.letters or ("",):
        for place in places:
            numbers = [row.places[place] for row in rows if place in row.places]
            for number, column in enumerate(layout.columns):
                if column.letter == letter and _exists(layout, numbers, number):
                    yield _Column(letter, place, number)


def _exists(layout: Layout, numbers: Iterable[int], column: int) -> bool:
    return any(layout.words_at(layout.rows[number], layout.columns[column]) for number in numbers)


def _block(layout: Layout, title: str, rows: Sequence[_Row], columns: Sequence[_Column]) -> Block:
    lines = [(row.segment, _line(layout, row, columns)) for row in rows]
    segments = dict.fromkeys(segment for segment, _ in lines)
    is_parted = 1 < len(segments) < len(lines)
    sections = tuple(
        Section(segment if is_parted else "", tuple(line for _, line in run))
        for segment, run in (groupby(lines, key=lambda each: each[0]) if is_parted else (("", iter(lines)),))
    )
    return Block(title, _heads(layout, columns, is_beside=not title), layout.rows_are, sections)


def _line(layout: Layout, row: _Row, columns: Sequence[_Column]) -> Line:
    spots = []
    for each in columns:
        number = row.places.get(each.place)
        exists = number is not None and layout.words_at(layout.rows[number], layout.columns[each.column])
        spots.append((number, each.column) if number is not None and exists else None)
    return Line(row.name, tuple(spots))


def _of_group(layout: Layout, letter: str, row: _Row) -> Block:
    """Return the table of one group: a row a place, a column an item."""
    numbers = [*row.places.values()]
    columns = [
        _Column(letter, "", number)
        for number, each in enumerate(layout.columns)
        if each.letter == letter and _exists(layout, numbers, number)
    ]
    lines = tuple(_line(layout, _Row("", place, {"": number}), columns) for place, number in row.places.items())
    title = f"{letter}, {row.name}" if letter else row.name
    return Block(title, _heads(layout, columns, is_beside=False), layout.rows_are, (Section("", lines),))


def _heads(layout: Layout, columns: Sequence[_Column], *, is_beside: bool) -> tuple[tuple[Head, ...], ...]:
    """Return the rows of headings: studies where they stand beside each other, places, items; without what is one."""
    words = [(each.letter if is_beside else "", each.place, layout.columns[each.column].asks) for each in columns]
    levels = [level for level in range(3) if len({each[level] for each in words}) > 1] or [2]
    return tuple(_spans([each[: level + 1] for each in words]) for level in levels)


def _spans(words: list[tuple[str, ...]]) -> tuple[Head, ...]:
    return tuple(Head(word[-1], len([*run])) for word, run in groupby(words))
