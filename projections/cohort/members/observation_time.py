"""From when to when the members of a cohort are under observation, counted from day 0.

Their observed spans (`observed_spans`) from day 0 on, by what the definition says of observed time; of a member whose
patient has a next day 0 until then. Who was seen last before day 0 has none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.members import Members
from projections.columns.arrow import ArrowArray
from projections.columns.coded import Rows, Truth, coded, summed
from projections.columns.partial_days import Days
from projections.observation.observed_spans import ObservedSpans, observed_spans


class ObservationTimes(NamedTuple):
    """The observed spans of the members from day 0 on, by member and day; `member` is the row of each span's."""

    spans: ObservedSpans
    member: Rows
    members: Members

    @property
    def days(self) -> Days:
        """How many days each member was observed, all spans together."""
        return summed(self.spans.days, self.member, n=len(self.members.patients))

    def of(self, patients: ArrowArray, day: Days) -> Rows:
        """Return the member whom each event, of a patient on a day, befell while observed; -1 where none."""
        return np.append(self.member, -1)[self.spans.at(coded(patients), day)]

    def outside(self, patients: ArrowArray, day: Days) -> Truth:
        """Return which events befell a member on day 0 or later, and outside observed time."""
        member, row = self.members.rows_of(coded(patients))
        since = np.zeros(len(day), dtype=bool)
        since[row[day[row] >= self.members.day_zero[member]]] = True
        outside: Truth = since & (self.spans.at(coded(patients), day) < 0)
        return outside


def observation_times(cohort: Cohort) -> ObservationTimes:
    """Return the observed spans of the members from day 0 on. Raises as `observed_spans` does."""
    return cohort.once("observation times", lambda: _observation_times(cohort))


def _observation_times(cohort: Cohort) -> ObservationTimes:
    members = cohort.admitted
    every = observed_spans(cohort.facts, cohort.definition.observed.observation)
    member, span = every.joined(coded(pa.array(members.patients, pa.string())))
    day_zero, until = members.day_zero[member], members.until[member]
    there = np.flatnonzero((every.ended[span] >= day_zero) & (every.began[span] <= until))
    member, spans = member[there], every.take(span[there])
    since = day_zero[there]
    spans = spans._replace(
        began=np.maximum(spans.began, since),
        ended=np.minimum(spans.ended, until[there]),
        later=spans.began > since,
    )
    return ObservationTimes(spans, member, members)


def outside_told(n: int) -> str:
    """Return how many events lay outside observed time as a note goes on; nothing for none.

    >>> outside_told(2), outside_told(0)
    ('; 2 outside observed time', '')
    """
    return f"; {n} outside observed time" if n else ""


def entered_late(cohort: Cohort) -> Truth:
    """Return whose day 0 lies in no observed span: nobody was there to see what became of them from then on."""
    spans = observed_spans(cohort.facts, cohort.definition.observed.observation)
    members, span = spans.joined(coded(pa.array(cohort.members, pa.string())))
    inside = (spans.began[span] <= cohort.day_zero[members]) & (cohort.day_zero[members] <= spans.ended[span])
    late = np.ones(cohort.n, dtype=bool)
    late[members[inside]] = False
    return late
