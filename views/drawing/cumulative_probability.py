"""Cumulative probability plots: the changes of all patients, ascending, each at its share of them.

A curve for each reader and one for their mean lie in one plot: each is the row of a cohort that counts that reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from projections.cohort.figures.drawn_points import Drawn
from views.drawing.axes import Area, margin_for, numbers_below, numbers_beside
from views.drawing.cohort_series import PLAIN, Setting, evenly, of_all
from views.drawing.figure import Figure, Numbers, slug
from views.drawing.marks import Entry, legend, polyline, shape, straight
from views.drawing.palette import dashes_of, series
from views.drawing.scales import Scale, tick_text
from views.drawing.svg import Element, group

HEIGHT: Final = 280.0
POINTS_AT_MOST: Final = 300  # of a curve
SHARES: Final = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)


def cumulative_probability(curves: Sequence[tuple[str, Drawn]], *, title: str, setting: Setting = PLAIN) -> Figure:
    """Return the plot of rows of the table `progression`, each with the name of the reader, or `mean`, or a group."""
    of = f"cumulative-{slug(title)}"
    known = [
        (name, drawn._replace(points=list(evenly(drawn.points, POINTS_AT_MOST))))
        for name, drawn in curves
        if drawn.points
    ]
    sizes = {name: len(drawn.points) for name, drawn in curves if drawn.points}
    said = ", ".join(f"{name} {n}" for name, n in sizes.items())
    sentence = f"Change of each patient at the share of patients with a change as small or smaller; {said or 'nobody'}."
    caption = (
        f"{of_all(sum(sizes.values()), sum(len(each.points) for _, each in known), 'points')} {setting.cut}".strip()
    )
    numbers = Numbers(("curve", "cumulative share, %", "change"), [row for each in known for row in _rows(*each)])
    if not known:
        return Figure(of, title, sentence, (setting.width, 0), (), numbers, caption).saying("nobody has a change")
    changes = [point.figure.value or 0 for _, each in known for point in each.points]
    flat = Scale.around(changes, 1, 0, zero=True)
    left = margin_for(map(tick_text, flat.ticks), least=48)
    area = Area(left, 26, setting.width - 24, 26 + HEIGHT)
    x, y = Scale(0, 100, area.left, area.right), flat._replace(start=area.bottom, end=area.top)
    marks = [
        *numbers_beside(area, y, "change"),
        *numbers_below(area, x, "cumulative probability, %", values=SHARES),
        straight((area.left, y(0)), (area.right, y(0)), "axis zero"),
    ]
    marks += [
        group(*_curve(each, place, x, y), class_="curve", data_curve=name) for place, (name, each) in enumerate(known)
    ]
    key = [Entry(f"{name}, n {sizes[name]}", series(place), place, "line") for place, (name, each) in enumerate(known)]
    drawn_key, high = legend(of, key, (area.left, area.bottom + 44), area.width)
    return Figure(
        of, title, sentence, (setting.width, area.bottom + 46 + high), (*marks, *drawn_key), numbers, setting.cut
    )


def _curve(drawn: Drawn, place: int, x: Scale, y: Scale) -> Iterator[Element]:
    look = series(place)
    points = [(x(share), y(change)) for share, change in _shares(drawn)]
    yield polyline(points, f"line {look}", stroke_dasharray=dashes_of(place))
    for at in points:
        yield shape(place, at, f"{look} change", 2.6)


def _shares(drawn: Drawn) -> Iterator[tuple[float, float]]:
    for point in drawn.points:
        figure = point.figure
        yield 100 * (figure.numerator or 0) / (figure.denominator or 1), figure.value or 0


def _rows(name: str, drawn: Drawn) -> Iterator[tuple[object, ...]]:
    for share, change in _shares(drawn):
        yield name, share, change
