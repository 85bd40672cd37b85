"""A patient's course over time: scores as lines above, then treatments as bars, and everything else as marks.

What goes on ends in an arrow at the day of the point in time; a day that is known to the month or year only is drawn
over all days that it can mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from views.drawing.axes import WIDTH, Area, days_below, margin_for
from views.drawing.figure import Figure, Numbers
from views.drawing.lanes import Dated, Look, stacked
from views.drawing.marks import entries as legend_of
from views.drawing.marks import legend, pattern_of, small, straight, text
from views.drawing.palette import LABEL, series
from views.drawing.scales import Days
from views.drawing.score_panels import TITLES, score_panel
from views.drawing.svg import Element, Value, number_text
from views.drawing.text_widths import fitted

if TYPE_CHECKING:
    from projections.course.timeline import Timeline, TimelineEntry, TimelineValue

PANEL: Final = 76.0  # how high a panel of a score is
PANELS: Final = {"asdas_crp": 104.0, "asdas_esr": 104.0}
GAP: Final = 26.0
TREATMENT: Final = "treatment"
END_OF_FOLLOW_UP: Final = "end of follow-up"
ENDS: Final = 4  # the place of its shape, a cross
LANES: Final = {  # the other lanes in their order: what stands in each, and the shape and the colour of its marks
    "follow-up": (("enrolment", "resumption of follow-up", END_OF_FOLLOW_UP), 5, 5),
    "visits": (("visit",), 0, 0),
    "studies": (("study",), 2, 3),
    "flares": (("flare",), 3, 1),
    "adverse events": (("adverse event",), 4, 4),
    "conditions": (("condition",), 1, 2),
}
COLUMNS: Final = ("what", "which", "class or state", "from", "until", "reference")

Row = tuple[str, list[Element], float]  # of a lane its name, its marks, its height


def patient_timeline(course: Timeline, *, width: float = WIDTH) -> Figure:
    """Return the drawing of a patient's course, `projections.course.timeline`."""
    figure_id = "timeline"
    dated = [each for each in course.entries if each.first_begin is not None]
    left = margin_for([*LANES, *(each.which for each in dated if each.what == TREATMENT)], size=LABEL, most=150)
    blank = Figure(figure_id, f"Course of {course.patient}", _sentence(course), (width, 0), (), _numbers(course))
    if not dated or course.until is None:
        return blank.saying("nothing is known of this patient at this point in time")
    days = Days(_first_day(dated), course.until, left, width - 34)
    marks, height = _drawn(figure_id, course, dated, days)
    return blank._replace(size=(width, height), marks=tuple(marks))


def _drawn(of: str, course: Timeline, dated: list[TimelineEntry], days: Days) -> tuple[list[Element], float]:
    """Return the marks of a course and how high the drawing is."""
    scores = [[each for each in course.values if each.score == name] for name in TITLES]
    panels, y = list[Element](), 20.0
    for place, values in enumerate([each for each in scores if each]):
        area = Area(days.start, y, days.end, y + PANELS.get(values[0].score, PANEL))
        panels += score_panel(values, area, days, place)
        y = area.bottom + GAP
    top = y if panels else 8.0
    classes = list(dict.fromkeys(each.lane for each in dated if each.what == TREATMENT))
    names, y = list[Element](), top + 4
    lanes = list[Element]()
    for name, marks, height in _treatments(of, dated, days, y):
        names.append(text((days.start - 10, y + 10), fitted(name, days.start - 16, LABEL), "end lane"))
        lanes += marks
        y += height
    y += 6 if classes else 0
    for name, (whats, kind, colour) in LANES.items():
        chosen = [each for each in dated if each.what in whats]
        if chosen:
            drawn, height = stacked(_things(chosen), days, y, Look(series(colour), kind))
            names.append(text((days.start - 10, y + 10), name, "end lane"))
            lanes += drawn
            y += height + 4
    area = Area(days.start, top, days.end, y + 2)
    key, deep = legend(of, legend_of(classes), (days.start, y + 32), days.end - days.start)
    marks = [*panels, *days_below(area, days), *_end(course, days, area), *names, *lanes, *key]
    return marks, y + 32 + deep + 4


def _treatments(of: str, dated: list[TimelineEntry], days: Days, top: float) -> Iterator[Row]:
    """Yield a lane for each agent, in the order in which they were first given."""
    given = [each for each in dated if each.what == TREATMENT]
    classes = list(dict.fromkeys(each.lane for each in given))
    for agent in dict.fromkeys(each.which for each in given):
        courses = [each for each in given if each.which == agent]
        place = classes.index(courses[0].lane)
        look = Look(series(place), pattern=pattern_of(place), of=of)
        marks, height = stacked(_things(courses), days, top, look)
        yield agent, marks, height + 3
        top += height + 3


def _things(chosen: Iterable[TimelineEntry]) -> Iterator[tuple[Dated, str, dict[str, Value]]]:
    for each in chosen:
        assert each.first_begin is not None
        assert each.last_begin is not None
        ended = (each.first_end, each.last_end) if each.first_end and each.last_end else None
        until = f" to {each.until}" if each.until else ""
        lane = f" ({each.lane})" if each.lane else ""
        told = f"{each.on}{until}: {each.what} {each.which}{lane}"
        attributes: dict[str, Value] = {
            "class_": f"entry {each.what.replace(' ', '-')}",
            "data_reference": each.reference,
            "data_on": each.on,
            "data_until": each.until,
        }
        own = ENDS if each.what == END_OF_FOLLOW_UP else None
        yield Dated((each.first_begin, each.last_begin), ended, each.goes_on, own), told, attributes


def _end(course: Timeline, days: Days, area: Area) -> Iterator[Element]:
    """Yield the line at the day of the point in time, where it has one."""
    if course.as_of is not None:
        x = days.after(days.last)
        yield straight((x, area.top - 4), (x, area.bottom), "axis as-of", data_as_of=course.as_of.isoformat())
        yield small((x, area.top - 8), f"as of {course.as_of}", "end")


def _first_day(dated: list[TimelineEntry]) -> date:
    """Return where the axis begins: a little before the patient was first seen, not with what was told of before."""
    earlier = (TREATMENT, "condition")
    seen = [each.first_begin for each in dated if each.what not in earlier and each.first_begin]
    first = min(seen or [each.first_begin for each in dated if each.first_begin])
    last = max(each.last_begin for each in dated if each.last_begin)
    return first - timedelta(days=max(14, (last - first).days // 25))


def _sentence(course: Timeline) -> str:
    counted = Counter(each.what for each in course.entries)
    said = ", ".join(f"{n} × {what}" for what, n in counted.items())
    until = f"as of {course.as_of}" if course.as_of else f"until {course.until}, the last day known"
    undated = sum(each.first_begin is None for each in course.entries)
    missing = f" {undated} of unknown beginning stand in the numbers alone." if undated else ""
    return f"What happened to {course.patient}, {until}: {said or 'nothing'}.{missing}"


def _numbers(course: Timeline) -> Numbers:
    things = [(each.what, each.which, each.lane, each.on, each.until, each.reference) for each in course.entries]
    values = [
        (TITLES.get(each.score, each.score), _said(each), each.state, each.on, None, each.reference)
        for each in course.values
    ]
    return Numbers(COLUMNS, [*things, *values])


def _said(each: TimelineValue) -> str:
    """Return a value with the mark of its limit, rounded as it is drawn."""
    return f"{each.comparator}{number_text(each.value)}"
