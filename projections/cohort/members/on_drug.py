"""Who is on the drug of day 0 on a day: from day 0 to the last day of its episode, bridged gaps included.

`lag` more days after the stop count as on the drug: what is found at a visit the day after the last dose is what the
drug has done. Where day 0 begins no treatment, everybody counts as on it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Truth
from projections.columns.partial_days import FOREVER, Days
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatment_episodes import episodes_of


def on_drug(cohort: Cohort, day: Days, *, lag: int) -> Truth:
    """Return whether each member is on the drug on a day of the own, in days since 1970, or within `lag` days after."""
    if not cohort.definition.day_zero.starts_treatment:
        return np.ones(cohort.n, dtype=bool)
    ends = cohort.once("episode ends", lambda: episode_ends(cohort))
    on: Truth = (day >= cohort.day_zero) & ((ends == FOREVER) | (day <= ends + lag))
    return on


def episode_ends(cohort: Cohort) -> Days:
    """Return the last day of the episode to which the course of day 0 belongs, FOREVER while it goes on."""
    courses = drug_courses(cohort.facts)
    found = episodes_of(courses)
    place = pc.index_in(
        pa.array(cohort.admitted.courses, pa.string()), value_set=courses.facts["fact"].combine_chunks()
    )
    return np.asarray(courses.stopped[found.last[found.of]][place.to_numpy()], dtype=np.int64)
