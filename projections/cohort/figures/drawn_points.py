"""The points of figures as views draw them: those of one row and group together, with what stands below them.

They come from figures, the rows of `cohort_statistics`: see `projections.cohort.figures.points`. `at_days` says of a
curve how many are at risk, were censored and had an event by a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from projections.cohort.figures.figures import Figure, Placed

NUMBERED: Final = re.compile(r"point (\d+)(?: (.+))?")
DAY: Final = re.compile(r"day (-?[\d.]+(?:e[+-]?\d+)?)(?:, (.+))?")
BELOW: Final = ("at risk", "events", "censored")


class DrawnPoint(NamedTuple):
    """One point with its figure, and the counts below it by what they count."""

    figure: Figure
    below: dict[str, int]

    @property
    def day(self) -> float | None:
        """The day of its time point, None of one that is called otherwise."""
        found = DAY.fullmatch(self.figure.timepoint)
        return float(found[1]) if found else None


class Drawn(NamedTuple):
    """The points of one row of a table, in their order; `group` is empty where they are of all members."""

    row: str
    group: str
    points: list[DrawnPoint]


class RiskCounts(NamedTuple):
    """How many of all are at risk after a day, had an event by it, and were neither: censored, or not observed then."""

    day: float
    at_risk: int
    events: int
    censored: int


def drawn_points(placed: Iterable[Placed], table: str) -> list[Drawn]:
    """Return the points of a table, row by row and group by group as they come among the figures.

    Where a row has points between several pairs of time points, as `baseline → 2 years`, the pair is part of its name;
    so is the bound where partial days are counted twice, as `retention, shortest`.
    """
    found: dict[tuple[str, str], dict[int, DrawnPoint]] = {}
    for each in placed:
        numbered = NUMBERED.fullmatch(each.figure.statistic) if each.table == table else None
        if numbered is None:
            continue
        points = found.setdefault((_name(each.figure), each.figure.group), {})
        number = int(numbered[1])
        if numbered[2] is None:
            points[number] = DrawnPoint(each.figure, {})
        else:
            points[number].below[numbered[2]] = int(each.figure.value or 0)
    return [Drawn(row, group, [points[n] for n in sorted(points)]) for (row, group), points in found.items()]


def at_days(drawn: Drawn, days: Sequence[float]) -> list[RiskCounts]:
    """Return the counts below a curve after each day; at risk, events and censored always add up to all who entered.

    At risk after a day are those at risk just before the next at which somebody leaves. Who enters late, or is not
    observed for a while, counts as censored as long as that lasts: `enters_late` says whether there are such.
    """
    steps = [point for point in drawn.points if "at risk" in point.below]
    n = int(drawn.points[0].figure.denominator or 0) if drawn.points else 0
    counts = []
    for day in days:
        left = [point for point in steps if point.day is not None and point.day <= day]
        coming = steps[len(left) :]
        events = sum(point.below["events"] for point in left)
        at_risk = coming[0].below["at risk"] if coming else 0
        counts.append(RiskCounts(day, at_risk, events, n - at_risk - events))
    return counts


def enters_late(drawn: Drawn) -> bool:
    """Return whether somebody of a curve is not at risk from its first day on without a gap."""
    steps = [point.below for point in drawn.points if "at risk" in point.below]
    n = int(drawn.points[0].figure.denominator or 0) if drawn.points else 0
    first = bool(steps) and steps[0]["at risk"] != n
    return first or any(
        later["at risk"] != each["at risk"] - each["events"] - each["censored"] for each, later in pairwise(steps)
    )


def _name(figure: Figure) -> str:
    """Return what a row's points are called: those between two time points, or of one bound, apart."""
    day = DAY.fullmatch(figure.timepoint)
    apart = figure.timepoint if " → " in figure.timepoint else day and day[2]
    return f"{figure.row}, {apart}" if apart else figure.row
