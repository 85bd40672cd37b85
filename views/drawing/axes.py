"""Axes: the area in which a chart is drawn, and the ticks, rules and names around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from views.drawing.marks import box, small, straight, text
from views.drawing.palette import SMALL
from views.drawing.scales import Days, Scale, tick_text
from views.drawing.svg import Element
from views.drawing.text_widths import width_of

WIDTH: Final = 720.0  # of a chart, unless another is asked for
NARROWEST: Final = 320.0


class Area(NamedTuple):
    """The area of a chart between its axes, in the drawing's units from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


def margin_for(said: Iterable[str], *, size: float = SMALL, least: float = 24, most: float = 240) -> float:
    """Return how much room labels need beside an axis."""
    return min(max([least, *(width_of(each, size) + 14 for each in said)]), most)


def days_below(area: Area, scale: Days) -> Iterator[Element]:
    """Yield an axis of days below an area, with a rule at each tick."""
    yield straight((area.left, area.bottom), (area.right, area.bottom), "axis")
    for day, said in scale.ticks:
        x = scale(day)
        yield straight((x, area.top), (x, area.bottom), "rule")
        yield straight((x, area.bottom), (x, area.bottom + 4), "axis")
        yield small((x, area.bottom + 16), said, _anchored(x, said, area))


def numbers_beside(area: Area, scale: Scale, name: str = "", *, unit: str = "") -> Iterator[Element]:
    """Yield an axis of numbers at the left of an area, with a rule at each tick, and its name above it."""
    for value in scale.ticks:
        y = scale(value)
        yield straight((area.left, y), (area.right, y), "rule")
        yield small((area.left - 7, y + 4), tick_text(value) + unit, "end")
    if name:
        yield small((max(area.left - 40, 4), area.top - 10), name, "start axis-name")


def numbers_below(
    area: Area, scale: Scale, name: str = "", *, values: Iterable[float] | None = None
) -> Iterator[Element]:
    """Yield an axis of numbers below an area, with its name at the right below it."""
    yield straight((area.left, area.bottom), (area.right, area.bottom), "axis")
    for value in scale.ticks if values is None else values:
        x = scale(value)
        yield straight((x, area.bottom), (x, area.bottom + 4), "axis")
        yield small((x, area.bottom + 16), tick_text(value), "middle")
    if name:
        yield small((area.right, area.bottom + 32), name, "end axis-name")


def words_below(area: Area, words: Iterable[tuple[float, str]]) -> Iterator[Element]:
    """Yield an axis of words below an area, each at its place."""
    yield straight((area.left, area.bottom), (area.right, area.bottom), "axis")
    for x, said in words:
        yield straight((x, area.bottom), (x, area.bottom + 4), "axis")
        yield small((x, area.bottom + 16), said, "middle")


def nothing_to_draw(area: Area, why: str) -> Iterator[Element]:
    """Yield what stands in an area where there is nothing to draw."""
    yield box((area.left, area.top), (area.width, area.height), "band nothing")
    yield text(((area.left + area.right) / 2, (area.top + area.bottom) / 2 + 4), why, "muted middle nothing")


def _anchored(x: float, said: str, area: Area) -> str:
    """Return how a label stands at a tick so that it does not leave the drawing."""
    half = width_of(said, SMALL) / 2
    return "end" if x + half > area.right + 8 else "start" if x - half < 0 else "middle"
