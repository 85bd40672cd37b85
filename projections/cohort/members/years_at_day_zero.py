"""How old members were on day 0, and how long they had had what began before it, in years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, Final

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.durations import age, duration
from projections.columns.coded import EPOCH

YEARS_SINCE: Final[dict[str, tuple[str, Callable[..., Any]]]] = {  # of the enrolment, and how years are counted from it
    "age": ("birth_year", age),
    "symptom_duration": ("symptom_onset", duration),
    "disease_duration": ("diagnosed_on", duration),
}


def years_at_day_zero(cohort: Cohort, name: str) -> list[Fraction | None]:
    """Return one of `YEARS_SINCE` of each member on day 0, by the definition's convention.

    None of whom it is not known, and of what had not begun by then.
    """
    column, years = YEARS_SINCE[name]
    convention = cohort.options.duration
    found = []
    for patient, day in zip(cohort.members, cohort.day_zero.tolist()):
        since = cohort.enrolment[patient][column]
        passed = None if since is None else years(since, date.fromordinal(day + EPOCH), convention)
        found.append(None if passed is None or passed < 0 else passed)
    return found
