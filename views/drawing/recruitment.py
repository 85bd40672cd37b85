"""How many patients were enrolled in each period, by centre, and how many there were by its end.

A period that is not over is marked: nobody can say yet how many it will be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from registry.wording import counted
from views.drawing.axes import WIDTH, Area, margin_for, numbers_beside
from views.drawing.cohort_series import ASIDE, Below, labelled, numbers_under, places_of
from views.drawing.figure import Figure, Numbers
from views.drawing.marks import legend, straight
from views.drawing.scales import Scale, tick_text
from views.drawing.stacked_bars import Part, entry_of, stacked, unfinished
from views.drawing.svg import Element, group

Row = Mapping[str, object]
HEIGHT: Final = 220.0
COLUMNS: Final = ("period", "centre", "enrolled", "in all", "over")
CENTRES: Final = 8  # more are drawn as one
OTHERS: Final = "other centres"


def recruitment(rows: Sequence[Row], *, width: float = WIDTH) -> Figure:
    """Return the recruitment of a registry, rows of the projection `recruitment`."""
    numbers = Numbers(
        COLUMNS, [(row["period"], centre_of(row), row["n_enrolled"], row["n_so_far"], row["over"]) for row in rows]
    )
    periods = list(dict.fromkeys(str(row["period"]) for row in rows))
    total = sum(int_of(row["n_enrolled"]) for row in rows)
    sentence = f"{counted(total, 'patient')} enrolled in {counted(len(periods), 'period')}, by centre."
    if not total:
        return Figure("recruitment", "Recruitment", sentence, (width, 0), (), numbers).saying("nobody is enrolled")
    centres = _centres(rows)
    counts = {period: [Part(name, 0, place) for place, name in enumerate(centres)] for period in periods}
    for row in rows:
        name = centre_of(row)
        place = centres.index(name if name in centres else OTHERS)
        parts = counts[str(row["period"])]
        parts[place] = parts[place]._replace(n=parts[place].n + int_of(row["n_enrolled"]))
    over = {str(row["period"]): bool(row["over"]) for row in rows}
    marks, height = _drawn(counts, over, width)
    return Figure("recruitment", "Recruitment", sentence, (width, height), tuple(marks), numbers)


def _drawn(counts: Mapping[str, Sequence[Part]], over: Mapping[str, bool], width: float) -> tuple[list[Element], float]:
    sums = {period: int(sum(part.n for part in parts)) for period, parts in counts.items()}
    flat = Scale.around(sums.values(), 1, 0, zero=True, whole=True)
    area = Area(margin_for(map(tick_text, flat.ticks), least=64 + ASIDE), 32, width - 24, 32 + HEIGHT)
    y, places = flat._replace(start=area.bottom, end=area.top), places_of(list(counts), None, area)
    wide = min(46.0, area.width / len(places) * 0.7)
    marks: list[Element] = [*numbers_beside(area, y, "patients enrolled")]
    for period, parts in counts.items():
        left = places[period] - wide / 2
        marks.append(group(*stacked("recruitment", parts, left, wide, y), class_="bar-of", data_period=period))
        if not over[period]:
            marks += unfinished((left, y(sums[period]) - 4), (wide, y(0) - y(sums[period]) + 4))
    marks.append(straight((area.left, area.bottom), (area.right, area.bottom), "axis"))
    shown = thinned(list(places.items()), area.width)
    marks += labelled(dict(shown), area)
    so_far, total = list[int](), 0
    for n in sums.values():
        total += n
        so_far.append(total)
    by_period = dict(zip(sums, so_far, strict=True))
    rows = [
        Below("enrolled", [sums[name] for name, _ in shown]),
        Below("in all", [by_period[name] for name, _ in shown]),
    ]
    under, deep = numbers_under(rows, [x for _, x in shown], area.left, area.bottom + 34)
    parts = next(iter(counts.values()))
    key, high = legend("recruitment", map(entry_of, parts), (area.left, area.bottom + 46 + deep), area.width)
    return [*marks, *under, *key], area.bottom + 48 + deep + high


def thinned(places: Sequence[tuple[str, float]], width: float) -> list[tuple[str, float]]:
    """Return as many places as have room for their names below them, the last among them."""
    every = max(1, -(-len(places) * 56 // int(width)))
    return [each for number, each in enumerate(reversed(places)) if number % every == 0][::-1]


def centre_of(row: Row) -> str:
    """Return what the centre of a row is called."""
    return str(row["centre"]) or "no centre"


def int_of(value: object) -> int:
    """Return a count, 0 for none."""
    return value if isinstance(value, int) else 0


def _centres(rows: Sequence[Row]) -> list[str]:
    """Return the centres in their order; of many the largest, and the others as one."""
    names = list(dict.fromkeys(map(centre_of, rows)))
    if len(names) <= CENTRES:
        return names
    sizes = {name: max(int_of(row["n_so_far"]) for row in rows if centre_of(row) == name) for name in names}
    largest = sorted(names, key=lambda name: -sizes[name])[: CENTRES - 1]
    return [*(name for name in names if name in largest), OTHERS]
