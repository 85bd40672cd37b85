"""The values of each member of a cohort over the time points, a thin line each, and how many there are at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from views.drawing.axes import Area, margin_for, numbers_beside
from views.drawing.cohort_series import PLAIN, Below, Setting, evenly, labelled, numbers_under, of_all, places_of
from views.drawing.figure import Figure, Numbers, slug
from views.drawing.marks import polyline, shape, straight
from views.drawing.palette import series
from views.drawing.scales import Scale, tick_text
from views.drawing.svg import Element, group

Row = Mapping[str, object]
HEIGHT: Final = 240.0
LINES_AT_MOST: Final = 500


def spaghetti(
    values: Sequence[Row],
    name: str,
    time_points: Sequence[str],
    *,
    setting: Setting = PLAIN,
) -> Figure:
    """Return the values of one measure, rows of the table `cohort_values`, over time points in their order."""
    lines: dict[tuple[object, object], dict[str, float]] = {}
    for row in values:
        if row["name"] == name and isinstance(row["value"], float):
            lines.setdefault((row["patient"], row["episode"]), {})[str(row["timepoint"])] = row["value"]
    counts = [sum(at in line for line in lines.values()) for at in time_points]
    title, of = f"{name.replace('_', ' ')}: each member", f"members-{slug(name)}"
    sentence = f"{name.replace('_', ' ')} of {len(lines)} members, a line each, at each time point."
    numbers = Numbers(("time point", "n"), list(zip(time_points, counts, strict=True)))
    if not lines:
        return Figure(of, title, sentence, (setting.width, 0), (), numbers, setting.cut).saying(
            "no value at any time point"
        )
    reach = [value for line in lines.values() for value in line.values()]
    flat = Scale.around(reach, 1, 0, zero=min(reach) >= 0)
    left = margin_for(map(tick_text, flat.ticks), least=56)
    area = Area(left, 26, setting.width - 30, 26 + HEIGHT)
    caption = f"{of_all(len(lines), min(len(lines), LINES_AT_MOST), 'members')} {setting.cut}".strip()
    y, places = flat._replace(start=area.bottom, end=area.top), places_of(time_points, setting.days, area)
    marks = [*numbers_beside(area, y, name.replace("_", " "))]
    marks.append(straight((area.left, area.bottom), (area.right, area.bottom), "axis"))
    drawn = evenly([lines[each] for each in sorted(lines, key=str)], LINES_AT_MOST)
    marks += [_member(line, time_points, places, y) for line in drawn]
    marks += labelled(places, area)
    under, deep = numbers_under([Below("n", counts)], list(places.values()), area.left, area.bottom + 34)
    return Figure(of, title, sentence, (setting.width, area.bottom + 46 + deep), (*marks, *under), numbers, caption)


def _member(line: Mapping[str, float], time_points: Sequence[str], places: Mapping[str, float], y: Scale) -> Element:
    points = [(places[at], y(line[at])) for at in time_points if at in line]
    if len(points) == 1:
        return group(shape(0, points[0], series(0), 2), class_="member")
    return group(polyline(points, f"{series(0)} thin"), class_="member")
