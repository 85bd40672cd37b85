"""In which state the members of a cohort were over the time points, stacked to all of them; not known is hatched.

It draws the tables whose rows add up to all: `states` of the ASDAS, `lines` of therapy, or the states of locations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from views.drawing.axes import Area, numbers_beside
from views.drawing.cohort_series import PLAIN, Below, Setting, labelled, numbers_under, places_of
from views.drawing.figure import Figure, Numbers, slug
from views.drawing.marks import legend, straight
from views.drawing.scales import Scale
from views.drawing.stacked_bars import EMPTY, HATCHED, Part, entry_of, stacked
from views.drawing.svg import Element, group

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure as CohortFigure
    from projections.cohort.figures.figures import Placed

HEIGHT: Final = 240.0
NOT_KNOWN: Final = "not known"
NOT_SHOWN: Final = "not shown, small numbers"
LEFT: Final = 84.0


def stacked_states(
    placed: Sequence[Placed],
    table: str = "states",
    *,
    group_of: str = "",
    title: str = "Disease activity over time",
    setting: Setting = PLAIN,
) -> Figure:
    """Return the shares of a table's rows at each time point, of all members or of one group."""
    of = f"stacked-{slug(table)}{'-' + slug(group_of) if group_of else ''}"
    cells = _cells(placed, table, group_of)
    rows = list(dict.fromkeys(row for at in cells.values() for row in at))
    looks = {row: HATCHED if row == NOT_KNOWN else place for place, row in enumerate(rows)}
    denominators = [_of_how_many(at.values()) for at in cells.values()]
    sentence = f"Shares of the members at each time point, {', '.join(rows)}; together they are all of them."
    numbers = _numbers(cells, rows)
    if not any(denominators):
        why = "small numbers, not shown" if None in denominators else "nobody at any time point"
        return Figure(of, title, sentence, (setting.width, 0), (), numbers, setting.cut).saying(why)
    area = Area(LEFT, 26, setting.width - 30, 26 + HEIGHT)
    y, places = Scale(0, 100, area.bottom, area.top), places_of(list(cells), setting.days, area)
    wide = min(46.0, _least_gap(list(places.values()), area.width) * 0.7)
    marks: list[Element] = [*numbers_beside(area, y, "members, %")]
    for at, x in places.items():
        parts = [*_parts(cells[at], rows, looks)]
        marks.append(group(*stacked(of, parts, x - wide / 2, wide, y), class_="bar-of", data_at=at))
    marks.append(straight((area.left, area.bottom), (area.right, area.bottom), "axis"))
    marks += labelled(places, area)
    under, deep = numbers_under([Below("n", denominators)], list(places.values()), area.left, area.bottom + 34)
    unseen = (
        [Part(NOT_SHOWN, 0, EMPTY)] if any(each.value is None for at in cells.values() for each in at.values()) else []
    )
    told = [entry_of(part) for part in (*(Part(row, 0, looks[row]) for row in rows), *unseen)]
    key, high = legend(of, told, (area.left, area.bottom + 46 + deep), area.width)
    return Figure(
        of,
        title,
        sentence,
        (setting.width, area.bottom + 48 + deep + high),
        (*marks, *under, *key),
        numbers,
        setting.cut,
    )


def _cells(placed: Sequence[Placed], table: str, group_of: str) -> dict[str, dict[str, CohortFigure]]:
    """Return the shares of a table and group, by time point and row."""
    cells: dict[str, dict[str, CohortFigure]] = {}
    for each in placed:
        figure = each.figure
        if (each.table, figure.group, figure.statistic) == (table, group_of, "percent"):
            cells.setdefault(figure.timepoint, {})[figure.row] = figure
    return cells


def _parts(at: Mapping[str, CohortFigure], rows: Sequence[str], looks: Mapping[str, int]) -> Iterator[Part]:
    """Yield the parts of a bar; of those that are not shown what they are together, where any of the others is."""
    shares = {row: at[row].value for row in rows if row in at}
    for row, share in shares.items():
        yield Part(row, share or 0, looks[row])
    if None in shares.values():
        yield Part(NOT_SHOWN, 100 - sum(share or 0 for share in shares.values()), EMPTY)


def _of_how_many(shares: Iterable[CohortFigure]) -> int | None:
    """Return of how many the shares are, None where not one of them is shown."""
    known = [int(each.denominator) for each in shares if each.denominator is not None]
    return known[0] if known else None


def _least_gap(xs: Sequence[float], width: float) -> float:
    """Return the least distance between two places, the width where there is one."""
    ordered = sorted(xs)
    return min((later - x for x, later in pairwise(ordered)), default=width)


def _numbers(cells: Mapping[str, Mapping[str, CohortFigure]], rows: Sequence[str]) -> Numbers:
    found = []
    for at, by_row in cells.items():
        for row in rows:
            if row in by_row:
                figure = by_row[row]
                found.append((at, row, figure.numerator, figure.denominator, figure.value))
    return Numbers(("time point", "state", "n", "of", "%"), found)
