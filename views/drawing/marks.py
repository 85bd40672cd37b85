"""The marks that charts are made of: texts, lines, points of a shape, bars with a pattern, arrows, legends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from views.drawing.palette import LABEL, PATTERNS, SHAPES, SMALL, series, variant
from views.drawing.patterns import patterned
from views.drawing.svg import Element, Value, element, number_text
from views.drawing.text_widths import fitted, width_of

Point = tuple[float, float]
ARROW: Final = 7  # how long an arrowhead is
ROW: Final = 20  # how high a row of a legend is


def text(at: Point, said: str, class_: str = "", **attributes: Value) -> Element:
    """Return a text whose baseline begins at a place."""
    x, y = at
    return element("text", said, x=x, y=y, class_=f"text {class_}".rstrip(), **attributes)


def straight(start: Point, end: Point, class_: str, **attributes: Value) -> Element:
    """Return a line from one place to another."""
    (x1, y1), (x2, y2) = start, end
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_, **attributes)


def polyline(points: Iterable[Point], class_: str, **attributes: Value) -> Element:
    """Return a line through places."""
    return element("polyline", points=_joined(points), class_=class_, **attributes)


def polygon(points: Iterable[Point], class_: str, **attributes: Value) -> Element:
    """Return an area between places."""
    return element("polygon", points=_joined(points), class_=class_, **attributes)


def box(at: Point, size: tuple[float, float], class_: str, **attributes: Value) -> Element:
    """Return a rectangle from its upper left corner."""
    (x, y), (width, height) = at, size
    return element("rect", x=x, y=y, width=width, height=height, class_=class_, **attributes)


def shape(place: int, at: Point, class_: str, radius: float = 4, **attributes: Value) -> Element:
    """Return the point of a series, from 0, in its shape."""
    x, y = at
    r, kind = radius, SHAPES[variant(place)]
    if kind in ("circle", "ring"):
        return element(
            "circle", cx=x, cy=y, r=r, class_=f"{class_} {'ring' if kind == 'ring' else 'dot'}", **attributes
        )
    if kind == "cross":
        d = f"M{_at(x - r, y - r)}L{_at(x + r, y + r)}M{_at(x - r, y + r)}L{_at(x + r, y - r)}"
        return element("path", d=d, class_=f"{class_} cross", **attributes)
    corners = {
        "diamond": [(x, y - r * 1.3), (x + r * 1.3, y), (x, y + r * 1.3), (x - r * 1.3, y)],
        "square": [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
        "triangle": [(x, y - r * 1.2), (x + r * 1.15, y + r), (x - r * 1.15, y + r)],
    }
    return polygon(corners[kind], f"{class_} dot", **attributes)


def arrow(at: Point, half: float, class_: str) -> Element:
    """Return the head of an arrow to the right whose tip is at a place."""
    x, y = at
    return polygon([(x - ARROW, y - half), (x, y), (x - ARROW, y + half)], f"arrow {class_}")


class Entry(NamedTuple):
    """One entry of a legend: what it says, its class, and the place of its pattern or shape."""

    said: str
    class_: str
    place: int = 0
    kind: str = "bar"


def pattern_of(place: int) -> str:
    """Return the pattern of a series, from 0."""
    return PATTERNS[variant(place)]


def entries(names: Sequence[str], kind: str = "bar") -> list[Entry]:
    """Return the legend of some series."""
    return [Entry(name, series(place), place, kind) for place, name in enumerate(names)]


def legend(of: str, given: Iterable[Entry], at: Point, width: float) -> tuple[list[Element], float]:
    """Return a legend of the figure `of` from its upper left corner, in rows of a width, and how high it is."""
    drawn, (left, top) = list[Element](), at
    x, y = left, top
    for each in given:
        said = fitted(each.said, width - 24, LABEL)
        wide = 24 + width_of(said, LABEL) + 16
        if x > left and x + wide > left + width:
            x, y = left, y + ROW
        drawn += [*_swatch(of, each, (x, y)), text((x + 22, y + 12), said, class_="legend")]
        x += wide
    return drawn, y + ROW - top if drawn else 0


def _swatch(of: str, each: Entry, at: Point) -> Iterator[Element]:
    x, y = at
    if each.kind == "bar":
        yield box((x, y + 3), (16, 10), f"bar {each.class_}")
        yield from patterned(pattern_of(each.place), of, (x, y + 3, 16, 10))
    elif each.kind == "hatch":
        yield box((x, y + 3), (16, 10), "band")
        yield from patterned("hatch", of, (x, y + 3, 16, 10))
    elif each.kind == "frame":
        yield box((x, y + 3), (16, 10), "frame")
    elif each.kind == "line":
        yield straight((x, y + 8), (x + 16, y + 8), f"{each.class_} line")
        yield shape(each.place, (x + 8, y + 8), each.class_, 3.2)
    else:
        yield shape(each.place, (x + 8, y + 8), each.class_)


def small(at: Point, said: str, class_: str = "") -> Element:
    """Return a small, quiet text."""
    return text(at, said, f"small muted {class_}".rstrip())


def wrapped(said: str, width: float, size: float = SMALL) -> list[str]:
    """Return the lines of a text that is no wider than a width, broken at blanks.

    >>> wrapped("one two three", 45, 10)
    ['one two', 'three']
    """
    lines = [""]
    for word in said.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _joined(points: Iterable[Point]) -> str:
    return " ".join(f"{number_text(x)},{number_text(y)}" for x, y in points)


def _at(x: float, y: float) -> str:
    return f"{number_text(x)} {number_text(y)}"
