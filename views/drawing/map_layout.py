"""Where each place of an imaging method stands in a map: its row, and its column within a reading.

A row is a level of the spine, a joint or a slice, as the method groups its locations; the columns are the places in it,
anterior and posterior, upper and lower, each with the items graded there. Where the locations are the quadrants of
both sacroiliac joints, the map lies as the image does: the patient's right at the left, upper above lower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.catalogue.imaging.places import Location

if TYPE_CHECKING:
    from registry.catalogue.imaging.method import Method

Place = tuple[str, str | None]  # a location, and what is graded there; None where it is one thing
QUADRANTS: Final = {  # of the name of a location, its row and column
    f"{side} {half} {bone}": (half, f"{side} {bone}")
    for half in ("upper", "lower")
    for side, bones in (("right", ("iliac", "sacral")), ("left", ("sacral", "iliac")))
    for bone in bones
}


class MapLayout(NamedTuple):
    """Rows and columns of a map, and the row and column of each place, in the method's order.

    `bands` are the segments of the spine with the number of rows of each, or sides of the body.
    """

    rows: list[str]
    columns: list[str]
    places: Mapping[Place, tuple[int, int]]
    bands: list[tuple[str, int]]


def map_layout(method: Method, *, items: bool = True) -> MapLayout:
    """Return the layout of a method's grades, or where `items` are not asked for, of its locations."""
    by_name = dict(_named(method, items=items))
    rows = list(dict.fromkeys(row for row, _ in by_name.values()))
    columns = list(dict.fromkeys(column for _, column in by_name.values()))
    if _is_of_quadrants(method):
        columns = [column for column in dict.fromkeys(each for _, each in QUADRANTS.values()) if column in columns]
    places = {place: (rows.index(row), columns.index(column)) for place, (row, column) in by_name.items()}
    return MapLayout(rows, columns, places, _bands(method, rows))


def _named(method: Method, *, items: bool) -> Iterator[tuple[Place, tuple[str, str]]]:
    """Yield each place with the names of its row and its column."""
    quadrants = _is_of_quadrants(method)
    for location in method.locations:
        row, column = QUADRANTS[location.name] if quadrants else (location.group, _within(location))
        graded = [item.name for item in method.items if item.grades_in(location.part)] if items else [None]
        for item in graded:
            yield (location.name, item), (row, f"{column} {item}".strip() if item else column)


def _within(location: Location) -> str:
    """Return what a location is called within its group.

    >>> _within(Location(1, "C2/3 anterior", "cervical", "C2/3")), _within(Location(1, "C2 lower", "cervical", "C2/3"))
    ('anterior', 'lower')
    """
    if location.name == location.group:
        return ""
    rest = location.name.removeprefix(f"{location.group} ")
    return rest if rest != location.name else location.name.partition(" ")[2]


def _is_of_quadrants(method: Method) -> bool:
    return {location.name for location in method.locations} == QUADRANTS.keys()


def _bands(method: Method, rows: list[str]) -> list[tuple[str, int]]:
    """Return the segments of consecutive rows, each with their number; none of a method that has one for each row."""
    segment_of = {location.group: location.segment for location in method.locations}
    if any(row not in segment_of for row in rows):
        return []
    bands = [(name, len(list(same))) for name, same in groupby(rows, key=segment_of.__getitem__)]
    return bands if len(bands) < len(rows) else []
