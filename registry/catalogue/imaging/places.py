"""Where a method looks, and what it grades there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

Grades = tuple[int | None, ...]
NOWHERE_ELSE: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType({})


class Location(NamedTuple):
    """Where: a place that the method grades, by its number in the method's order, from 1.

    `segment` is what of the skeleton the method sums it with; `group` the joint, level or disc of which it is a slice,
    a corner or a quadrant, its own name where it is no part of anything; `part` what kind of place it is, empty where
    all are of one kind.
    """

    number: int
    name: str
    segment: str
    group: str
    part: str = ""


class Item(NamedTuple):
    """What is graded, with the grades that are allowed; `name` is None where the method grades one thing only.

    `by_part` has, for locations of some parts, the grades that are allowed there: none where the item does not exist
    at such places.
    """

    name: str | None
    grades: tuple[int, ...]
    by_part: Mapping[str, tuple[int, ...]] = NOWHERE_ELSE

    def grades_in(self, part: str) -> tuple[int, ...]:
        """Return the grades that are allowed at locations of a part, none where the item does not exist there."""
        return self.by_part.get(part, self.grades)


class Cell(NamedTuple):
    """What the items of a location say together: their grades in the items' order, of a location of a part.

    None is the grade of what could not be assessed, and of what does not exist at locations of the part.
    """

    part: str
    grades: Grades


def address_of(location: str, item: str | None) -> str:
    """Return the text that names the place of a grade.

    >>> address_of("C2/3", None), address_of("C2/3 anterior", "erosion")
    ('C2/3', 'C2/3 anterior erosion')
    """
    return f"{location} {item}" if item else location


def numbered(places: Iterable[tuple[str, ...]]) -> tuple[Location, ...]:
    """Return locations in their order, from their names and segments, and where they have them their groups and parts.

    >>> numbered([("C2/3", "cervical"), ("C3/4 slice 1", "cervical", "C3/4")])[1]
    Location(number=2, name='C3/4 slice 1', segment='cervical', group='C3/4', part='')
    """
    return tuple(_location(number, *place) for number, place in enumerate(places, start=1))


def _location(number: int, name: str, segment: str, group: str = "", part: str = "") -> Location:
    return Location(number, name, segment, group or name, part)
