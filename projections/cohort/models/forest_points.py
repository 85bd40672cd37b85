"""The points of a forest plot: a row for each coefficient and reference of a model, with how many stand below it.

They are the points of every figure of a paper (`projections.cohort.figures.points`): the time point is the level.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from projections.cohort.figures.figures import Figure
from projections.cohort.figures.points import below, point
from projections.cohort.members.cohort import Cohort
from projections.cohort.models.asked import TERM
from projections.cohort.models.fitted import Fitted


def forest_points(cohort: Cohort, fitted: Fitted, estimates: Sequence[Figure]) -> Iterator[Figure]:
    """Yield a point for each coefficient and reference, its level as the time point, with how many stand below it."""
    of, name = fitted.rows.outcomes, fitted.model.name
    levels = {
        f"{name}{TERM}{term.name}{TERM}{each}": term.of == place
        for term in fitted.rows.terms
        for place, each in enumerate(term.levels)
    }
    everybody = np.ones(len(of.member), dtype=bool)
    for number, estimate in enumerate(estimates, 1):
        at = estimate.row.removeprefix(f"{name}{TERM}")
        drawn = point((name, f"{at}, {estimate.timepoint}" if estimate.timepoint else at), number, estimate)
        yield drawn
        who = levels.get(estimate.row, everybody)
        yield below(drawn, "patients", len({cohort.members[each] for each in of.member[who].tolist()}))
        if fitted.model.of != "measure":
            yield below(drawn, "events", int(of.outcome[who].sum()))
