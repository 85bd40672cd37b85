"""From when to when the members of a cohort are under observation, counted from day 0.

Their observed spans (`observed_spans`) from day 0 on. Who was seen last before day 0 has none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.day_zero import member_rows
from projections.columns.arrow import ArrowArray
from projections.columns.coded import Rows, Truth, coded
from projections.columns.partial_days import Days
from projections.observation.observed_spans import ObservedSpans, observed_spans


class ObservationTimes(NamedTuple):
    """The observed spans of the members from day 0 on, by member and day; `member` is the row of each span's."""

    spans: ObservedSpans
    member: Rows

    def of(self, patients: ArrowArray, day: Days) -> Rows:
        """Return the member whom each event, of a patient on a day, befell while observed; -1 where none."""
        return np.append(self.member, -1)[self.spans.at(coded(patients), day)]


def observation_times(cohort: Cohort) -> ObservationTimes:
    """Return the observed spans of the members from day 0 on."""
    spans = observed_spans(cohort.facts).after(coded(pa.array(cohort.members, pa.string())), cohort.day_zero)
    return ObservationTimes(spans, member_rows(spans.patient, cohort.members))


def entered_late(cohort: Cohort) -> Truth:
    """Return whose day 0 lies in no observed span: nobody was there to see what became of them from then on."""
    spans = observed_spans(cohort.facts)
    members, span = spans.joined(coded(pa.array(cohort.members, pa.string())))
    inside = (spans.began[span] <= cohort.day_zero[members]) & (cohort.day_zero[members] <= spans.ended[span])
    late = np.ones(cohort.n, dtype=bool)
    late[members[inside]] = False
    return late
