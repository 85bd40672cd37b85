"""With which visit a visit after a stop is compared: the last one on the drug, or the first.

The drug of a visit is the immunomodulating agent of the course stopped last before it. Visits on the drug are those
from the first day of the course to its last, and `grace_days` more: a visit on the day after the last dose of a drug
given daily still shows its effect, as week 12 of the anakinra study does. A visit on the drug, or on another one
begun since, is `on_drug`. Partial starts and stops count as `partial_days` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from projections.columns.coded import Rows, Truth, coded_alike, day_numbers, moments
from projections.columns.partial_days import FOREVER
from projections.therapy.drug_courses import Covering, DrugCourses, drug_courses
from registry.errors import RangeError

if TYPE_CHECKING:
    from projections.point_in_time import Facts

Reference = Literal["last-on-drug", "baseline"]
REFERENCES: Final[tuple[Reference, ...]] = ("last-on-drug", "baseline")
GRACE_DAYS: Final = 1


class References(NamedTuple):
    """For each visit the course stopped last before it, the visit to compare it with, and the one before.

    `course` is a row of `courses`, `visit` and `previous` are rows of the visits; all are -1 where there is none.
    `previous` is a visit off drugs after the same stop. `on_drug` says whether a drug was given at the visit.
    """

    courses: DrugCourses
    course: Rows
    visit: Rows
    previous: Rows
    on_drug: Truth


def references(
    facts: Facts, visits: Any, *, reference: Reference = "last-on-drug", grace_days: int = GRACE_DAYS
) -> References:
    """Return with what each of the visits, given by patient, day and reference, is compared.

    Raises `RangeError` for negative `grace_days`.
    """
    if grace_days < 0:
        raise RangeError("grace_days", grace_days, "0 days or more")
    courses = drug_courses(facts, facts.catalogue.immunomodulating)
    patient, of_course = coded_alike(visits["patient"], courses.facts["patient"])
    day = day_numbers(visits["visited_on"]).astype(np.int64)
    until = np.where(courses.ongoing, FOREVER, courses.stopped + grace_days)
    covering = Covering.of(of_course, courses._replace(stopped=until))
    on_drug = covering.covers(patient, day)
    course = covering.last_stopped(patient, day - 1)
    began, over = (np.append(days, 0)[course] for days in (courses.started, until))
    at = moments(patient, day)
    if reference == "baseline":
        visit = np.searchsorted(at, moments(patient, began))
    else:
        visit = np.searchsorted(at, moments(patient, over), side="right") - 1
    there = np.append(at, -1)[np.clip(visit, -1, len(at))]
    found = (course >= 0) & (there >= moments(patient, began)) & (there <= moments(patient, over))
    return References(
        courses=courses,
        course=course,
        visit=np.where(found, visit, -1),
        previous=_previous(course, off=(course >= 0) & ~on_drug),
        on_drug=on_drug,
    )


def _previous(course: Rows, *, off: Truth) -> Rows:
    """Return the visit off drugs before each, after the same stop."""
    rows = np.flatnonzero(off)
    follows = course[rows[1:]] == course[rows[:-1]]
    previous = np.full(len(course), -1)
    previous[rows[1:][follows]] = rows[:-1][follows]
    return previous
