"""Courses of treatment as columns of days: what covers a day, what was stopped last, how long a gap is.

A day known to the month or the year only counts as `partial_days` says, for order and for arithmetic: the middle of
the days that it can mean, unless another rule is asked for. Beside each stand the first and the last day that it can
mean, so that a difference has an earliest and a latest possible value. A course covers its first day, its last day and
all between; its length is the difference of the two.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import agents, drug_classes
from projections.columns.coded import DAYS, Coded, Codes, Rows, Truth, coded, day_number, in_order, moments
from projections.columns.partial_days import FOREVER, Days, Partial, counted_as, possible_days
from projections.columns.tables import word

if TYPE_CHECKING:
    from projections.point_in_time import Facts

PATIENT: Final = word("patient", "pseudonym")
AGENT: Final = word("agent", "international non-proprietary name", listed=agents)
ATC: Final = word("atc", "ATC code of the agent today, null where it has none")
DRUG_CLASS: Final = word("drug_class", "class of the agent", listed=drug_classes)


class DrugCourses(NamedTuple):
    """Courses by patient, agent, start, stop, reference; days since 1970, `stopped` is FOREVER while a course goes on.

    `started` and `stopped` are the days that they count as, `started_from` and `started_by`, `stopped_from` and
    `stopped_by` the first and the last days that they can mean; `facts` are the rows.
    """

    facts: ArrowTable
    patient: Coded
    agent: Coded
    reference: Codes
    started: Days
    started_from: Days
    started_by: Days
    stopped: Days
    stopped_from: Days
    stopped_by: Days

    @property
    def ongoing(self) -> Truth:
        """Which courses go on at the point in time."""
        going: Truth = self.stopped == FOREVER
        return going

    @property
    def histories(self) -> Codes:
        """A number for each course that is the same for one patient and agent, and rises with the rows."""
        begins = np.zeros(len(self.started), dtype=bool)
        for key in (self.patient.codes, self.agent.codes):
            begins[1:] |= key[1:] != key[:-1]
        return np.cumsum(begins, dtype=np.int32)

    def take(self, rows: Rows) -> DrugCourses:
        """Return some of the courses, in another order."""
        return DrugCourses(
            self.facts.take(pa.array(rows)),
            self.patient.take(rows),
            self.agent.take(rows),
            self.reference[rows],
            *(days[rows] for days in self[4:]),
        )


def drug_courses(facts: Facts, given: Collection[str] | None = None, *, partial: Partial = "middle") -> DrugCourses:
    """Return the courses at the point in time, of all agents or those `given`; `partial` is the rule for partial days.

    What begins after `as_of` is not there, and what ends after it goes on.
    """
    stated = facts.known("treatments")
    if given is not None:
        stated = stated.filter(pc.is_in(stated["agent"], value_set=pa.array(sorted(given), pa.string())))
    start, stop = (possible_days(stated[name], stated[f"{name}_precision"]) for name in ("started_on", "stopped_on"))
    started, stopped = counted_as(start, stop, partial)
    patient, agent, reference = (coded(stated[name]) for name in ("patient", "agent", "fact"))
    latest_start = np.maximum(np.minimum(start.last, stop.last), start.first)
    courses = DrugCourses(
        stated,
        patient,
        agent,
        reference.codes,
        started,
        start.first,
        latest_start,
        stopped,
        np.maximum(stop.first, start.first),
        stop.last,
    )
    courses = courses.take(in_order(patient, agent, started, stopped, reference))
    return courses if facts.at.as_of is None else _until(courses, day_number(facts.at.as_of), facts)


def _until(courses: DrugCourses, as_of: int, facts: Facts) -> DrugCourses:
    """Return the courses that began by a day; those that end after it go on, and why is not known yet."""
    begun = (courses.started <= as_of) & ~facts.of_strangers(courses.facts["patient"])
    courses = courses.take(np.flatnonzero(begun))
    goes_on = courses.stopped > as_of
    stated, over = courses.facts, pa.array(~goes_on)
    for name in ("stopped_on", "stopped_on_precision", "stop_reason"):
        column = pc.if_else(over, stated[name].combine_chunks(), None)
        stated = stated.set_column(stated.column_names.index(name), name, column)
    return courses._replace(
        facts=stated,
        stopped=np.where(goes_on, FOREVER, courses.stopped),
        stopped_from=np.where(goes_on, FOREVER, courses.stopped_from),
        stopped_by=np.where(goes_on, FOREVER, courses.stopped_by),
    )


def covered_until(group: npt.NDArray[Any], stopped: Days) -> tuple[Days, Truth]:
    """Return the last day that the earlier rows of the same group cover, and which rows have none before them.

    Rows are sorted by group and start. The day of a row with none before it means nothing.
    """
    reached = np.maximum.accumulate(moments(group, stopped)) - moments(group, np.zeros(1, dtype=np.int64))
    alone = np.ones(len(group), dtype=bool)
    alone[1:] = group[1:] != group[:-1]
    return np.append(np.int64(0), reached)[: len(group)], alone


def days_covered(group: npt.NDArray[Any], started: Days, stopped: Days) -> Days:
    """Return how many days each row adds to those that the earlier rows of its group cover already.

    Rows are sorted by group and start; the sum over a group is the length of what its rows cover together.
    """
    before, alone = covered_until(group, stopped)
    added: Days = np.maximum(stopped - np.where(alone, started, np.maximum(before, started)), 0)
    return added


class Covering(NamedTuple):
    """What some courses cover: their starts and stops as sorted moments of a group, and the rows in order of stop."""

    began: Days
    stopped: Days
    by_stop: Rows

    @classmethod
    def of(cls, group: npt.NDArray[Any], courses: DrugCourses) -> Covering:
        """Return what courses cover, each in its group; groups may be patients, or patients and agents."""
        over = np.flatnonzero(~courses.ongoing)
        over = over[in_order(group[over], courses.stopped[over], courses.started[over], courses.reference[over])]
        stopped = moments(group[over], courses.stopped[over])
        return cls(np.sort(moments(group, courses.started)), stopped, over)

    def covers(self, group: npt.NDArray[Any], day: npt.NDArray[Any]) -> Truth:
        """Return which days of a group a course covers: more have begun by then than stopped before."""
        at, start = moments(group, day), moments(group, np.full(len(day), np.iinfo(np.int32).min))
        began = np.searchsorted(self.began, at, side="right") - np.searchsorted(self.began, start)
        over = np.searchsorted(self.stopped, at) - np.searchsorted(self.stopped, start)
        covered: Truth = began > over
        return covered

    def last_stopped(self, group: npt.NDArray[Any], day: npt.NDArray[Any]) -> Rows:
        """Return the row of the course of the group stopped last, on or before each day; -1 where there is none.

        Of several stopped on one day it is the one with the latest start, then with the last reference.
        """
        at = moments(group, day)
        last = np.searchsorted(self.stopped, at, side="right") - 1
        found = np.append(self.stopped, -DAYS)[last] // DAYS == at // DAYS
        return np.where(found, np.append(self.by_stop, -1)[last], -1)
