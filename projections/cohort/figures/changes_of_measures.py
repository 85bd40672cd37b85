"""How much a measure changed in the members of a cohort between two time points, and in whom by so much at least."""

from __future__ import annotations

import numpy as np

from projections.cohort.figures.imaging_answers import MemberAnswers
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import NONE
from projections.imaging_criteria.judged import Judged, limit_of
from projections.imaging_criteria.of_two_readings import within
from registry.catalogue.imaging_criteria.requirements import Changed


def measure_answers(cohort: Cohort, requires: Changed, pair: tuple[int, int]) -> MemberAnswers:
    """Return what is required of a measure's change between two time points, by their places.

    The members are those with both values. A change from or to a limit (`<5`) is not known, and its answer open.
    """
    rows = cohort.value_rows(requires.score)[:, list(pair)]
    members = np.flatnonzero((rows != NONE).all(axis=1))
    day = cohort.inputs.visited_on
    about = within(requires.within, np.diff(day[rows[members]], axis=1)[:, 0])
    before, after = (cohort.inputs[requires.score].take(of) for of in rows[members[about]].T)
    change = (after - before).where(~before.censored & ~after.censored)
    said = Judged.without_imputing(limit_of(requires)(change), change)
    return MemberAnswers(members[about], said, members[~about])
