"""The time of follow-up in which no immunomodulating agent was given, and what was given last before it.

Follow-up of each patient falls into time on treatment, which some course covers, and periods off treatment between. A
period has the agent that was stopped at its beginning; one before any stop has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from projections.columns.coded import Codes, Rows, in_order
from projections.therapy.drug_courses import Covering, Days, DrugCourses, covered_until, drug_courses, immunomodulating
from projections.therapy.follow_up import Observed, observed

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Periods(NamedTuple):
    """Periods off treatment: the patient's row among those observed, first and last day, the course stopped before.

    Days are since 1970 and within follow-up; `course` is -1 where nothing was stopped before.
    """

    patient: Rows
    began: Days
    ended: Days
    course: Rows


class Treated(NamedTuple):
    """Patients under observation, their courses of immunomodulating agents, and what these cover.

    `row` is the patient of each course among those observed.
    """

    patients: Observed
    courses: DrugCourses
    row: Rows
    covering: Covering

    @classmethod
    def at(cls, facts: Facts) -> Treated:
        """Return who was treated with immunomodulating agents at the point in time."""
        return cls.of(facts, observed(facts))

    @classmethod
    def of(cls, facts: Facts, patients: Observed) -> Treated:
        """Return the same of some patients, or of other days of observation."""
        courses = drug_courses(facts, immunomodulating())
        row = patients.rows_of(courses.patient)
        known = np.flatnonzero(row >= 0)
        known = known[in_order(row[known], courses.started[known], courses.stopped[known], courses.reference[known])]
        courses, row = courses.take(known), row[known]
        return cls(patients, courses, row, Covering.of(row, courses))

    def agents(self, courses: Rows) -> Codes:
        """Return the agent of each course, by its row, as a code into `courses.agent.words`; -1 where there is none."""
        return np.append(self.courses.agent.codes, np.int32(-1))[courses]

    def periods(self) -> Periods:
        """Return the periods off treatment within follow-up, by patient and day.

        Its first and its last day stand between the courses as if something were given on them alone.
        """
        everybody = np.arange(len(self.patients.began))
        row = np.concatenate([self.row, everybody, everybody])
        started = np.concatenate([self.courses.started, self.patients.began, self.patients.ended])
        stopped = np.concatenate([self.courses.stopped, self.patients.began, self.patients.ended])
        order = in_order(row, started)
        row, started = row[order], started[order]
        reached, alone = covered_until(row, stopped[order])
        within = (reached >= self.patients.began[row]) & (started <= self.patients.ended[row])
        off = np.flatnonzero(~alone & within & (reached < started))
        patient, began = row[off], reached[off]
        return Periods(patient, began, started[off], self.covering.last_stopped(patient, began))
