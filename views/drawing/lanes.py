"""Lanes of a time axis: bars and marks side by side where they have room, one below the other where they do not.

Nothing lies over anything else, so that two marks on one day are two marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeVar

from views.drawing.marks import ARROW, arrow, box, polygon, shape
from views.drawing.palette import PATTERNS
from views.drawing.patterns import patterned
from views.drawing.scales import Days
from views.drawing.svg import Element, Value, group

MARK: Final = 5.5  # half the room of a mark
LEVEL: Final = 12.0  # how high a level of a lane is

Thing = TypeVar("Thing")
Reach = tuple[float, float]


class Look(NamedTuple):
    """How what stands in a lane looks: its class, the place of its shape, the pattern of bars in the figure `of`."""

    class_: str
    shape: int = 0
    pattern: str = PATTERNS[0]
    of: str = ""


class Dated(NamedTuple):
    """A thing with the days that its beginning can mean and those of its end, None where there is none.

    `shape` is the place of its own shape, where it is not that of its lane.
    """

    begin: tuple[date, date]
    end: tuple[date, date] | None = None
    goes_on: bool = False
    shape: int | None = None


def levels(things: Sequence[Thing], reach: Callable[[Thing], Reach]) -> list[int]:
    """Return the level of each thing, from 0: the first on which all between its left and right is free.

    >>> levels([(0, 5), (3, 8), (6, 9)], lambda each: each)
    [0, 1, 0]
    """
    found, order = [0] * len(things), sorted(range(len(things)), key=lambda place: reach(things[place]))
    ends: list[float] = []
    for place in order:
        left, right = reach(things[place])
        level = next((each for each, end in enumerate(ends) if end <= left), len(ends))
        ends[level:] = [right, *ends[level + 1 :]]
        found[place] = level
    return found


def reach_of(dated: Dated, days: Days) -> Reach:
    """Return from where to where a thing is drawn: a mark has its room, a bar that goes on its arrow."""
    first, last = days.cut(dated.begin[0]), days.cut(dated.end[1] if dated.end else dated.begin[1])
    left, right = days(first), days.after(days.last if dated.goes_on else last)
    if dated.end is None and not dated.goes_on:
        middle = _middle(dated, days)
        return min(left, middle - MARK), max(right, middle + MARK)
    return left, max(right, left + (ARROW if dated.goes_on else 3))


def bar(dated: Dated, days: Days, y: float, look: Look) -> Iterator[Element]:
    """Yield a bar at a height: light where its beginning or end can mean several days, with an arrow where it goes on.

    What began before the axis does begins with a notch.
    """
    (left, right), class_ = reach_of(dated, days), look.class_
    height, top = 9.0, y - 4.5
    last_begin = days.cut(dated.begin[1])
    sure = days(last_begin) if dated.begin[0] != dated.begin[1] else left
    over = days.after(days.cut(dated.end[0])) if dated.end and dated.end[0] != dated.end[1] else right
    tip = right - ARROW if dated.goes_on else over
    if sure > left:
        yield box((left, top), (min(sure, right) - left, height), f"uncertain {class_}")
    if tip > sure:
        yield box((sure, top), (tip - sure, height), f"bar {class_}")
        yield from patterned(look.pattern, look.of, (sure, top, tip - sure, height))
    if right > max(tip, sure) and not dated.goes_on:
        yield box((max(tip, sure), top), (right - max(tip, sure), height), f"uncertain {class_}")
    if dated.goes_on:
        yield arrow((right, y), height / 2, f"bar {class_}")
    if dated.begin[1] < days.first:
        yield polygon([(left, top), (left + 4, y), (left, top + height)], "earlier paper")


def mark(dated: Dated, days: Days, y: float, look: Look) -> Iterator[Element]:
    """Yield a mark at a height, of a shape and class; what can mean several days lies over all of them."""
    left, right = days(days.cut(dated.begin[0])), days.after(days.cut(dated.begin[1]))
    if dated.begin[0] != dated.begin[1]:
        yield box((left, y - 2), (right - left, 4), f"uncertain {look.class_}")
    yield shape(look.shape if dated.shape is None else dated.shape, (_middle(dated, days), y), look.class_, 3.8)


def earlier(days: Days, y: float, look: Look) -> Iterator[Element]:
    """Yield what stands at the beginning of the axis for a thing that was over before it."""
    yield polygon([(days.start, y), (days.start + 6, y - 4), (days.start + 6, y + 4)], f"earlier {look.class_} dot")


def stacked(
    things: Iterable[tuple[Dated, str, dict[str, Value]]], days: Days, top: float, look: Look
) -> tuple[list[Element], float]:
    """Return the things of a lane from its top, each with what it is told to be and its attributes; and its height."""
    given = list(things)
    at = levels(given, lambda each: reach_of(each[0], days))
    drawn = []
    for (dated, told, attributes), level in zip(given, at, strict=True):
        y = top + level * LEVEL + LEVEL / 2
        lasts = dated.end is not None or dated.goes_on
        if _is_earlier(dated, days):
            inner: Iterator[Element] = earlier(days, y, look)
        else:
            inner = bar(dated, days, y, look) if lasts else mark(dated, days, y, look)
        drawn.append(group(*inner, told=told, **attributes))
    return drawn, (max(at, default=0) + 1) * LEVEL


def _middle(dated: Dated, days: Days) -> float:
    return (days(days.cut(dated.begin[0])) + days.after(days.cut(dated.begin[1]))) / 2


def _is_earlier(dated: Dated, days: Days) -> bool:
    """Return whether a thing was over before the axis begins."""
    return not dated.goes_on and (dated.end or dated.begin)[1] < days.first
