"""From when to when the members of a cohort are under observation, counted from day 0.

Their observed spans (`observed_spans`) from day 0 on. Who was seen last before day 0 has none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.day_zero import member_rows
from projections.columns.coded import Rows, coded
from projections.columns.partial_days import Days
from projections.observation.observed_spans import ObservedSpans, observed_spans


class MembersObserved(NamedTuple):
    """The observed spans of the members from day 0 on, by member and day; `member` is the row of each span's."""

    spans: ObservedSpans
    member: Rows

    def of(self, patients: Any, day: Days) -> Rows:
        """Return the member whom each event, of a patient on a day, befell while observed; -1 where none."""
        return np.append(self.member, -1)[self.spans.at(coded(patients), day)]


def members_observed(cohort: Cohort) -> MembersObserved:
    """Return the observed spans of the members from day 0 on."""
    spans = observed_spans(cohort.facts).after(coded(pa.array(cohort.members, pa.string())), cohort.day_zero)
    return MembersObserved(spans, member_rows(spans.patient, cohort.members))
