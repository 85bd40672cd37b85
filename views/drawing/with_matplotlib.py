"""The same drawing as PDF or PNG, by matplotlib (the extra `spondyl[figures]`): the same marks at the same places.

Nothing is drawn anew from numbers: the elements of the SVG are gone through, each with what the sheet of styles says of
its classes on light paper. The bytes are the same for the same figure and version of matplotlib.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

from projections.errors import OutputError
from views.drawing.figure import Figure
from views.drawing.palette import Style, style_of
from views.drawing.svg import Element

Format = Literal["pdf", "png"]

NOT_INSTALLED: Final = "PDF and PNG are drawn by matplotlib; install it as spondyl[figures], or take SVG"
METADATA: Final[dict[Format, dict[str, None]]] = {"pdf": {"CreationDate": None}, "png": {"Software": None}}
SETTINGS: Final = {"pdf.fonttype": 42, "hatch.linewidth": 0.8, "font.family": "DejaVu Sans"}
HATCHES: Final = {
    "stripes": "////",
    "counter-stripes": "\\\\\\\\",
    "dots": "..",
    "bars": "||",
    "grid": "++",
    "hatch": "////",
}
DPI: Final = 200  # of PNG; a unit of the drawing is a point
POINTS: Final = 72
ROTATED: Final = re.compile(r"rotate\((-?[\d.]+) .*\)")
STEP: Final = re.compile(r"([MLCZ])([^MLCZ]*)")
ANCHORS: Final = {"start": "left", "middle": "center", "end": "right"}


def write(figure: Figure, path: Path, form: Format) -> None:
    """Write a figure into a file. Raises `OutputError` where matplotlib is not there."""
    try:
        matplotlib, figures = import_module("matplotlib"), import_module("matplotlib.figure")
    except ImportError:
        raise OutputError(f".{form}", NOT_INSTALLED) from None
    width, height = figure.size
    with matplotlib.rc_context(SETTINGS):
        canvas = figures.Figure(figsize=(width / POINTS, height / POINTS), facecolor="white")
        axes = canvas.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        axes.axis("off")
        elements = (each for mark in figure.marks for each in mark.walk())
        for order, each in enumerate(elements):
            for artist in _artists(each):
                artist.set_zorder(order)
                artist.set_clip_on(False)
                axes.add_artist(artist)
        canvas.savefig(path, format=form, dpi=DPI, metadata=METADATA[form])


def _artists(each: Element) -> Iterator[Any]:
    """Yield what matplotlib draws for an element: nothing for a group, which is gone through."""
    patches, said = import_module("matplotlib.patches"), each.attributes
    style = {**style_of(each.classes), **_own(each)}
    if each.tag == "rect" and "pattern" in each.classes:
        yield _hatched(patches, each)
    elif each.tag == "rect":
        corner = _number(said["x"]), _number(said["y"])
        yield patches.Rectangle(corner, _number(said["width"]), _number(said["height"]), **_look(style))
    elif each.tag == "circle":
        yield patches.Circle((_number(said["cx"]), _number(said["cy"])), _number(said["r"]), **_look(style))
    elif each.tag == "line":
        ends = [(_number(said[f"x{end}"]), _number(said[f"y{end}"])) for end in (1, 2)]
        yield _path(patches, ends, style)
    elif each.tag in ("polyline", "polygon"):
        points = [(float(x), float(y)) for x, y in (pair.split(",") for pair in str(said["points"]).split())]
        if points:
            yield _path(patches, points, style, closed=each.tag == "polygon")
    elif each.tag == "path":
        yield _steps(patches, str(said["d"]), style)
    elif each.tag == "text":
        yield from _texts(each, style)


def _path(patches: Any, points: list[tuple[float, float]], style: Style, *, closed: bool = False) -> Any:
    path = import_module("matplotlib.path").Path(points + points[:1] * closed, closed=closed)
    return patches.PathPatch(path, **_look(style))


def _steps(patches: Any, d: str, style: Style) -> Any:
    """Return the path of `M`, `L`, `C` and `Z`, which are all that charts use."""
    kind = import_module("matplotlib.path").Path
    codes, points = list[int](), list[tuple[float, float]]()
    by_letter = {"M": kind.MOVETO, "L": kind.LINETO, "C": kind.CURVE4}
    for letter, numbers in STEP.findall(d):
        given = [float(each) for each in numbers.split()]
        if letter == "Z":
            codes.append(kind.CLOSEPOLY)
            points.append(points[0])
        else:
            pairs = list(zip(given[::2], given[1::2], strict=True))
            codes += [by_letter[letter]] * len(pairs)
            points += pairs
    return patches.PathPatch(kind(points, codes), **_look(style))


def _hatched(patches: Any, each: Element) -> Any:
    said = each.attributes
    pattern = str(said["data-pattern"])
    colour = style_of(("hatch-line" if pattern == "hatch" else "cut-line",))["stroke"]
    corner = _number(said["x"]), _number(said["y"])
    size = _number(said["width"]), _number(said["height"])
    look = {"fill": False, "linewidth": 0, "edgecolor": colour, "hatch": HATCHES[pattern]}
    return patches.Rectangle(corner, *size, **look)


def _texts(each: Element, style: Style) -> Iterator[Any]:
    """Yield a text, or its signs one by one where each has a place of its own."""
    kind = import_module("matplotlib.text").Text
    said, x = "".join(map(str, each.children)), str(each.attributes["x"])
    turned = ROTATED.fullmatch(str(each.attributes.get("transform") or ""))
    for place, part in zip(x.split(), said if " " in x else [said], strict=True):
        yield kind(
            float(place),
            _number(each.attributes["y"]),
            part,
            color=style.get("fill", "black"),
            fontsize=float(style.get("font-size", "12px").removesuffix("px")) * 0.92,  # DejaVu is wide
            fontweight="bold" if "font-weight" in style else "normal",
            ha=ANCHORS[style.get("text-anchor", "start")],
            va="baseline",
            rotation=-float(turned[1]) if turned else 0,
            rotation_mode="anchor",
            parse_math=False,
        )


def _look(style: Style) -> dict[str, Any]:
    """Return how matplotlib is told the fill and the stroke of a style."""
    fill, stroke, dashes = style.get("fill", "none"), style.get("stroke", "none"), style.get("stroke-dasharray", "none")
    colours = import_module("matplotlib.colors")
    width = float(style.get("stroke-width", "1"))
    return {
        "facecolor": "none" if fill == "none" else colours.to_rgba(fill, float(style.get("fill-opacity", "1"))),
        "edgecolor": "none" if stroke == "none" else colours.to_rgba(stroke, float(style.get("stroke-opacity", "1"))),
        "linewidth": width if stroke != "none" else 0,
        "linestyle": "-" if dashes == "none" else (0, [float(each) / width for each in dashes.split()]),
    }


def _own(each: Element) -> Style:
    """Return what an element says of its own look beside its classes."""
    return (
        {"stroke-dasharray": str(each.attributes["stroke-dasharray"])} if "stroke-dasharray" in each.attributes else {}
    )


def _number(value: object) -> float:
    return float(str(value))
