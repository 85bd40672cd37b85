"""Bars of shares that are stacked to the whole, and what charts of them share: a part is a colour and a pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from views.drawing.marks import Entry, box, pattern_of, small
from views.drawing.palette import series
from views.drawing.patterns import hatched, patterned
from views.drawing.scales import Scale
from views.drawing.svg import Element, group

HATCHED: Final = -1  # the look of what is not known
EMPTY: Final = -2  # the look of what is not shown: a frame with nothing in it


class Part(NamedTuple):
    """A part of a bar: what it is, how many, and the place of its look, `HATCHED` of what is not known, or `EMPTY`."""

    name: str
    n: float
    look: int


def stacked(of: str, parts: Sequence[Part], left: float, wide: float, y: Scale) -> Iterator[Element]:
    """Yield the parts of a bar from its foot up."""
    foot = 0.0
    for each in parts:
        bottom, top = y(foot), y(foot + each.n)
        foot += each.n
        place = (left, top, wide, bottom - top)
        if each.n:
            drawn = _drawn(of, each, place)
            told = f"{each.name}: {each.n:g}"
            yield group(*drawn, told=told, class_="part", data_part=each.name, data_n=each.n)


def entry_of(part: Part) -> Entry:
    """Return what a legend says of a part."""
    if part.look == HATCHED:
        return Entry(part.name, "band", kind="hatch")
    if part.look == EMPTY:
        return Entry(part.name, "frame", kind="frame")
    return Entry(part.name, series(part.look), part.look)


def unfinished(at: tuple[float, float], size: tuple[float, float]) -> Iterator[Element]:
    """Yield the frame around what a period has so far, and what it says."""
    (left, top), (wide, high) = at, size
    yield box((left - 3, top), (wide + 6, high), "frame unfinished")
    yield small((left + wide / 2, top - 4), "so far", "middle unfinished-label")


def _drawn(of: str, part: Part, place: tuple[float, float, float, float]) -> tuple[Element, ...]:
    left, top, wide, high = place
    if part.look == HATCHED:
        return tuple(hatched(of, place))
    if part.look == EMPTY:
        return (box((left, top), (wide, high), "frame"),)
    return _filled(of, part, place)


def _filled(of: str, part: Part, place: tuple[float, float, float, float]) -> tuple[Element, ...]:
    left, top, wide, high = place
    return (
        box((left, top), (wide, high), f"bar {series(part.look)}"),
        *patterned(pattern_of(part.look), of, place),
    )
