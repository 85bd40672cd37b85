"""The points of a figure as a paper draws it: a row each, from which views draw and others can.

Every table says them alike. `point 1`, `point 2`, … go from left to right in their row; `value`, with its limits, is
what the y axis shows. What the x axis shows is the time point, as `day 37` or `week 12`, or, in a plot of cumulative
probability, numerator over denominator. What stands below a curve is named behind the point, as `point 3 at risk`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from projections.cohort.figures.address import ARROW
from projections.cohort.figures.figures import Figure

POINT: Final = re.compile(r"point \d+( .+)?")


def is_point(figure: Figure) -> bool:
    """Return whether a figure is a point, or stands below one: for machines alone, never for a printed table."""
    return POINT.fullmatch(figure.statistic) is not None


def point(timepoint: tuple[str, str], number: int, like: Figure) -> Figure:
    """Return a figure as the point of this number; `timepoint` is its row and time point."""
    row, at = timepoint
    return like._replace(row=row, timepoint=at, statistic=f"point {number}")


def with_points(figures: Iterable[Figure], statistic: str) -> Iterator[Figure]:
    """Yield figures, and behind each of a statistic at a time point the same as the next point of its row."""
    drawn: Counter[str] = Counter()
    for figure in figures:
        yield figure
        if figure.statistic == statistic and ARROW not in figure.timepoint:
            drawn[figure.row] += 1
            yield point((figure.row, figure.timepoint), drawn[figure.row], figure)


def below(of: Figure, what: str, n: int) -> Figure:
    """Return a count that stands below a point of a curve, as how many are `at risk` there."""
    return Figure(
        of.row,
        of.timepoint,
        f"{of.statistic} {what}",
        value=n,
        text=str(n),
        denominator_note=of.denominator_note,
        n_patients=of.n_patients,
    )
