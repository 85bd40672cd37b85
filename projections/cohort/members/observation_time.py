"""From when to when the members of a cohort are under observation, counted from day 0.

Observation begins on day 0, or with the enrolment where that is later; it ends as follow-up does: on its last day, else
on `as_of`, else on the day on which the patient was last seen. Who was seen last before day 0 is observed for 0 days.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.columns.coded import coded
from projections.therapy.follow_up import Observed, observed


def observation_times(cohort: Cohort) -> Observed:
    """Return the members under observation, in the order of the cohort's members."""
    everybody = observed(cohort.facts)
    members = coded(pa.array(cohort.members, pa.string()))
    rows = everybody.rows_of(members)
    began = np.maximum(everybody.began[rows], cohort.day_zero)
    return Observed(members, began, np.maximum(everybody.ended[rows], began))
