"""The courses that began before a day of each member, as day 0: whether they cover it, and whether they had failed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from projections.cohort.members.cohort import Cohort
from projections.columns.partial_days import Days
from projections.therapy.drug_courses import drug_courses
from registry.catalogue.therapy_lines import is_failure


class PriorCourse(NamedTuple):
    """A course of a member, by row, that began before a day: whether it covers it, and whether it ended before as a
    failure.
    """

    member: int
    agent: str
    covers: bool
    failed: bool


def prior_courses(cohort: Cohort, days: Days, *, given: Collection[str] | None = None) -> Iterator[PriorCourse]:
    """Yield the courses, of all agents or those `given`, that began before a day of each member, in days since 1970.

    Partial days count as the definition says of observed time.
    """
    courses = drug_courses(cohort.facts, given, partial=cohort.definition.observed.observation.partial)
    agents, reasons = (courses.facts[name].to_pylist() for name in ("agent", "stop_reason"))
    for member, course in zip(*(each.tolist() for each in cohort.admitted.rows_of(courses.patient))):
        day, stopped = int(days[member]), int(courses.stopped[course])
        if courses.started[course] < day:
            failed = stopped < day and is_failure(reasons[course]) is True
            yield PriorCourse(member, agents[course], stopped >= day, failed)
