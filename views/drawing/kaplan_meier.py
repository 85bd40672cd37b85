"""Kaplan–Meier curves with their intervals, and below them who was at risk, censored or had an event (KMunicate).

After each of the days that are shown the three add up to all who entered: see `at_days`. A curve ends where events
emptied the risk set before others entered; nothing is known from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from projections.cohort.figures.drawn_points import Drawn, at_days, enters_late
from views.drawing.axes import Area, numbers_below, numbers_beside
from views.drawing.cohort_series import ALL, PLAIN, Below, Setting, groups_alone, numbers_under
from views.drawing.figure import Figure, Numbers, slug
from views.drawing.marks import Entry, Point, legend, polygon, polyline, straight, text
from views.drawing.palette import STRONG, dashes_of, series
from views.drawing.scales import Scale, ticks
from views.drawing.svg import Element, group
from views.drawing.text_widths import fitted

if TYPE_CHECKING:
    from projections.cohort.figures.drawn_points import DrawnPoint

HEIGHT: Final = 250.0
LEFT: Final = 160.0
COLUMNS: Final = ("group", "day", "kept, %", "lower limit", "upper limit", "at risk", "events", "censored")


def kaplan_meier(
    curves: Sequence[Drawn], *, row: str = "retention", last_day: float | None = None, setting: Setting = PLAIN
) -> Figure:
    """Return the curves of a row, one a group, `drawn_points` of the table `survival`."""
    of, title = f"kaplan-meier-{slug(row)}", row.capitalize()
    known = groups_alone([each for each in curves if each.points and each.points[0].figure.denominator])
    sentence = f"Share kept on treatment by days since day 0, by Kaplan–Meier with its interval{_of(known)}."
    if not known:
        return Figure(of, title, sentence, (setting.width, 0), (), Numbers(COLUMNS, []), setting.cut).saying(
            "nobody was at risk"
        )
    end = last_day or max(point.day or 0 for each in known for point in each.points) or 1
    area = Area(LEFT, 30, setting.width - 24, 30 + HEIGHT)
    days = [day for day in ticks(0, end, int(area.width // 90)) if day <= end]
    x, y = Scale(0, end, area.left, area.right), Scale(0, 100, area.bottom, area.top)
    marks = [*numbers_beside(area, y, "kept, %"), *numbers_below(area, x, "days", values=days)]
    for place, each in enumerate(known):
        marks.append(group(*_curve(each, place, x, y), class_="curve", data_group=each.group or ALL))
    under, deep = _under(known, days, x, area.bottom + 34)
    key = [Entry(each.group or ALL, series(place), place, "line") for place, each in enumerate(known)]
    drawn, high = legend(of, key, (area.left, area.bottom + 48 + deep), area.width) if len(known) > 1 else ([], 0)
    size = (setting.width, area.bottom + 50 + deep + high)
    return Figure(of, title, sentence, size, (*marks, *under, *drawn), _numbers(known), _caption(known, setting.cut))


def _curve(drawn: Drawn, place: int, x: Scale, y: Scale) -> Iterator[Element]:
    look = series(place)
    points = [each for each in drawn.points if each.figure.value is not None and (each.day or 0) <= x.high]
    with_limits = [each for each in points if each.figure.ci_low is not None]
    if with_limits:
        low = list(_steps([(each.day or 0, each.figure.ci_low or 0) for each in with_limits], x, y))
        high = list(_steps([(each.day or 0, each.figure.ci_high or 0) for each in with_limits], x, y))
        yield polygon([*high, *reversed(low)], f"area {look} interval")
    line = list(_steps([(each.day or 0, each.figure.value or 0) for each in points], x, y))
    yield polyline(line, f"line {look} estimate", stroke_dasharray=dashes_of(place))
    for each in points:
        if each.below.get("censored"):
            at = x(each.day or 0), y(each.figure.value or 0)
            tick = straight(
                (at[0], at[1] - 4), (at[0], at[1] + 4), f"line {look} censored", data_n=each.below["censored"]
            )
            yield tick


def _steps(values: Sequence[Point], x: Scale, y: Scale) -> Iterator[Point]:
    """Yield the corners of a curve that keeps its value until the next day."""
    for (day, value), (after, _) in pairwise(values):
        yield x(day), y(value)
        yield x(after), y(value)
    if values:
        yield x(values[-1][0]), y(values[-1][1])


def _under(curves: Sequence[Drawn], days: Sequence[float], x: Scale, top: float) -> tuple[list[Element], float]:
    """Return the counts below the curves, group by group, and how high they are."""
    drawn, y = list[Element](), top
    for each in curves:
        if len(curves) > 1:
            y += 18
            drawn.append(text((8, y), fitted(each.group or ALL, x.end - 16, STRONG), "strong"))
        counts = at_days(each, days)
        left = "censored or not seen" if enters_late(each) else "censored"
        rows = [
            Below("at risk", [count.at_risk for count in counts]),
            Below(left, [count.censored for count in counts]),
            Below("events", [count.events for count in counts]),
        ]
        marks, deep = numbers_under(rows, [x(day) for day in days], x.start, y)
        drawn.append(group(*marks, class_="risk-table", data_group=each.group or ALL))
        y += deep
    return drawn, y - top


def _numbers(curves: Sequence[Drawn]) -> Numbers:
    return Numbers(COLUMNS, [(each.group or ALL, *_row(point)) for each in curves for point in each.points])


def _row(point: DrawnPoint) -> tuple[object, ...]:
    figure, below = point.figure, point.below
    counts = (below.get(name) for name in ("at risk", "events", "censored"))
    return (point.day, figure.value, figure.ci_low, figure.ci_high, *counts)


def _of(curves: Sequence[Drawn]) -> str:
    said = [f"{each.group or 'n'} {int(each.points[0].figure.denominator or 0)}" for each in curves]
    return f"; {', '.join(said)}" if said else ""


def _caption(curves: Sequence[Drawn], cut: str) -> str:
    late = (
        "Who entered late or was not observed for a while counts as censored until then."
        if any(map(enters_late, curves))
        else ""
    )
    methods = {point.figure.ci_method for each in curves for point in each.points if point.figure.ci_method}
    return " ".join(filter(None, (f"Limits: {', '.join(sorted(methods))}." if methods else "", late, cut)))
