"""Who is on the drug of day 0 on a day: from day 0 to the last day of its episode, bridged gaps included.

`lag` more days after the stop count as on the drug: what is found at a visit the day after the last dose is what the
drug has done. Where day 0 begins no treatment, everybody counts as on it.
"""

from __future__ import annotations

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Truth
from projections.columns.partial_days import FOREVER, Days


def on_drug(cohort: Cohort, day: Days, *, lag: int) -> Truth:
    """Return whether each member is on the drug on a day of the own, in days since 1970, or within `lag` days after."""
    if not cohort.definition.day_zero.starts_treatment:
        return np.ones(cohort.n, dtype=bool)
    on: Truth = (day >= cohort.day_zero) & ((cohort.stopped == FOREVER) | (day <= cohort.stopped + lag))
    return on
