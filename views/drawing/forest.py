"""Forest plot: what stands between groups of a cohort, or any figures with limits, a line each on one scale.

Ratios stand on a scale on which doubling and halving are as long; no difference is a line. What has no value is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from views.drawing.axes import Area, margin_for
from views.drawing.cohort_series import PLAIN, Setting
from views.drawing.figure import Figure, Numbers, slug
from views.drawing.marks import polygon, shape, small, straight, text
from views.drawing.palette import LABEL, SMALL
from views.drawing.scales import Scale, tick_text, ticks
from views.drawing.svg import Element, group
from views.drawing.text_widths import fitted, width_of

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Placed

ROW: Final = 24.0
RATIOS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
COLUMNS: Final = ("row", "value", "lower limit", "upper limit", "patients", "why not")


class Line(NamedTuple):
    """A line of the plot: what it is called, its value with limits, or why there is none."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    said: str
    n: int | None
    why: str


def forest(
    placed: Sequence[Placed],
    table: str,
    statistic: str,
    *,
    ratio: bool = False,
    setting: Setting = PLAIN,
) -> Figure:
    """Return the figures of a statistic of a table, as `difference of mean` or `rate ratio`, where none is 1."""
    title, of = f"{statistic.capitalize()}: {table}", f"forest-{slug(table)}-{slug(statistic)}"
    lines = [_line(each) for each in placed if (each.table, each.figure.statistic) == (table, statistic)]
    without = sum(each.value is None for each in lines)
    sentence = f"{statistic.capitalize()} with limits, table {table}; {without} of {len(lines)} have no value."
    numbers = Numbers(COLUMNS, [(each.name, each.value, each.low, each.high, each.n, each.why) for each in lines])
    if not lines:
        return Figure(of, title, sentence, (setting.width, 0), (), numbers, setting.cut).saying(
            f"no {statistic} among the figures"
        )
    left = margin_for([each.name for each in lines], size=LABEL, least=80, most=setting.width * 0.4)
    area = Area(
        left,
        26,
        setting.width - margin_for([each.said for each in lines], most=setting.width * 0.3),
        26 + len(lines) * ROW,
    )
    scale = _scale(lines, area, ratio=ratio)
    marks = list(_axis(area, scale, statistic, ratio=ratio))
    for place, each in enumerate(lines):
        marks.append(
            group(*_row(each, area.top + (place + 0.5) * ROW, area, scale), class_="line-of", data_row=each.name)
        )
    return Figure(of, title, sentence, (setting.width, area.bottom + 44), tuple(marks), numbers, setting.cut)


class _OnScale(NamedTuple):
    scale: Scale
    ratio: bool

    def __call__(self, value: float) -> float:
        return self.scale(log(value) if self.ratio else value)

    def has(self, value: float | None) -> bool:
        return value is not None and (value > 0 or not self.ratio)


def _scale(lines: Sequence[Line], area: Area, *, ratio: bool) -> _OnScale:
    known = [each for line in lines for each in line[1:4] if isinstance(each, float | int)]
    if not ratio:
        return _OnScale(Scale.around([0, *known], area.left + 8, area.right - 12), ratio)
    logs = [log(each) for each in [0.5, 2, *known] if each > 0]
    return _OnScale(Scale(min(logs) - 0.1, max(logs) + 0.1, area.left + 8, area.right - 12), ratio)


def _axis(area: Area, scale: _OnScale, name: str, *, ratio: bool) -> Iterator[Element]:
    flat = scale.scale
    values = [each for each in RATIOS if flat.low <= log(each) <= flat.high] if ratio else _ticks(flat, area)
    yield straight((area.left, area.bottom), (area.right - 4, area.bottom), "axis")
    for value in values:
        yield straight((scale(value), area.top), (scale(value), area.bottom), "rule")
        yield small((scale(value), area.bottom + 16), tick_text(value), "middle")
    none = scale(1 if ratio else 0)
    yield straight((none, area.top - 6), (none, area.bottom), "axis no-difference")
    yield small((area.left, area.bottom + 34), name, "start axis-name")


def _ticks(scale: Scale, area: Area) -> list[float]:
    """Return as many ticks as have room for their names."""
    room = max(width_of(tick_text(each), SMALL) for each in (scale.low, scale.high)) + 12
    found = ticks(scale.low, scale.high, max(1, min(5, int(area.width // room) - 1)))
    return [each for each in found if scale.low <= each <= scale.high]


def _row(line: Line, y: float, area: Area, scale: _OnScale) -> Iterator[Element]:
    yield text((area.left - 10, y + 4), fitted(line.name, area.left - 14, LABEL), "end")
    if line.value is None or not scale.has(line.value):
        yield small(((area.left + area.right) / 2, y + 4), f"no value: {line.why or 'undefined'}", "middle no-value")
        return
    if line.low is not None and line.high is not None:
        start = scale(line.low) if scale.has(line.low) else area.left
        yield straight((start, y), (scale(line.high), y), "whisker")
        if not scale.has(line.low):
            yield polygon([(start + 7, y - 4), (start, y), (start + 7, y + 4)], "ink arrow")
    yield shape(2, (scale(line.value), y), "series-1 value", 4.5)
    yield small((area.right + 4, y + 4), line.said, "start said")


def _line(placed: Placed) -> Line:
    figure = placed.figure
    where = ", ".join(filter(None, (figure.row.replace("_", " "), figure.timepoint, figure.group)))
    return Line(
        where, figure.value, figure.ci_low, figure.ci_high, figure.text or "", figure.n_patients, figure.reason or ""
    )
