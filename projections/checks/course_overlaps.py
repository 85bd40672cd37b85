"""Courses of treatment that cannot all be as they are stated: two at once, or open ones that a later one has followed.

Partial days count against a warning: courses overlap where the later one began, at the latest, before the earlier one
ended, at the earliest; on the day of the stop itself another may begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.checks.findings import FINDINGS, findings
from projections.columns.coded import Codes, Rows, Truth, in_order, moments
from projections.columns.partial_days import FOREVER
from projections.therapy.drug_courses import DrugCourses

if TYPE_CHECKING:
    from projections.checks.checked_facts import CheckedFacts

NEVER: Final = -(1 << 62)  # before every moment
Pairs = tuple[Rows, Rows]  # a course that is doubted, and the one that it is doubted beside


def of_one_agent(checked: CheckedFacts) -> Any:
    """Return the courses that began while an earlier one of the same agent went on."""
    courses = checked.courses
    everyone = np.ones(len(courses.started), dtype=bool)
    return _told(courses, _during(courses, courses.histories, judged=everyone, beside=everyone))


def of_two_targeted(checked: CheckedFacts) -> Any:
    """Return the courses of a targeted therapy that began while an earlier one of another went on."""
    courses = _targeted(checked)
    found = [_during(courses, courses.patient.codes, judged=own, beside=~own) for own in _by_agent(courses)]
    return pa.concat_tables([FINDINGS.empty_table(), *(_told(courses, pairs) for pairs in found)])


def overtaken(checked: CheckedFacts) -> Any:
    """Return the open courses after whose start another of the agent began, or one of another targeted therapy."""
    courses = checked.courses
    everyone = np.ones(len(courses.started), dtype=bool)
    own = _after(courses, courses.histories, judged=courses.ongoing, beside=everyone)
    targeted = _targeted(checked)
    others = [
        _after(targeted, targeted.patient.codes, judged=own & targeted.ongoing, beside=~own)
        for own in _by_agent(targeted)
    ]
    told = [_open(courses, own), *(_open(targeted, pairs) for pairs in others)]
    return pa.concat_tables([FINDINGS.empty_table(), *told])


def _targeted(checked: CheckedFacts) -> DrugCourses:
    """Return the courses of targeted therapies, by patient and start."""
    courses, targeted = checked.courses, checked.facts.catalogue.targeted
    wanted = np.array([name in targeted for name in courses.agent.words.to_pylist()], dtype=bool)
    rows = np.flatnonzero(wanted[courses.agent.codes])
    keys = courses.patient.codes[rows], courses.started[rows], courses.stopped[rows], courses.reference[rows]
    return courses.take(rows[in_order(*keys)])


def _by_agent(courses: DrugCourses) -> Iterator[Truth]:
    """Yield the courses of each agent."""
    for code in np.unique(courses.agent.codes):
        yield courses.agent.codes == code


def _during(courses: DrugCourses, group: Codes, *, judged: Truth, beside: Truth) -> Pairs:
    """Return the judged courses that began during another of their group, beside the one of these that ended last.

    Rows are by group and start. An open course is one that was overtaken, unless both began on the same day.
    """
    closed = beside & ~courses.ongoing
    other = _last_before(np.where(closed, moments(group, courses.stopped_from), NEVER))
    during = judged & (other >= 0) & (group[other] == group) & (courses.started_by < courses.stopped_from[other])
    twin = _last_before(np.where(beside & courses.ongoing, moments(group, courses.started), NEVER))
    whole = courses.started == courses.started_by
    twins = judged & (twin >= 0) & (group[twin] == group) & (courses.started[twin] == courses.started) & whole
    rows = np.flatnonzero(during | twins)
    return rows, np.where(during, other, twin)[rows]


def _after(courses: DrugCourses, group: Codes, *, judged: Truth, beside: Truth) -> Pairs:
    """Return the judged courses after which, at the latest, another of their group began, beside the first of these."""
    others, rows = np.flatnonzero(beside), np.flatnonzero(judged)
    began = moments(group[others], courses.started[others])
    place = np.searchsorted(began, moments(group[rows], courses.started_by[rows]), side="right")
    first = np.append(others, -1)[place]
    later = (first >= 0) & (group[first] == group[rows])
    return rows[later], first[later]


def _last_before(moment: npt.NDArray[np.int64]) -> Rows:
    """Return for each row the one before it with the greatest moment, -1 where none has one."""
    greatest = np.maximum.accumulate(moment)
    place = np.maximum.accumulate(np.where((moment == greatest) & (moment > NEVER), np.arange(len(moment)), -1))
    return np.append(-1, place)[: len(moment)]


def _told(courses: DrugCourses, pairs: Pairs) -> Any:
    rows, others = pairs
    until = np.minimum(courses.stopped[rows], courses.stopped[others])
    says = [
        f"{'open' if day == FOREVER else f'{day - start} days'} together with {other}"
        for day, start, other in zip(until, courses.started[rows], _references(courses, others))
    ]
    return _findings(courses, rows, says, on="started_on")


def _open(courses: DrugCourses, pairs: Pairs) -> Any:
    rows, others = pairs
    return _findings(
        courses, rows, [f"open; then began {other}" for other in _references(courses, others)], on="stopped_on"
    )


def _findings(courses: DrugCourses, rows: Rows, says: list[str], *, on: str) -> Any:
    doubted = courses.facts.take(pa.array(rows))
    return findings(patient=doubted["patient"], reference=doubted["fact"], on=[on] * len(rows), says=says)


def _references(courses: DrugCourses, rows: Rows) -> list[str]:
    references: list[str] = courses.facts["fact"].take(pa.array(rows)).to_pylist()
    return references
