"""Panels of scores above a time axis: a line through the values of each, of an ASDAS with its states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from registry.catalogue.instruments.asdas import ACTIVITY_STATES, HIGH_UP_TO, INACTIVE_BELOW, LOW_BELOW
from views.drawing.axes import Area, numbers_beside
from views.drawing.marks import box, polyline, shape, small, straight, text
from views.drawing.scales import Days, Scale, tick_text
from views.drawing.svg import Element, group

if TYPE_CHECKING:
    from projections.course.timeline import TimelineValue

TITLES: Final = {"asdas_crp": "ASDAS-CRP", "asdas_esr": "ASDAS-ESR", "basdai": "BASDAI", "crp": "CRP, mg/l"}
RING: Final = 5
CUTS: Final = tuple(float(each) for each in (INACTIVE_BELOW, LOW_BELOW, HIGH_UP_TO))
UP_TO_TEN: Final = ("basdai", "basfi")
ASDAS: Final = ("asdas_crp", "asdas_esr")


def score_panel(values: Sequence[TimelineValue], area: Area, days: Days, kind: int) -> Iterator[Element]:
    """Yield the panel of one score, whose values are by day; `kind` is the place of its shape."""
    score = values[0].score
    scale = _scale(score, [each.value for each in values], area)
    if score in ASDAS:
        yield from _states(area, scale)
    else:
        yield from numbers_beside(area, scale)
    for day, _ in days.ticks:
        yield straight((days(day), area.top), (days(day), area.bottom), "rule")
    yield text((area.left, area.top - 6), TITLES.get(score, score.replace("_", " ")), "strong")
    inside = [each for each in values if days.has(each.on, each.on)]
    places = [(days.middle(each.on), scale(each.value)) for each in inside]
    if len(places) > 1:
        yield polyline(places, "ink line", data_score=score)
    for each, at in zip(inside, places, strict=True):
        drawn = RING if each.comparator else kind  # a ring: the true value is another
        state = f", {each.state}" if each.state else ""
        told = f"{TITLES.get(score, score)} {each.comparator}{tick_text(round(each.value, 2))}{state} on {each.on}"
        yield group(
            shape(drawn, at, "ink", 3.4), told=told, class_="value", data_score=score, data_on=each.on.isoformat()
        )


def _scale(score: str, values: list[float], area: Area) -> Scale:
    if score in ASDAS:
        return Scale(0, max(5.0, *values), area.bottom, area.top)
    if score in UP_TO_TEN:
        return Scale(0, 10, area.bottom, area.top)
    return Scale.around(values, area.bottom, area.top, zero=True)


def _states(area: Area, scale: Scale) -> Iterator[Element]:
    """Yield a band for each state of activity, with its name at the left and its limits."""
    limits = [0.0, *CUTS, scale.high]
    for place, (low, high) in enumerate(pairwise(limits)):
        top, bottom = scale(high), scale(low)
        if place % 2 == 0:
            yield box((area.left, top), (area.width, bottom - top), "band")
        yield small((area.left - 7, (top + bottom) / 2 + 4), ACTIVITY_STATES[place], "end state")
    for cut in CUTS:
        yield straight((area.left, scale(cut)), (area.right, scale(cut)), "limit")
        yield small((area.right + 4, scale(cut) + 4), tick_text(cut), "start")
    yield straight((area.left, area.bottom), (area.right, area.bottom), "rule")
