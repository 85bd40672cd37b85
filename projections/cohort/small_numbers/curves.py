"""Curves over days of which no step rests on few patients: steps are put together until enough left at each.

Between any two days that are shown, as many as the minimum had an event, or nobody did; so of those who were censored,
and of those who came late. Days at which a table says how many are left stay, where that holds of them, and the steps
between them; the last day always does. Where it does not hold of the whole curve, nothing of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from projections.cohort.figures.drawn_points import Drawn, DrawnPoint
from projections.cohort.figures.figures import Figure, Placed
from projections.cohort.figures.points import below
from projections.cohort.small_numbers.hiding import is_small

So = tuple[int, int, int]  # so many events, censored, came late, by the end of a day
NOBODY: Final[So] = (0, 0, 0)
CURVES: Final = "survival"  # the table of which they are


class Step(NamedTuple):
    """A day on which somebody left: the point drawn there, who was at risk, and what became of them so far."""

    point: DrawnPoint
    day: float
    at_risk: int
    so_far: So


class Curve:
    """A curve, with those of the days of its table that can be shown."""

    def __init__(self, drawn: Drawn, days: Iterable[float], minimum: int) -> None:
        self.drawn, self.minimum = drawn, minimum
        self.steps = list(_steps(drawn))
        self.n = int(drawn.points[0].figure.denominator or 0) if drawn.points else 0
        self.is_shown = self._is_showable()
        self.days = self._shown_days(sorted(days)) if self.is_shown else frozenset()

    def at(self, day: float) -> So:
        """Return how many had an event, were censored and came late by a day."""
        return max((step.so_far for step in self.steps if step.day <= day), default=NOBODY)

    def kept(self, days: Iterable[float]) -> list[int]:
        """Return the places of the steps that are drawn, by the days of tables that are shown.

        Each stands for those between it and the one before.
        """
        if not self.steps:
            return []
        fixed = [*(self.at(day) for day in sorted(days)), self.steps[-1].so_far]
        found: list[int] = []
        last = NOBODY
        for place, step in enumerate(self.steps):
            coming = next(each for each in fixed if all(n >= so_far for n, so_far in zip(each, step.so_far)))
            if self._is_fine(last, step.so_far) and self._is_fine(step.so_far, coming):
                found.append(place)
                last = step.so_far
        return found

    def placed(self, days: Iterable[float]) -> Iterator[Placed]:
        """Yield the points that are drawn, with what stands below them, numbered anew."""
        starts = list(takewhile(lambda point: "at risk" not in point.below, self.drawn.points))
        for number, point in enumerate(starts, 1):
            yield _placed(point.figure, number)
        first, so_far = 0, NOBODY
        for number, place in enumerate(self.kept(days), len(starts) + 1):
            step = self.steps[place]
            drawn = _placed(step.point.figure, number)
            yield drawn
            events, censored = (now - then for then, now in zip(so_far[:2], step.so_far[:2]))
            for name, n in (("at risk", self.steps[first].at_risk), ("events", events), ("censored", censored)):
                yield Placed(drawn.table, below(drawn.figure, name, n)._replace(group=drawn.figure.group))
            first, so_far = place + 1, step.so_far

    def events_of(self, incidence: Drawn) -> dict[float, int]:
        """Return how many events of one cause there were by each day, from the points of its incidence."""
        left = {step.day: (step.at_risk, share) for step, share in zip(self.steps, self._shares_before())}
        found, n = dict[float, int](), 0
        for one, other in pairwise(incidence.points):
            if other.day in left:
                at_risk, share = left[other.day]
                risen = (other.figure.value or 0) - (one.figure.value or 0)
                n += round(risen / share * at_risk) if share else 0
                found[other.day] = n
        return found

    def _shares_before(self) -> list[float]:
        values = [100.0, *(step.point.figure.value or 0.0 for step in self.steps)]
        return values[:-1]

    def _is_showable(self) -> bool:
        if not self.steps:
            return not is_small(self.n, self.minimum)
        outside = self.n - self.steps[0].at_risk
        return not (is_small(self.n, self.minimum) or is_small(outside, self.minimum)) and self._is_fine(
            NOBODY, self.steps[-1].so_far
        )

    def _shown_days(self, days: Sequence[float]) -> frozenset[float]:
        end = self.steps[-1].so_far if self.steps else NOBODY
        found, last = set[float](), NOBODY
        for day in days:
            if self._is_fine(last, self.at(day)) and self._is_fine(self.at(day), end):
                found.add(day)
                last = self.at(day)
        return frozenset(found)

    def _is_fine(self, one: So, other: So) -> bool:
        return not any(is_small(abs(now - then), self.minimum) for then, now in zip(one, other))


def _steps(drawn: Drawn) -> Iterator[Step]:
    points = [point for point in drawn.points if "at risk" in point.below and point.day is not None]
    events = censored = late = 0
    for place, point in enumerate(points):
        events += point.below["events"]
        censored += point.below["censored"]
        at_risk = point.below["at risk"]
        if place + 1 < len(points):
            late += points[place + 1].below["at risk"] - (at_risk - point.below["events"] - point.below["censored"])
        yield Step(point, point.day or 0.0, at_risk, (events, censored, late))


def _placed(figure: Figure, number: int) -> Placed:
    return Placed(CURVES, figure._replace(statistic=f"point {number}", denominator_note=None))
