"""Swimmer plot: a lane for each member of a cohort, from day 0 on, with what was given and how it ended.

Lanes are of the observed time after day 0. A treatment that goes on ends in an arrow, one that ended in a way that
counts in a cross, any other end in a ring. Those who were kept longest come first, group by group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from views.drawing.axes import WIDTH, Area, numbers_below
from views.drawing.cohort_series import evenly, of_all
from views.drawing.figure import Figure, Numbers
from views.drawing.marks import ARROW, Entry, arrow, box, legend, pattern_of, shape, small, straight, text
from views.drawing.palette import LABEL, SERIES, series
from views.drawing.patterns import patterned
from views.drawing.scales import Scale, ticks
from views.drawing.svg import Element, group
from views.drawing.text_widths import fitted

Row = Mapping[str, object]
NONE_GIVEN: Final = "none"
OTHERS: Final = "others"
LANES_AT_MOST: Final = 400
LEFT: Final = 104.0
COLUMNS: Final = ("patient", "group", "from day", "to day", "given", "how it ended")
ENDED: Final = {"goes on": "arrow", "ended": "cross", "ended, not counted": "ring"}


class Lane(NamedTuple):
    """A member: stretches (start, stop, what was given), the day on which the treatment of day 0 ended, and how."""

    patient: str
    group: str
    stretches: Sequence[tuple[int, int, str]]
    exit: int | None
    how: str

    @property
    def length(self) -> int:
        """The last day that is drawn."""
        return max([self.exit or 0, *(stop for _, stop, _ in self.stretches)])


def swimmer(members: Sequence[Row], spans: Sequence[Row], *, names: bool = True, width: float = WIDTH) -> Figure:
    """Return the plot of rows of `cohort_members` and `cohort_spans`; `names` says whether patients are named."""
    lanes = _lanes(members, spans)
    seen = [each for each in lanes if each.stretches]
    sentence = f"{len(seen)} members from day 0 on: what was given when, and how the treatment of day 0 ended."
    caption = f"{len(lanes) - len(seen)} more were never observed after day 0." if len(seen) < len(lanes) else ""
    drawn = evenly(seen, LANES_AT_MOST)
    caption = f"{caption} {of_all(len(seen), len(drawn), 'members')}".strip()
    told = drawn if len(drawn) < len(seen) else lanes
    numbers = Numbers(COLUMNS, [row for each in told for row in _rows(each, names=names)])
    if not seen:
        return Figure("swimmer", "Courses of all members", sentence, (width, 0), (), numbers, caption).saying(
            "nobody was observed after day 0"
        )
    marks, height = _drawn(drawn, names=names, width=width)
    return Figure("swimmer", "Courses of all members", sentence, (width, height), tuple(marks), numbers, caption)


def _drawn(lanes: Sequence[Lane], *, names: bool, width: float) -> tuple[list[Element], float]:
    high = 15.0 if len(lanes) <= 40 else 8.0 if len(lanes) <= 120 else 5.0
    looks = _looks(lanes)
    end = max(each.length for each in lanes)
    left = LEFT if names and high > 10 else 24.0
    x = Scale(min(0, *(start for each in lanes for start, _, _ in each.stretches)), end, left, width - 24 - ARROW)
    marks, y, before = list[Element](), 12.0, None
    for each in lanes:
        if each.group != before and each.group:
            y += 20
            marks.append(text((8, y - 5), f"{each.group}, n {sum(one.group == each.group for one in lanes)}", "strong"))
        before = each.group
        if names and high > 10:
            marks.append(small((left - 8, y + high / 2 + 4), fitted(each.patient, left - 12, LABEL), "end"))
        lane = group(*_lane(each, y + high / 2, high * 0.66, x, looks), told=_told(each, names=names), class_="lane")
        marks.append(lane)
        y += high
    area = Area(left, 8, width - 24, y + 6)
    days = ticks(x.low, end, int(area.width // 90))
    rules = [straight((x(day), 8), (x(day), area.bottom), "rule") for day in days if x.low <= day <= end]
    axis = numbers_below(area, x, "days since day 0", values=[day for day in days if x.low <= day <= end])
    key = [Entry(name, series(place), place) for name, place in looks.items()]
    how = [
        Entry("ended", "ink", 4, "shape"),
        Entry("ended, not counted", "ink", 5, "shape"),
        Entry("▸ goes on", "paper"),
    ]
    drawn, deep = legend("swimmer", [*key, *how], (left, area.bottom + 42), area.width)
    return [*rules, *axis, *marks, *drawn], area.bottom + 46 + deep


def _lane(lane: Lane, y: float, high: float, x: Scale, looks: Mapping[str, int]) -> Iterator[Element]:
    last = max(stop for _, stop, _ in lane.stretches)
    for start, stop, given in lane.stretches:
        goes_on = lane.how == "goes on" and stop == last
        if given == NONE_GIVEN:
            yield straight((x(start), y), (x(stop), y), "axis none-given")
        else:
            place = looks.get(given, looks.get(OTHERS, 0))
            rectangle = (x(start), y - high / 2, x(stop) - x(start), high)
            yield box(rectangle[:2], rectangle[2:], f"bar {series(place)}", data_given=given)
            yield from patterned(pattern_of(place), "swimmer", rectangle)
        if goes_on:
            look = "ink" if given == NONE_GIVEN else series(looks.get(given, looks.get(OTHERS, 0)))
            yield arrow((x(stop) + ARROW, y), max(high / 2 + 1, 3), f"bar {look}")
    if lane.exit is not None and lane.how != "goes on":
        yield shape(4 if lane.how == "ended" else 5, (x(lane.exit), y), "ink end-of-treatment", min(high / 2, 4))


def _lanes(members: Sequence[Row], spans: Sequence[Row]) -> list[Lane]:
    """Return the lanes by group, the longest first."""
    stretches: dict[tuple[object, object], list[tuple[int, int, str]]] = {}
    for row in spans:
        start, stop = row["start"], row["stop"]
        assert isinstance(start, int)
        assert isinstance(stop, int)
        stretches.setdefault((row["patient"], row["episode"]), []).append((start, stop, str(row["state"])))
    lanes = [_member(row, stretches.get((row["patient"], row["episode"]), [])) for row in members]
    groups = list(dict.fromkeys(each.group for each in lanes))
    return sorted(lanes, key=lambda each: (groups.index(each.group), -each.length, each.patient))


def _member(row: Row, stretches: Sequence[tuple[int, int, str]]) -> Lane:
    exit_ = row["exit"] if isinstance(row["exit"], int) else None
    how = "goes on" if row["reason"] is None else "ended" if row["event"] else "ended, not counted"
    return Lane(str(row["patient"]), str(row["group"] or ""), stretches, exit_, how if exit_ is not None else "")


def _looks(lanes: Sequence[Lane]) -> dict[str, int]:
    """Return the look of what was given, the most frequent first; of many kinds the rarer share one."""
    counted = Counter(given for each in lanes for _, _, given in each.stretches if given != NONE_GIVEN)
    names = [name for name, _ in sorted(counted.items(), key=lambda each: (-each[1], each[0]))]
    shown = names if len(names) <= SERIES else [*names[: SERIES - 1], OTHERS]
    return {name: place for place, name in enumerate(shown)}


def _told(lane: Lane, *, names: bool) -> str:
    said = f"to day {lane.exit}, {lane.how}" if lane.exit is not None else "not at risk"
    return f"{lane.patient}: {said}" if names else said


def _rows(lane: Lane, *, names: bool) -> Iterator[tuple[object, ...]]:
    patient = lane.patient if names else ""
    for start, stop, given in lane.stretches:
        yield patient, lane.group, start, stop, given, lane.how
    if not lane.stretches:
        yield patient, lane.group, None, None, "not observed", ""
