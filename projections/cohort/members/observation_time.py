"""From when to when the members of a cohort are under observation, counted from day 0.

Their observed spans (`observed_spans`) from day 0 on, by what the definition says of observed time. Who was seen last
before day 0 has none.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.day_zero import member_rows
from projections.columns.arrow import ArrowArray
from projections.columns.coded import Rows, Truth, coded, summed
from projections.columns.partial_days import Days
from projections.observation.observed_spans import ObservedSpans, observed_spans


class ObservationTimes(NamedTuple):
    """The observed spans of the members from day 0 on, by member and day; `member` is the row of each span's."""

    spans: ObservedSpans
    member: Rows
    members: list[str]
    day_zero: Days

    @property
    def days(self) -> Days:
        """How many days each member was observed, all spans together."""
        return summed(self.spans.days, self.member, n=len(self.members))

    def until(self, last: Days) -> Self:
        """Return what of the spans lies on or before a day of each member, in days since 1970."""
        there = np.flatnonzero(self.spans.began <= last[self.member])
        spans, member = self.spans.take(there), self.member[there]
        return self._replace(spans=spans._replace(ended=np.minimum(spans.ended, last[member])), member=member)

    def of(self, patients: ArrowArray, day: Days) -> Rows:
        """Return the member whom each event, of a patient on a day, befell while observed; -1 where none."""
        return np.append(self.member, -1)[self.spans.at(coded(patients), day)]

    def outside(self, patients: ArrowArray, day: Days) -> Truth:
        """Return which events befell a member on day 0 or later, and outside observed time."""
        whose = member_rows(coded(patients), self.members)
        since = (whose >= 0) & (day >= np.append(self.day_zero, 0)[whose])
        outside: Truth = since & (self.spans.at(coded(patients), day) < 0)
        return outside


def observation_times(cohort: Cohort) -> ObservationTimes:
    """Return the observed spans of the members from day 0 on. Raises as `observed_spans` does."""
    members, day_zero = cohort.members, cohort.day_zero
    spans = observed_spans(cohort.facts, cohort.definition.observed.observation)
    spans = spans.after(coded(pa.array(members, pa.string())), day_zero)
    return ObservationTimes(spans, member_rows(spans.patient, members), members, day_zero)


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
