"""Whether the members of a cohort meet a criterion at a time point, judged against their values at another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.members.cohort import Cohort
from registry.catalogue.criteria import criteria
from registry.catalogue.criteria.criterion import BASELINE, Judgement

Truth = npt.NDArray[np.bool_]


class Judged(NamedTuple):
    """What a criterion says of every member at a time point: `met`, `not_met`, or `open` where neither can be said.

    `seen` are the members with some input of the criterion at the time point, and at the baseline where it compares;
    `no_baseline` those who were seen at the time point and have nothing to be compared with.
    """

    rule: str
    met: Truth
    not_met: Truth
    open: Truth
    seen: Truth
    no_baseline: Truth


def judged(cohort: Cohort, criterion: str, *, baseline: str, time_point: str) -> Judged:
    """Return what a criterion says of the members at a time point, with the values at `baseline` as those before."""
    asked = criteria()[criterion]
    places = [cohort.definition.place(name) for name in (baseline, time_point)]
    before, now = ({name: cohort.values(name)[place] for name in asked.inputs} for place in places)
    said: Judgement = asked.over(now, before=before)
    seen = np.any([now[name].known for name in asked.inputs], axis=0)
    there = seen.copy()
    if asked.against == BASELINE:
        seen &= np.any([before[name].known for name in asked.inputs], axis=0)
    met = said.met.certain & seen
    not_met = ~said.met.possible & seen
    return Judged(said.rule, met, not_met, seen & ~met & ~not_met, seen, there & ~seen)
