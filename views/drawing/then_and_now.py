"""A figure of a cohort at every freeze and now, with its limits, and between two of them what moved it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from views.drawing.axes import WIDTH, Area, margin_for, numbers_beside
from views.drawing.figure import Figure, Numbers
from views.drawing.marks import polyline, shape, small, straight, text, wrapped
from views.drawing.palette import LABEL, SMALL, series
from views.drawing.scales import Scale, tick_text
from views.drawing.svg import Element, group
from views.drawing.text_widths import fitted

if TYPE_CHECKING:
    from projections.cohort.over_time.at_freezes import FrozenFigure

HEIGHT: Final = 180.0
STEP: Final = 104.0  # how much room a freeze needs at least
COLUMNS: Final = ("known at", "position", "recorded", "patients", "figure", "value", "moved by")


def then_and_now(found: Sequence[FrozenFigure], name: str, *, width: float = WIDTH) -> Figure:
    """Return a figure of a name, an address, as `at_freezes` gives it."""
    of, title = "then-and-now", f"Then and now: {name}"
    known = [each for each in found if each.figure is not None and each.figure.value is not None]
    moved = sum(bool(each.moved_by) for each in found)
    sentence = f"{name} as it was known at {len(found)} points in time; it moved {moved} times."
    numbers = Numbers(COLUMNS, [_numbers(each) for each in found])
    if not known:
        return Figure(of, title, sentence, (width, 0), (), numbers).saying("the figure has no value at any of them")
    reach = [value for each in known for value in _reach(each)]
    flat = Scale.around(reach, 1, 0)
    left = margin_for(map(tick_text, flat.ticks), least=48)
    width = max(width, left + 24 + len(found) * STEP)
    area = Area(left, 30, width - 24, 30 + HEIGHT)
    y, step = flat._replace(start=area.bottom, end=area.top), area.width / len(found)
    xs = [area.left + (place + 0.5) * step for place in range(len(found))]
    marks = [*numbers_beside(area, y), straight((area.left, area.bottom), (area.right, area.bottom), "axis")]
    points = [(x, y(each.figure.value)) for x, each in zip(xs, found) if each.figure and each.figure.value is not None]
    marks.append(polyline(points, f"line {series(0)}"))
    deep = area.bottom
    for x, each in zip(xs, found, strict=True):
        marks += _point(each, x, y, area)
        below, bottom = _below(each, x, step, area.bottom)
        marks.append(group(*below, class_="known-at", data_position=each.position))
        deep = max(deep, bottom)
    return Figure(of, title, sentence, (width, deep + 10), tuple(marks), numbers)


def _point(each: FrozenFigure, x: float, y: Scale, area: Area) -> list[Element]:
    figure = each.figure
    if figure is None or figure.value is None:
        return [small((x, (area.top + area.bottom) / 2), "none", "middle no-value")]
    drawn = list[Element]()
    if figure.ci_low is not None and figure.ci_high is not None:
        drawn.append(straight((x, y(figure.ci_low)), (x, y(figure.ci_high)), f"line {series(0)}"))
    drawn.append(shape(0, (x, y(figure.value)), series(0), 4.5))
    drawn.append(text((x, y(figure.value) - 10), figure.text or tick_text(figure.value), "small middle halo value-of"))
    return [group(*drawn, class_="point", data_position=each.position)]


def _below(each: FrozenFigure, x: float, step: float, top: float) -> tuple[list[Element], float]:
    """Return what stands below a point: its name, its day, and what moved the figure since the one before."""
    said = [text((x, top + 18), fitted(each.freeze, step - 8, LABEL), "middle")]
    y = top + 33
    if each.recorded_at is not None:
        said.append(small((x, y), f"{each.recorded_at:%Y-%m-%d}", "middle"))
    for what, n in each.moved_by:
        for line in wrapped(f"{n} × {what}", step - 8):
            y += 14
            said.append(small((x, y), fitted(line, step, SMALL), "middle moved-by"))
    return said, y


def _reach(each: FrozenFigure) -> list[float]:
    figure = each.figure
    given = [] if figure is None else [figure.value, figure.ci_low, figure.ci_high]
    return [value for value in given if value is not None]


def _numbers(each: FrozenFigure) -> tuple[object, ...]:
    figure = each.figure
    moved = ", ".join(f"{n} × {what}" for what, n in each.moved_by)
    day = None if each.recorded_at is None else f"{each.recorded_at:%Y-%m-%d}"
    said = each.refusal or (figure and figure.text)
    return each.freeze, each.position, day, each.n_patients, said, figure and figure.value, moved
