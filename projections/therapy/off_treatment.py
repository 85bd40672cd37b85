"""The observed time in which no immunomodulating agent was given, and what was given last before it.

Each observed span falls into time on treatment, which some course covers, and periods off treatment between. A period
has the agent that was stopped at its beginning or before; one before any stop has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from projections.columns.coded import Codes, Rows, in_order
from projections.columns.partial_days import Days
from projections.observation.observed_spans import ObservedSpans
from projections.therapy.drug_courses import Covering, DrugCourses, covered_until, drug_courses
from projections.therapy.person_time import PersonTime, covered

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Periods(NamedTuple):
    """Periods off treatment: the row of the span, first and last day, the course stopped before.

    Days are since 1970 and within the span; `course` is -1 where nothing was stopped before.
    """

    span: Rows
    began: Days
    ended: Days
    course: Rows


class Treated(NamedTuple):
    """Observed spans, the courses of immunomodulating agents of their patients, and what these cover.

    Each course stands once for each span of its patient: `row` is that span.
    """

    spans: ObservedSpans
    courses: DrugCourses
    row: Rows
    covering: Covering

    @classmethod
    def of(cls, facts: Facts, spans: ObservedSpans) -> Treated:
        """Return who was treated with immunomodulating agents in the spans, partial days by the rule of the spans."""
        return cls.by(drug_courses(facts, facts.catalogue.immunomodulating, partial=spans.partial), spans)

    @classmethod
    def by(cls, courses: DrugCourses, spans: ObservedSpans) -> Treated:
        """Return who was treated in the spans by courses of immunomodulating agents."""
        course, span = spans.joined(courses.patient)
        order = in_order(span, courses.started[course], courses.stopped[course], courses.reference[course])
        courses, span = courses.take(course[order]), span[order]
        return cls(spans, courses, span, Covering.of(span, courses))

    def with_ends(self, spans: ObservedSpans) -> Treated:
        """Return the same of spans that end earlier; they are of the same patients, in the same order."""
        return self._replace(spans=spans)

    def agents(self, courses: Rows) -> Codes:
        """Return the agent of each course, by its row, as a code into `courses.agent.words`; -1 where there is none."""
        return np.append(self.courses.agent.codes, np.int32(-1))[courses]

    def on_treatment(self) -> PersonTime:
        """Return the observed time on treatment; its rest is the time off."""
        return covered(self.spans, self.courses, self.row)

    def periods(self) -> Periods:
        """Return the periods off treatment within the spans, by span and day.

        The first and the last day of a span stand between the courses as if something were given on them alone.
        """
        spans = np.arange(len(self.spans.began))
        row = np.concatenate([self.row, spans, spans])
        started = np.concatenate([self.courses.started, self.spans.began, self.spans.ended])
        stopped = np.concatenate([self.courses.stopped, self.spans.began, self.spans.ended])
        order = in_order(row, started)
        row, started = row[order], started[order]
        reached, alone = covered_until(row, stopped[order])
        within = (reached >= self.spans.began[row]) & (started <= self.spans.ended[row])
        off = np.flatnonzero(~alone & within & (reached < started))
        span, began = row[off], reached[off]
        return Periods(span, began, started[off], self.covering.last_stopped(span, began))
