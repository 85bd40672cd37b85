"""Patterns over marks, by which series are told apart without colour, and the hatch of what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from views.drawing.palette import PATTERNS
from views.drawing.svg import Element, element

TILE: Final = 6
HATCH: Final = "hatch"
LINES: Final = {  # of each pattern, lines and dots within its tile
    "stripes": "M-1 1L1 -1M0 6L6 0M5 7L7 5",
    "counter-stripes": "M-1 5L1 7M0 0L6 6M5 -1L7 1",
    "bars": "M3 0L3 6",
    "grid": "M3 0L3 6M0 3L6 3",
    HATCH: "M-1 1L1 -1M0 6L6 0M5 7L7 5",
}


def patterned(pattern: str, of: str, place: tuple[float, float, float, float]) -> tuple[Element, ...]:
    """Return a pattern of the figure `of` over a rectangle (x, y, width, height), nothing where it is plain."""
    if pattern == PATTERNS[0]:
        return ()
    x, y, width, height = place
    filled = f"url(#{of}-{pattern})"
    return (element("rect", x=x, y=y, width=width, height=height, class_="pattern", data_pattern=pattern, fill=filled),)


def hatched(of: str, place: tuple[float, float, float, float]) -> tuple[Element, ...]:
    """Return the hatch of what is not known over a rectangle: never the bare paper."""
    x, y, width, height = place
    return (element("rect", x=x, y=y, width=width, height=height, class_="band"), *patterned(HATCH, of, place))


def definitions(of: str, marks: Iterable[Element]) -> Iterator[Element]:
    """Yield the definitions of the patterns that some marks of a figure have, in an element of their own."""
    used = {str(each.attributes["data-pattern"]) for mark in marks for each in mark.walk() if "pattern" in each.classes}
    if used:
        yield element("defs", *(_defined(of, pattern) for pattern in sorted(used)))


def _defined(of: str, pattern: str) -> Element:
    if pattern == "dots":
        drawn = element("circle", cx=3, cy=3, r=1.3, class_="cut")
    else:
        drawn = element("path", d=LINES[pattern], class_="hatch-line" if pattern == HATCH else "cut-line")
    return element("pattern", drawn, id=f"{of}-{pattern}", width=TILE, height=TILE, patternUnits="userSpaceOnUse")
