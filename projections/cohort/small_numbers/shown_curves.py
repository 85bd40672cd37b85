"""Which curves of a cohort are shown, and at which days what its table says of them.

Of groups all curves are shown or none, for all members are their sum, and each at the same days. Which reason ended how
many is shown at those days where no reason has few between any two of them, of all reasons or of none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from projections.cohort.figures.drawn_points import Drawn, drawn_points
from projections.cohort.figures.figures import Figure, Placed
from projections.cohort.figures.points import is_point
from projections.cohort.small_numbers.curves import CURVES, Curve
from projections.cohort.small_numbers.figures import as_shown, hidden
from projections.cohort.small_numbers.hiding import is_small

KEPT: Final = "retention"
ENDED: Final = "ended: "
ON_A_DAY: Final = re.compile(r"day (\d+(?:\.\d+)?)(?:, (.+))?")


def is_on_a_day(each: Placed) -> bool:
    """Return whether a figure says what a curve is on a day, in its table or as a point."""
    return each.table == CURVES and ON_A_DAY.fullmatch(each.figure.timepoint) is not None


class ShownCurves:
    """The curves of a cohort, by bound of partial days (empty where there are none) and by group."""

    def __init__(self, placed: Sequence[Placed], minimum: int) -> None:
        self.minimum = minimum
        drawn = {(each.row, each.group): each for each in drawn_points(placed, CURVES)}
        self._days: dict[str, set[float]] = defaultdict(set)
        for each in placed:
            if is_on_a_day(each) and not is_point(each.figure):
                day, bound = _day_and_bound(each.figure)
                self._days[bound].add(day)
        self._curves: dict[tuple[str, str], Curve] = {}
        for (row, group), curve in drawn.items():
            name, _, bound = row.partition(", ")
            if name == KEPT:
                self._curves[bound, group] = Curve(curve, self._days[bound], minimum)
        self._ended = {at: self._is_ended_shown(curve, _of_reasons(drawn, *at)) for at, curve in self._curves.items()}

    def shown(self, each: Placed) -> Iterator[Placed]:
        """Yield what is shown of a figure that stands on a day of a table; of a point nothing, see `points`."""
        if is_point(each.figure):
            return
        figure = each.figure
        stands = self._stands(figure)
        yield Placed(each.table, as_shown(figure, self.minimum, noted=False) if stands else hidden(figure))

    def hide_some_of_groups(self, placed: Sequence[Placed]) -> bool:
        """Return whether a figure of a group that stands on a day of a table is hidden, of any curve."""
        on_days = (each.figure for each in placed if is_on_a_day(each) and not is_point(each.figure))
        return any(figure.group and not self._stands(figure) for figure in on_days)

    def points(self) -> Iterator[Placed]:
        """Yield the points of the curves that are shown, with what stands below them: of groups where there are any."""
        for (bound, group), curve in self._curves.items():
            groups = [other for other in self._groups(bound) if self._is_shown(bound, other)]
            if self._is_shown(bound, group) and bool(group) == bool(groups):
                yield from curve.placed(self._days_of(bound, group))

    def _stands(self, figure: Figure) -> bool:
        """Return whether a figure on a day of a table is shown."""
        day, bound = _day_and_bound(figure)
        at = (bound, figure.group)
        ended = figure.row.startswith(ENDED)
        return self._is_shown(*at) and day in self._days_of(*at) and (not ended or self._are_reasons_shown(*at))

    def _groups(self, bound: str) -> list[str]:
        return [group for of, group in self._curves if of == bound and group]

    def _is_shown(self, bound: str, group: str) -> bool:
        """Return whether a curve is shown; one without points has nothing that is small."""
        of = [name for name in ("", *self._groups(bound)) if (bound, name) in self._curves] if group else [group]
        return all(self._curves[bound, name].is_shown for name in of if (bound, name) in self._curves)

    def _days_of(self, bound: str, group: str) -> frozenset[float]:
        """Return the days that are shown: of all members and of groups those that all of them can show."""
        names = ["", *self._groups(bound)]
        curves = [self._curves[bound, name] for name in names if self._is_shown(bound, name)]
        return frozenset.intersection(*(curve.days for curve in curves)) if curves else frozenset()

    def _are_reasons_shown(self, bound: str, group: str) -> bool:
        names = ["", *self._groups(bound)] if group else [""]
        return all(self._ended[bound, name] for name in names if (bound, name) in self._ended)

    def _is_ended_shown(self, curve: Curve, reasons: Sequence[Drawn]) -> bool:
        for reason in reasons:
            by_day = curve.events_of(reason)
            so_far = [max((n for at, n in by_day.items() if at <= day), default=0) for day in sorted(curve.days)]
            counts = [0, *so_far, max(by_day.values(), default=0)]
            if any(is_small(now - then, self.minimum) for then, now in pairwise(counts)):
                return False
        return True


def _of_reasons(drawn: dict[tuple[str, str], Drawn], bound: str, group: str) -> list[Drawn]:
    ending = f", {bound}" if bound else ""
    return [each for (row, of), each in drawn.items() if of == group and row.startswith(ENDED) and row.endswith(ending)]


def _day_and_bound(figure: Figure) -> tuple[float, str]:
    found = ON_A_DAY.fullmatch(figure.timepoint)
    assert found is not None
    return float(found[1]), found[2] or ""
