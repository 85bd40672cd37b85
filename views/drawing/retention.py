"""Who of those at risk in each year since enrolment was lost, died, withdrew or left otherwise, and who stayed.

Each bar is all who began the year; of whom the year is not over is hatched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from views.drawing.axes import WIDTH, Area, numbers_beside
from views.drawing.cohort_series import Below, labelled, numbers_under, places_of
from views.drawing.figure import Figure, Numbers
from views.drawing.marks import legend, straight
from views.drawing.recruitment import int_of
from views.drawing.scales import Scale
from views.drawing.stacked_bars import HATCHED, Part, entry_of, stacked
from views.drawing.svg import Element, group

Row = Mapping[str, object]
HEIGHT: Final = 220.0
STAYED: Final = "stayed"
LEFT: Final = {"n_lost": "lost", "n_died": "died", "n_withdrawn": "withdrawn", "n_otherwise": "left otherwise"}
NOT_OVER: Final = "year not over"
COLUMNS: Final = ("year", "at risk", "seen", "stayed", *LEFT.values(), NOT_OVER)


def retention(rows: Sequence[Row], *, width: float = WIDTH) -> Figure:
    """Return the retention in the registry, rows of the projection `registry_retention`."""
    years = [(f"year {row['year']}", int_of(row["n_at_risk"]), int_of(row["n_seen"]), parts_of(row)) for row in rows]
    numbers = Numbers(COLUMNS, [(name, n, seen, *(part.n for part in parts)) for name, n, seen, parts in years])
    enrolled = years[0][1] if years else 0
    sentence = f"Of {enrolled} patients, who stayed in the registry in each year since enrolment and who left it."
    if not enrolled:
        return Figure("retention", "Retention", sentence, (width, 0), (), numbers).saying("nobody is enrolled")
    area = Area(84, 26, width - 24, 26 + HEIGHT)
    flat = Scale.around([n for _, n, _, _ in years], 1, 0, zero=True, whole=True)
    y, places = flat._replace(start=area.bottom, end=area.top), places_of([name for name, *_ in years], None, area)
    wide = min(46.0, area.width / len(years) * 0.7)
    marks: list[Element] = [*numbers_beside(area, y, "patients")]
    for name, _, _, parts in years:
        marks.append(
            group(*stacked("retention", parts, places[name] - wide / 2, wide, y), class_="bar-of", data_year=name)
        )
    marks.append(straight((area.left, area.bottom), (area.right, area.bottom), "axis"))
    marks += labelled(places, area)
    below = [Below("at risk", [n for _, n, _, _ in years]), Below("seen", [seen for _, _, seen, _ in years])]
    under, deep = numbers_under(below, list(places.values()), area.left, area.bottom + 34)
    key, high = legend("retention", map(entry_of, years[0][3]), (area.left, area.bottom + 46 + deep), area.width)
    size = (width, area.bottom + 48 + deep + high)
    return Figure("retention", "Retention", sentence, size, (*marks, *under, *key), numbers)


def parts_of(row: Row) -> list[Part]:
    """Return the parts of a year: they add up to all who began it."""
    left = [Part(name, int_of(row[column]), place) for place, (column, name) in enumerate(LEFT.items(), 1)]
    not_over = int_of(row["n_not_over"])
    stayed = int_of(row["n_at_risk"]) - not_over - int(sum(part.n for part in left))
    return [Part(STAYED, stayed, 0), *left, Part(NOT_OVER, not_over, HATCHED)]
