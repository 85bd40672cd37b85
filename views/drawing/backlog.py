"""How many days visits took until they were recorded, period by period, as it was known then: median and quartiles.

A period that is not over is marked; of the latest that are over visits may still come in, and then late ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from views.drawing.axes import WIDTH, Area, margin_for, numbers_beside
from views.drawing.cohort_series import ASIDE, Below, labelled, numbers_under, places_of
from views.drawing.figure import Figure, Numbers
from views.drawing.marks import box, straight
from views.drawing.palette import series
from views.drawing.recruitment import int_of, thinned
from views.drawing.scales import Scale, tick_text
from views.drawing.stacked_bars import unfinished
from views.drawing.svg import Element, group

Row = Mapping[str, object]
HEIGHT: Final = 220.0
QUARTILES: Final = ("lower_quartile", "median", "upper_quartile")
COLUMNS: Final = ("period", "visits", "lower quartile, d", "median, d", "upper quartile, d", "≤ 30 d", "≤ 90 d", "over")


def backlog(rows: Sequence[Row], *, known_at: str = "", width: float = WIDTH) -> Figure:
    """Return the backlog of a registry, rows of the projection `backlog`; `known_at` says as known when."""
    order = ("period", "n_visits", *QUARTILES, "n_within_30", "n_within_90", "over")
    numbers = Numbers(COLUMNS, [tuple(row[name] for name in order) for row in rows])
    total = sum(int_of(row["n_visits"]) for row in rows)
    sentence = f"Days from visit to record of {total} visits, median and quartiles by period of the visit."
    title, caption = "Backlog", f"As known at {known_at}." if known_at else ""
    if not total:
        return Figure("backlog", title, sentence, (width, 0), (), numbers, caption).saying("no visit is recorded")
    flat = Scale.around([number_of(row["upper_quartile"]) for row in rows], 1, 0, zero=True)
    area = Area(margin_for(map(tick_text, flat.ticks), least=56 + ASIDE), 32, width - 24, 32 + HEIGHT)
    y, places = (
        flat._replace(start=area.bottom, end=area.top),
        places_of([str(row["period"]) for row in rows], None, area),
    )
    wide = min(26.0, area.width / len(rows) * 0.6)
    marks: list[Element] = [*numbers_beside(area, y, "days from visit to record")]
    for row in rows:
        name = str(row["period"])
        marks += [group(*_box(row, places[name], wide, y), class_="period", data_period=name)]
    marks.append(straight((area.left, area.bottom), (area.right, area.bottom), "axis"))
    shown = thinned(list(places.items()), area.width)
    marks += labelled(dict(shown), area)
    visits = {str(row["period"]): int_of(row["n_visits"]) for row in rows}
    under, deep = numbers_under(
        [Below("visits", [visits[name] for name, _ in shown])], [x for _, x in shown], area.left, area.bottom + 34
    )
    return Figure("backlog", title, sentence, (width, area.bottom + 46 + deep), (*marks, *under), numbers, caption)


def _box(row: Row, x: float, wide: float, y: Scale) -> list[Element]:
    drawn = list[Element]()
    top = y.end
    if row["median"] is not None:
        low, middle, high = (y(number_of(row[name])) for name in QUARTILES)
        top = high
        drawn.append(box((x - wide / 2, high), (wide, max(low - high, 1)), f"uncertain {series(0)} quartiles"))
        drawn.append(straight((x - wide / 2, middle), (x + wide / 2, middle), f"line {series(0)} median"))
    if not row["over"]:
        drawn += unfinished((x - wide / 2, min(top, y(0) - 12) - 4), (wide, y(0) - min(top, y(0) - 12) + 4))
    return drawn


def number_of(value: object) -> float:
    """Return a number, 0 for none."""
    return float(value) if isinstance(value, int | float) else 0.0
