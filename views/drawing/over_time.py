"""A measure or score over the time points of a cohort: means with their intervals, medians with quartiles, or members.

Under each time point stands of how many members there is a value: means of two time points need not be of the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from views.drawing.axes import Area, margin_for, numbers_beside
from views.drawing.cohort_series import (
    ASIDE,
    PLAIN,
    Below,
    Series,
    Setting,
    groups_alone,
    labelled,
    numbers_under,
    places_of,
    series_of,
    time_points,
)
from views.drawing.figure import Figure, Numbers, slug
from views.drawing.marks import Entry, legend, polyline, shape, straight
from views.drawing.palette import LABEL, dashes_of, series
from views.drawing.scales import Scale, tick_text
from views.drawing.svg import Element, group

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Placed

Kind = Literal["mean", "median"]

HEIGHT: Final = 240.0
TABLE: Final = "trajectory"
WHISKERS: Final = {"mean": "confidence interval", "median": "quartiles"}
COLUMNS: Final = ("group", "time point", "n", "value", "from", "to")


class Value(NamedTuple):
    """A value at a time point with its whiskers, and of how many it is; None where there is none."""

    at: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None


def over_time(
    placed: Sequence[Placed],
    row: str,
    *,
    kind: Kind = "mean",
    setting: Setting = PLAIN,
) -> Figure:
    """Return a row of the table `trajectory` over the time points, at their `days` where these are given."""
    found = groups_alone(series_of(placed, TABLE, row))
    values = [(each.name, [_value(each, at, kind) for at in each.of]) for each in found]
    unit = next((at[kind].unit for each in found for at in each.of.values() if kind in at and at[kind].unit), "")
    names = time_points(found)
    title = f"{row.replace('_', ' ')}: {kind} over time"
    sentence = f"{kind.capitalize()} of {row.replace('_', ' ')} with its {WHISKERS[kind]} at each time point."
    of = f"over-time-{kind}-{slug(row)}"
    numbers = Numbers(COLUMNS, [(name, each.at, each.n, *each[1:4]) for name, given in values for each in given])
    known = [each for _, given in values for each in given if each.value is not None]
    if not known:
        return Figure(of, title, sentence, (setting.width, 0), (), numbers, setting.cut).saying(
            "no value at any time point"
        )
    marks, height = _drawn(of, values, (names, setting.days), unit or row.replace("_", " "), setting.width)
    return Figure(of, title, sentence, (setting.width, height), tuple(marks), numbers, setting.cut)


def _drawn(
    of: str,
    values: Sequence[tuple[str, Sequence[Value]]],
    at: tuple[Sequence[str], Mapping[str, float] | None],
    unit: str,
    width: float,
) -> tuple[list[Element], float]:
    reach = [each for _, given in values for one in given for each in one[1:4] if each is not None]
    flat = Scale.around(reach, 1, 0, zero=min(reach) >= 0)
    names = [f"n {name}" for name, _ in values]
    left = max(margin_for(map(tick_text, flat.ticks)), margin_for(names, size=LABEL, least=56) + ASIDE)
    area = Area(left, 26, width - 30, 26 + HEIGHT)
    y = flat._replace(start=area.bottom, end=area.top)
    places = places_of(at[0], at[1], area)
    marks = [*numbers_beside(area, y, unit), straight((area.left, area.bottom), (area.right, area.bottom), "axis")]
    for place, (name, given) in enumerate(values):
        aside = (place - (len(values) - 1) / 2) * 7
        xs = {each.at: places[each.at] + aside for each in given}
        marks.append(group(*_series(given, xs, y, place), class_="series", data_group=name))
    marks += labelled(places, area)
    rows = [Below(f"n {name}" if len(values) > 1 else "n", _counts(given, at[0])) for name, given in values]
    under, deep = numbers_under(rows, list(places.values()), area.left, area.bottom + 34)
    key = [Entry(name, series(place), place, "line") for place, (name, _) in enumerate(values)]
    drawn, high = legend(of, key, (area.left, area.bottom + 46 + deep), area.width) if len(values) > 1 else ([], 0)
    return [*marks, *under, *drawn], area.bottom + 46 + deep + high


def _series(given: Sequence[Value], xs: Mapping[str, float], y: Scale, place: int) -> Iterator[Element]:
    look = series(place)
    known = [(xs[each.at], each) for each in given if each.value is not None]
    if len(known) > 1:
        dash = dashes_of(place)
        yield polyline([(x, y(each.value or 0)) for x, each in known], f"line {look}", stroke_dasharray=dash)
    for x, each in known:
        if each.low is not None and each.high is not None:
            yield straight((x, y(each.low)), (x, y(each.high)), f"line {look} whisker-of")
        of = "" if each.n is None else f", n {each.n}"
        told = f"{each.at}: {tick_text(round(each.value or 0, 2))}{of}"
        yield group(shape(place, (x, y(each.value or 0)), look), told=told, class_="point", data_at=each.at)


def _value(of: Series, at: str, kind: Kind) -> Value:
    figures = of.of[at]
    middle, n = figures.get(kind), figures.get("n")
    if kind == "mean":
        low, high = (None, None) if middle is None else (middle.ci_low, middle.ci_high)
    else:
        low, high = (figures[name].value if name in figures else None for name in ("lower quartile", "upper quartile"))
    return Value(
        at, None if middle is None else middle.value, low, high, None if n is None or n.value is None else int(n.value)
    )


def _counts(given: Sequence[Value], names: Sequence[str]) -> list[int | None]:
    by_name = {each.at: each.n for each in given}
    return [by_name.get(name) for name in names]
