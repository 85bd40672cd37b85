"""The total of a method's readings for each member of a cohort, of several readers the mean of their totals."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from projections.cohort.figures.location_counts import location_counts
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import readings_of

TOTAL: Final = "total"

Totals = list[Fraction | None]


class MethodTotals(NamedTuple):
    """The totals of a method at each time point, one row a member.

    None where a location was not graded or nobody read the member.
    """

    method: str
    at: list[Totals]


def method_totals(cohort: Cohort, method: str) -> MethodTotals:
    """Return the total of each member at each time point."""
    score = next(score for score in readings_of(cohort, method).grading.method.scores if score.name == TOTAL)
    at_time_points = []
    for counts in location_counts(cohort, method, score):
        known: Totals = [None] * cohort.n
        for member, total, whole in zip(counts.members.tolist(), counts.totals, counts.complete.tolist()):
            known[member] = total if whole else None
        at_time_points.append(known)
    return MethodTotals(method, at_time_points)
