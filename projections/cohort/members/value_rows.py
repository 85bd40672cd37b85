"""Which visit gives the value of a measure that stands for a member at a time point."""

from __future__ import annotations

import numpy as np

from projections.clinical.visit_values import COMPUTED_OF_DAYS, NO_VALUE, REPORTED, CriterionInputs
from projections.cohort.members.visit_windows import Candidates
from projections.columns.coded import Rows


def value_rows(inputs: CriterionInputs, visits: Candidates, measure: str) -> Rows:
    """Return the visit whose value of a measure stands for each member at each time point, -1 for none.

    Of several on the preferred day a computed value comes before a reported one, and that before a prorated one.
    """
    rows = visits.chosen(inputs[measure].known)
    if not inputs.days.several:
        return rows
    day, origins = inputs.days.of_visit, inputs.origins(measure)
    for better in (REPORTED, COMPUTED_OF_DAYS):
        preferred = visits.chosen((origins != NO_VALUE) & (origins <= better))
        same_day = (preferred >= 0) & (day[preferred] == day[rows])
        rows = np.where(same_day, preferred, rows)
    return rows
