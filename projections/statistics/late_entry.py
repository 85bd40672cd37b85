"""Who enters the risk set when: patients who come under observation after their day 0, or more than once.

At risk at t are those with entry < t ≤ exit; who enters on day 0 counts on day 0 too. What happened before an entry
was not seen, and who had stopped by then is not there to be counted: a curve is that of patients without the event at
the earliest entry (Klein JP, Moeschberger ML. Survival analysis, 2nd ed., 2003, section 4.6). Intervals are those of
counting processes (Kalbfleisch JD, Prentice RL. The statistical analysis of failure time data, 2nd ed., 2002; Therneau
TM, Grambsch PM. Modeling survival data, 2000), R's `Surv(entry, exit, event)`. Where they have to end, for a patient
who is not seen any more, is the caller's to say (Lesko CR et al. When to censor? Am J Epidemiol 2018;187:623–32).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.ordering import Floats, Numbers, doubles, equally_long

CENSORED: Final = 0

Counts = NDArray[np.int64]


class Entry(NamedTuple):
    """When each interval begins, on the clock and in the unit of its exit; by default each at 0.

    `patient` tells whose each interval is, where somebody may have several. `from_day` gives the conditional curve: of
    those at risk after it, given that nothing had happened by then; events on that day itself are left out.
    """

    days: Numbers | None = None
    patient: NDArray[Any] | None = None
    from_day: float = 0.0

    def only(self, kept: NDArray[np.bool_]) -> Entry:
        """Return the entries of some of the intervals."""
        days = None if self.days is None else doubles(self.days)[kept]
        return self._replace(days=days, patient=None if self.patient is None else np.asarray(self.patient)[kept])


AT_START: Final = Entry()


class Intervals(NamedTuple):
    """One row an interval in which a patient was at risk; causes are 0 where it ends without an event."""

    entries: Floats
    exits: Floats
    causes: Counts
    n_patients: int

    def at_risk(self, times: Floats) -> Counts:
        """Return how many are at risk just before each of the times."""
        left = np.searchsorted(np.sort(self.exits), times, side="left")
        late = np.sort(self.entries[self.entries > 0])
        counted: Counts = len(self.exits) - left - (len(late) - np.searchsorted(late, times, side="left"))
        return counted


def ever_at_risk(entries: Floats, exits: Floats) -> NDArray[np.bool_]:
    """Return which intervals hold a time at which their patient is at risk: one that is not empty, or is of day 0."""
    return np.asarray((entries < exits) | (entries == 0))


class _Rows(NamedTuple):
    entries: Floats
    exits: Floats
    causes: Counts
    whose: Counts

    def only(self, kept: NDArray[np.bool_] | Counts) -> _Rows:
        return _Rows(self.entries[kept], self.exits[kept], self.causes[kept], self.whose[kept])


def intervals(times: Numbers, causes: NDArray[np.integer] | NDArray[np.bool_], *, entry: Entry) -> Intervals:
    """Return the intervals in which patients were at risk: `times` are the exits, of 0 or more.

    An interval that ends on the day on which it opens, unless that is day 0, is never at risk, and its event counts
    nowhere. Intervals of a patient that touch are one.

    Raises:
        ValueError: for a time below 0, an entry below 0 or after its exit, intervals of one patient that overlap, and
            an event before another interval of its patient.
    """
    rows = _rows(times, causes, entry)
    if entry.patient is not None:
        rows = _joined(rows)
    rows = _at_risk(rows._replace(entries=np.maximum(rows.entries, entry.from_day)))
    n_patients = len(rows.exits) if entry.patient is None else len(np.unique(rows.whose))
    return Intervals(*rows[:3], n_patients)


def _rows(times: Numbers, causes: NDArray[np.integer] | NDArray[np.bool_], entry: Entry) -> _Rows:
    equally_long(times, causes)
    exits = doubles(times)
    entries = np.zeros(len(exits)) if entry.days is None else doubles(entry.days)
    whose = np.arange(len(exits)) if entry.patient is None else np.unique(entry.patient, return_inverse=True)[1]
    equally_long(exits, entries)
    equally_long(exits, whose)
    if (exits < 0).any():
        raise ValueError("a time to an event has to be 0 or more")
    if ((entries < 0) | (entries > exits)).any():
        raise ValueError("an entry has to be from 0 to the time at which its interval ends")
    if not entry.from_day >= 0:
        raise ValueError(f"the day from which a curve begins has to be 0 or more, and is {entry.from_day}")
    return _Rows(entries, exits, np.asarray(causes).astype(np.int64), whose)


def _at_risk(rows: _Rows) -> _Rows:
    """The intervals that hold a time at which their patient is at risk."""
    return rows.only(ever_at_risk(rows.entries, rows.exits))


def _joined(rows: _Rows) -> _Rows:
    """The intervals by patient and time, those that touch as one."""
    rows = _at_risk(rows)
    rows = rows.only(np.lexsort((rows.exits, rows.entries, rows.whose)))
    same = rows.whose[1:] == rows.whose[:-1]
    if (same & (rows.entries[1:] < rows.exits[:-1])).any():
        raise ValueError("intervals of one patient overlap; who was at risk once would count twice")
    if (same & (rows.causes[:-1] != CENSORED)).any():
        raise ValueError("an event has to be in the last interval of its patient")
    touching = same & (rows.entries[1:] == rows.exits[:-1])
    opens, closes = (np.insert(~touching, place, True)[: len(rows.whose)] for place in (0, len(touching)))
    return _Rows(rows.entries[opens], rows.exits[closes], rows.causes[closes], rows.whose[opens])
