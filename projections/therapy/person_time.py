"""Person-time: how many days of each observed span belong to a part of it, and who is counted in that part.

A course covers its first and its last day, and gaps between courses are not bridged: bridging makes episodes. Lengths
are differences of days. So a patient can have a day in a part and no time in it: somebody who was seen on one day only,
or whose courses begin and end on one day each, as where each dose is a row. Who has a day in a part is counted in it,
be it with 0 days: a dose was given, and a flare on that day is one on treatment.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from projections.columns.coded import Rows, Truth, in_order, summed
from projections.columns.partial_days import Days
from projections.observation.observed_spans import DAYS_IN_A_YEAR, ObservedSpans
from projections.therapy.drug_courses import DrugCourses, days_covered, drug_courses

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class PersonTime(NamedTuple):
    """A part of observed time: of each span the days that lie in it, and whether any does, be it without time."""

    spans: ObservedSpans
    by_span: Days
    has_a_day: Truth

    @property
    def days(self) -> int:
        """The days of all patients together."""
        return int(self.by_span.sum())

    @property
    def years(self) -> float:
        """The days of all patients together / 365.25."""
        return self.days / DAYS_IN_A_YEAR

    @property
    def n_patients(self) -> int:
        """How many patients have a day in the part."""
        return self.spans.take(np.flatnonzero(self.has_a_day)).n_patients

    def rest(self) -> PersonTime:
        """Return the rest of the spans; a span without time is in the rest where nothing of it is in the part."""
        days = self.spans.days - self.by_span
        return PersonTime(self.spans, days, (days > 0) | ~self.has_a_day)


def whole(spans: ObservedSpans) -> PersonTime:
    """Return all observed time."""
    return PersonTime(spans, spans.days, np.ones(len(spans.began), dtype=bool))


def exposure(spans: ObservedSpans, courses: DrugCourses) -> PersonTime:
    """Return the observed time that courses cover; where several cover a day, it counts once."""
    course, span = spans.joined(courses.patient)
    order = in_order(span, courses.started[course])
    return covered(spans, courses.take(course[order]), span[order])


def covered(spans: ObservedSpans, courses: DrugCourses, span: Rows) -> PersonTime:
    """Return the observed time that courses cover, each in the span of the row beside it, by span and start."""
    began, ended = spans.began[span], spans.ended[span]
    added = days_covered(span, np.clip(courses.started, began, ended), np.clip(courses.stopped, began, ended))
    has_a_day = np.zeros(len(spans.began), dtype=bool)
    has_a_day[span[_within(spans, courses, span)]] = True
    return PersonTime(spans, summed(added, span, n=len(spans.began)), has_a_day)


def courses_of_one_day(facts: Facts, spans: ObservedSpans, agents: Collection[str] | None = None) -> int:
    """Return how many courses begin and end on one day of the spans, and so have no time; of all agents or of some."""
    courses = drug_courses(facts, agents, partial=spans.partial)
    courses = courses.take(np.flatnonzero(courses.started == courses.stopped))
    course, span = spans.joined(courses.patient)
    return len(np.unique(course[_within(spans, courses.take(course), span)]))


def _within(spans: ObservedSpans, courses: DrugCourses, span: Rows) -> Truth:
    """Return which courses have a day in the span beside them."""
    within: Truth = (courses.started <= spans.ended[span]) & (courses.stopped >= spans.began[span])
    return within
