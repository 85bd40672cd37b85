"""How few patients stand behind a model at any level of its covariates: what a coefficient could give away.

From a ratio, its limits and how many are at each level follows how many had an event there, and how many had none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.cohort.models.fitted import Fitted
from projections.columns.coded import Rows, Truth


def fewest(cohort: Cohort, fitted: Fitted) -> int:
    """Return the smallest number of patients but 0, 0 where there are none.

    Of all, and at each level of a word or of time, and of an exposure that time changes at each time point: how many
    there are, how many had the event or answered, how many did not, and how many members have no part in the model.
    """
    of, rows = fitted.rows.outcomes, fitted.rows
    patients = np.unique(cohort.members, return_inverse=True)[1][of.member]
    counts = [len(np.unique(patients[who])) for where in _levels(fitted) for who in _told_apart(fitted, where)]
    left_out = [n for term in rows.terms for n in term.left_out]
    return min((n for n in (*counts, *left_out, cohort.n - len(np.unique(of.member))) if n), default=0)


def _levels(fitted: Fitted) -> Iterator[Truth]:
    """Yield which rows are in the model, at each level, and at each of the exposure at each time point."""
    terms = fitted.rows.terms
    yield np.ones(len(fitted.rows.outcomes.member), dtype=bool)
    for term in terms:
        yield from _each(term.of, len(term.levels))
    if fitted.rows.crossed:
        exposure, time = terms[0], terms[-1]
        for at in _each(time.of, len(time.levels)):
            yield at
            yield from (at & own for own in _each(exposure.of, len(exposure.levels)))


def _each(of: Rows, n: int) -> Iterator[Truth]:
    yield from (of == place for place in range(n))


def _told_apart(fitted: Fitted, where: Truth) -> Iterator[Truth]:
    """Yield rows of a level, and of an outcome of yes and no those with and those without it."""
    yield where
    if fitted.model.of == "measure":
        return
    of = fitted.rows.outcomes
    had = of.outcome > 0
    if fitted.model.of == "retention":  # one of a member's stretches ends with the event
        had = np.isin(of.member, of.member[had])
    yield where & had
    yield where & ~had
