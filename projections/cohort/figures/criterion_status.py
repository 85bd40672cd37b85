"""Whether the members of a cohort meet a criterion at a time point, judged against their values at another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Truth
from registry.catalogue.criteria import criteria
from registry.catalogue.criteria.criterion import BASELINE
from registry.catalogue.instruments.truths import Truths


class CriterionStatus(NamedTuple):
    """Whether each member meets a criterion at a time point; of those who were not seen it cannot be said.

    `seen` are the members with some input of the criterion at the time point, and at the baseline where it compares;
    `no_baseline` those who were seen at the time point and have nothing to be compared with.
    """

    rule: str
    met: Truths
    seen: Truth
    no_baseline: Truth

    @property
    def open(self) -> Truth:
        """Of whom it cannot be said although they were seen: missing values could turn the answer."""
        return self.seen & ~self.met.known


def criterion_status(cohort: Cohort, criterion: str, *, baseline: str, time_point: str) -> CriterionStatus:
    """Return whether the members meet a criterion at a time point, with the values at `baseline` as those before."""
    asked = criteria()[criterion]
    places = [cohort.definition.place(name) for name in (baseline, time_point)]
    before, now = ({name: cohort.values(name)[place] for name in asked.inputs} for place in places)
    judgement = asked.over(now, before=before)
    seen = np.any([now[name].known for name in asked.inputs], axis=0)
    there = seen.copy()
    if asked.against == BASELINE:
        seen &= np.any([before[name].known for name in asked.inputs], axis=0)
    met = Truths(judgement.met.certain & seen, judgement.met.possible | ~seen)
    return CriterionStatus(judgement.rule, met, seen, there & ~seen)
