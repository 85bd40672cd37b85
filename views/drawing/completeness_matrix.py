"""How much of what was expected is there, centre × period: the share as a shade, and done of expected as text.

Nothing was expected where a cell is hatched. The year of today is marked: it has not ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from views.drawing.figure import Figure, Numbers, slug
from views.drawing.marks import box, small, text
from views.drawing.palette import LABEL, shade
from views.drawing.patterns import hatched
from views.drawing.recruitment import centre_of, int_of
from views.drawing.svg import Element, element, group
from views.drawing.text_widths import fitted, width_of

Row = Mapping[str, object]
CELL: Final = (74.0, 34.0)
TOP: Final = 40.0
STEPS: Final = 10  # of the shades: of no one to all
COLUMNS: Final = ("centre", "period", "expected", "done", "in window", "median days to record")


def completeness_matrix(rows: Sequence[Row], what: str, today: date, *, title: str = "", by: str = "centre") -> Figure:
    """Return how much of one thing is there, rows of the table `completeness`; of the year of `today` so far.

    `by` is what the names under `centre` are, where they are of something else.
    """
    of = f"completeness-{slug(what)}"
    chosen = [row for row in rows if row["what"] == what]
    named = title or f"Completeness of {what.partition(':')[2] or what}"
    done, expected = (sum(int_of(row[name]) for row in chosen) for name in ("n_done", "n_expected"))
    sentence = f"{done} of {expected} expected are there, by {by} and year of the due day."
    numbers = Numbers((by, *COLUMNS[1:]), [_numbers(row) for row in chosen])
    if not chosen:
        return Figure(of, named, sentence, (480, 0), (), numbers).saying("nothing was expected by then")
    centres = sorted({centre_of(row) for row in chosen})
    years = sorted({str(row["period"]) for row in chosen})
    left = min(max(width_of(centre, LABEL) for centre in centres) + 20, 200)
    by_place = {(centre_of(row), str(row["period"])): row for row in chosen}
    marks = list[Element]()
    for column, year in enumerate(years):
        x = left + column * CELL[0]
        marks.append(text((x + CELL[0] / 2, 30), year, "middle"))
        if year == f"{today:%Y}":
            marks.append(small((x + CELL[0] / 2, 14), "so far", "middle unfinished-label"))
            marks.append(box((x - 1, TOP - 1), (CELL[0], len(centres) * CELL[1]), "frame unfinished"))
    for line, centre in enumerate(centres):
        marks.append(text((left - 10, TOP + (line + 0.6) * CELL[1]), fitted(centre, left - 14, LABEL), "end"))
        for column, year in enumerate(years):
            place = (left + column * CELL[0], TOP + line * CELL[1], CELL[0] - 2, CELL[1] - 2)
            cell = _cell(of, by_place.get((centre, year)), place)
            marks.append(group(*cell, class_="cell", data_centre=centre, data_period=year))
    size = (max(left + len(years) * CELL[0] + 8, 240), TOP + len(centres) * CELL[1] + 8)
    return Figure(of, named, sentence, size, tuple(marks), numbers)


def _cell(of: str, row: Row | None, place: tuple[float, float, float, float]) -> list[Element]:
    x, y, wide, high = place
    if row is None or not row["n_expected"]:
        return list(hatched(of, place))
    done, expected = int_of(row["n_done"]), int_of(row["n_expected"])
    look = shade(STEPS * done // expected, STEPS)
    return [
        box((x, y), (wide, high), look),
        element("text", f"{100 * done // expected}%", x=x + wide / 2, y=y + 14, class_=f"grade on-{look}"),
        element("text", f"{done} of {expected}", x=x + wide / 2, y=y + 27, class_=f"grade on-{look}"),
    ]


def _numbers(row: Row) -> tuple[object, ...]:
    names = ("period", "n_expected", "n_done", "n_in_window", "median_days_to_record")
    return (centre_of(row), *(row[name] for name in names))
