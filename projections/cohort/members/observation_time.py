"""From when to when the members of a cohort are under observation, counted from day 0.

Their observed spans (`observed_spans`) from day 0 on, by what the definition says of observed time; of a member whose
patient has a next day 0 until then: what happens on that day belongs to the next row. Who was seen last before day 0
has none.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.members import Members
from projections.columns.arrow import ArrowArray
from projections.columns.coded import Rows, Truth, coded, summed
from projections.columns.partial_days import FOREVER, Days
from projections.observation.observed_spans import ObservedSpans, observed_spans


class ObservationTimes(NamedTuple):
    """The observed spans of the members by member and day; `member` is the row of each span's.

    `since` is the day from which on each member's time counts: day 0, or a day after it.
    """

    spans: ObservedSpans
    member: Rows
    members: Members
    since: Days

    @property
    def days(self) -> Days:
        """How many days each member was observed, all spans together."""
        return summed(self.spans.days, self.member, n=len(self.since))

    def until_first(self, member: Rows, day: Days) -> ObservedSpans:
        """Return the spans up to the first of the events of each member; what comes after it has no days."""
        first = np.full(len(self.since), FOREVER, dtype=np.int64)
        np.minimum.at(first, member, day)
        return self.spans.until(np.maximum(first[self.member], self.spans.began))

    def until(self, last: Days) -> Self:
        """Return what of the spans lies on or before a day of each member, in days since 1970."""
        there = np.flatnonzero(self.spans.began <= last[self.member])
        spans, member = self.spans.take(there), self.member[there]
        return self._replace(spans=spans.until(last[member]), member=member)

    def of(self, patients: ArrowArray, day: Days) -> Rows:
        """Return the member whom each event, of a patient on a day, befell while observed; -1 where none."""
        return np.append(self.member, -1)[self.spans.at(coded(patients), day)]

    def outside(self, patients: ArrowArray, day: Days) -> Truth:
        """Return which events befell a member when time counts for it, and outside observed time."""
        member, row = self.members.rows_of(coded(patients))
        counts = np.zeros(len(day), dtype=bool)
        counts[row[(day[row] >= self.since[member]) & (day[row] < self.members.until[member])]] = True
        outside: Truth = counts & (self.spans.at(coded(patients), day) < 0)
        return outside


def spans_of_everybody(cohort: Cohort) -> ObservedSpans:
    """Return the observed spans of all patients by what the definition says of observed time.

    Raises as `observed_spans` does.
    """
    observation = cohort.definition.observed.observation
    return cohort.once_of_facts(("observed spans", observation), lambda: observed_spans(cohort.facts, observation))


def observed_on(cohort: Cohort, day: Days) -> Truth:
    """Return which members were observed on a day of each, within the time of their row. Raises as `observed_spans`."""
    held = spans_of_everybody(cohort).holds(coded(pa.array(cohort.members, pa.string())), day)
    return held & (day <= cohort.admitted.until)


def observation_times(cohort: Cohort, *, since: int = 0) -> ObservationTimes:
    """Return the observed spans of the members from day 0 on, or from a day after it.

    Raises as `observed_spans` does.
    """
    return cohort.once(("observation times", since), lambda: _observation_times(cohort, since))


def _observation_times(cohort: Cohort, later: int) -> ObservationTimes:
    members, since = cohort.admitted, cohort.day_zero + later
    every = spans_of_everybody(cohort)
    member, span = every.joined(coded(pa.array(members.patients, pa.string())))
    first, until = since[member], members.until[member]
    there = np.flatnonzero(np.maximum(every.began[span], first) <= np.minimum(every.ended[span], until))
    member, spans, first, until = member[there], every.take(span[there]), first[there], until[there]
    spans = spans._replace(
        began=np.maximum(spans.began, first),
        ended=np.minimum(spans.ended, until),
        later=spans.began > first,
        handed_on=spans.ended >= until,
    )
    return ObservationTimes(spans, member, members, since)


def time_at_risk(cohort: Cohort) -> ObservationTimes:
    """Return the observed time of the members in which events count: from the landmark on, if groups have one.

    Where groups are of the treatment of day 0 it ends with that. Raises as `observed_spans` does.
    """
    return cohort.once("time at risk", lambda: _time_at_risk(cohort))


def _time_at_risk(cohort: Cohort) -> ObservationTimes:
    definition = cohort.definition
    observed = observation_times(cohort, since=definition.landmark)
    if definition.groups is None or not definition.groups.of_drug:
        return observed
    return observed.until(cohort.stopped)


def period(cohort: Cohort) -> str:
    """Return from when on events count, as the time point of their figures."""
    return f"from day {cohort.definition.landmark}"


def end_told(cohort: Cohort) -> str:
    """Return until when events count."""
    groups = cohort.definition.groups
    return "the end of observation" + (" or of the treatment of day 0" if groups and groups.of_drug else "")


def on_drug_told(cohort: Cohort) -> str:
    """Return what is said of time that ends with the treatment of day 0; nothing where it does not."""
    groups = cohort.definition.groups
    return " on the treatment of day 0" if groups and groups.of_drug else ""


def outside_told(cohort: Cohort, n: int) -> str:
    """Return how many events lay outside the time that counts as a note goes on; nothing for none."""
    off = "off the treatment of day 0 or " if on_drug_told(cohort) else ""
    return f"; {n} {off}outside observed time" if n else ""


def entered_late(cohort: Cohort) -> Truth:
    """Return whose day 0 lies in no observed span: nobody was there to see what became of them from then on."""
    spans = spans_of_everybody(cohort)
    members, span = spans.joined(coded(pa.array(cohort.members, pa.string())))
    inside = (spans.began[span] <= cohort.day_zero[members]) & (cohort.day_zero[members] <= spans.ended[span])
    late = np.ones(cohort.n, dtype=bool)
    late[members[inside]] = False
    return late
