"""The points of a figure as a paper draws it: a row each, from which views draw and others can.

Every table says them alike. `point 1`, `point 2`, … go from left to right in their row; `value`, with its limits, is
what the y axis shows. What the x axis shows is the time point, as `day 37` or `week 12`, or, in a plot of cumulative
probability, numerator over denominator. What stands below a curve is named behind the point, as `point 3 at risk`.
"""

from __future__ import annotations

from projections.cohort.figures.figures import Figure


def point(timepoint: tuple[str, str], number: int, like: Figure) -> Figure:
    """Return a figure as the point of this number; `timepoint` is its row and time point."""
    row, at = timepoint
    return like._replace(row=row, timepoint=at, statistic=f"point {number}")


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
