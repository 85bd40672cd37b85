"""How long the treatment of day 0 was kept, and in which stretches of it each member was under observation.

A stretch goes from day 0, or from the day on which a later observed span opens, to the end of the span or the stop,
whichever comes first. A treatment that ends in no span is censored at the end of the span before; one that ends on the
day on which a later span opens ends nowhere: that it had ended may be what brought the patient back.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import ObservationTimes, observation_times
from projections.columns.coded import Rows, Truth
from projections.columns.partial_days import FOREVER, Days
from projections.observation.deaths import ended_by_death
from projections.statistics.late_entry import Entry
from registry.catalogue.therapy_lines import DIED, UNKNOWN, ends_retention

ONGOING = "ongoing"


class Stretches(NamedTuple):
    """Stretches at risk by member and day: from when to when, in days after day 0, and why the treatment ended then.

    `why` is None where it did not end with the stretch.
    """

    member: Rows
    entry: Days
    exit: Days
    why: npt.NDArray[np.object_]

    @property
    def n_members(self) -> int:
        """How many members are at risk at all."""
        return len(np.unique(self.member))

    @property
    def n_late(self) -> int:
        """How many of them come under observation after day 0."""
        return self.n_members - int((self.entry == 0).sum())

    def at_risk(self, day: int) -> int:
        """Return how many are at risk on a day after day 0."""
        return int(((self.entry < day) & (self.exit >= day)).sum())

    def entries(self, *, from_day: int = 0) -> Entry:
        """Return who enters when, as the statistics want it."""
        return Entry(self.entry, self.member, from_day)

    def ended(self, *, censor: Collection[str], death_ends: bool) -> Truth:
        """Return which stretches end with an end of retention."""
        ends = [each is not None and ends_retention(each, censor=censor, death_ends=death_ends) for each in self.why]
        return np.array(ends, dtype=bool)


class DrugSurvival(NamedTuple):
    """How long each member's treatment was kept in days, why it ended (`ongoing` where it did not), the stretches.

    `days` of one that goes on reach to the end of observation. `outside` are those that ended at no observed time.
    """

    days: Days
    why: list[str]
    stretches: Stretches
    outside: Truth


def drug_survival(cohort: Cohort) -> DrugSurvival:
    """Return how long the treatment of day 0 of each member was kept, at the cohort's point in time.

    Raises as `observed_spans` does.
    """
    observed = observation_times(cohort)
    stretches = _stretches(cohort, observed)
    last = cohort.day_zero.copy()
    np.maximum.at(last, observed.member, observed.spans.ended)
    ended = np.where(cohort.stopped == FOREVER, last, cohort.stopped)
    why = [
        ONGOING if stop == FOREVER else reason or UNKNOWN
        for stop, reason in zip(cohort.stopped.tolist(), cohort.stop_reasons)
    ]
    outside = cohort.stopped != FOREVER
    for member, reason in zip(stretches.member.tolist(), stretches.why):
        if reason is not None:
            why[member], outside[member] = reason, False
    return DrugSurvival(ended - cohort.day_zero, why, stretches, outside)


def _stretches(cohort: Cohort, observed: ObservationTimes) -> Stretches:
    spans, member = observed.spans, observed.member
    day_zero, stopped = cohort.day_zero[member], cohort.stopped[member]
    began, ended = spans.began - day_zero, np.minimum(spans.ended, stopped) - day_zero
    there = np.flatnonzero(began <= ended)
    if cohort.definition.observed.entry == "from-start":
        first = there[np.unique(member[there], return_index=True)[1]]
        began[first] = 0
    there = there[(began[there] < ended[there]) | (began[there] == 0)]
    why = np.full(len(member), None, dtype=object)
    dying = ended_by_death(cohort.facts, spans)
    final = np.append(member[there][1:] != member[there][:-1], True)[: len(there)]
    for row in there[final].tolist():
        if stopped[row] == ended[row] + day_zero[row]:
            why[row] = cohort.stop_reasons[member[row]] or UNKNOWN
        elif dying[row]:
            why[row] = DIED
    return Stretches(member[there], began[there], ended[there], why[there])
