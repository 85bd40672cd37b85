"""In which gaps of a treatment another targeted agent was begun: whoever changed drugs has not merely paused one."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Truth, coded_alike, combined, moments
from projections.columns.partial_days import Days
from projections.therapy.drug_courses import DrugCourses, covered_until


def begun_in_gaps(courses: DrugCourses, targeted: DrugCourses) -> Truth:
    """Return before which courses another agent was begun since the last day of what went before of their own agent.

    That day is included, the first day of the course is not. `targeted` are the courses of all agents that make lines,
    those of `courses` that do among them; a course of another agent begins it where there is a gap before, or none went
    before, as another dose does not. Before a course of what makes no line nothing counts.
    """
    before, alone = covered_until(courses.histories, courses.stopped)
    other_before, other_alone = covered_until(targeted.histories, targeted.stopped)
    begin = np.flatnonzero(other_alone | (targeted.started - other_before > 1))
    columns = [coded_alike(courses.facts[name], targeted.facts[name]) for name in ("patient", "agent")]
    (patient, patients), (agent, agents) = columns
    pairs = np.split(combined(np.append(patient, patients), np.append(agent, agents)), [len(patient)])
    of_all = _begun((patient, patients[begin]), targeted.started[begin], (before, courses.started))
    of_own = _begun((pairs[0], pairs[1][begin]), targeted.started[begin], (before, courses.started))
    begun: Truth = ~alone & (courses.started > before) & np.isin(agent, agents) & (of_all > of_own)
    return begun


def _begun(groups: tuple[npt.NDArray[Any], npt.NDArray[Any]], days: Days, between: tuple[Days, Days]) -> Days:
    """Return how many of the days, each of a group, lie between two days of each other group: the first is included."""
    own, theirs = groups
    sorted_days = np.sort(moments(theirs, days))
    first, last = (np.searchsorted(sorted_days, moments(own, day)) for day in between)
    return np.asarray(last - first, dtype=np.int64)
