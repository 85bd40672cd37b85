"""Who is due at a time point: those whose window has closed by the data cut, and who were observed from day 0 on.

Who has answered all that is asked before the window closed is due too (`Due.or_answered`), and is told: no other
answer is awaited, as at a trial's last visit, after which nothing comes. An answer with domains missing may still
come whole.

The cut is `as_of`, else the registry's latest clinical day: the last on which anything happened to anybody, recorded
ends of follow-up included. Whose day 0 is known to the year only counts at no time point; nor does, at a later one,
whose observation began after day 0, unless that is asked for: they had to stay on to be seen at all. Of a patient with
several rows one whose time ended with the next day 0 while its window was open is not due either: what came after is
another row's. But where the treatment of the row had been stopped it is, as everybody is who stopped.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.members.cohort import NO_ANCHOR, Cohort
from projections.cohort.members.observation_time import entered_late
from projections.columns.arrow import truth
from projections.columns.coded import Truth
from projections.columns.partial_days import FOREVER, Days
from projections.observation.data_cut import data_cut

DATA_CUT: Final = "data cut"  # by which a cohort keeps it: one of ranges is told that of the whole registry


class Due(NamedTuple):
    """Who of the members is due at a time point; the others are not for one reason each, the first that holds.

    `early` are those among them who have answered all while their window is open. `without_anchor` are those without
    the day that the time point counts from, `over` those whose time ended with the next day 0 of their patient.
    """

    due: Truth
    early: Truth
    without_day_zero: Truth
    late: Truth
    without_anchor: Truth
    open: Truth
    over: Truth

    def or_answered(self, complete: Truth) -> Due:
        """Return the same, with those due whose window did not close and whose answer is complete: none is awaited."""
        early = (self.open | self.over) & complete
        return self._replace(due=self.due | early, early=early, open=self.open & ~early, over=self.over & ~early)

    @property
    def early_told(self) -> str:
        """How many of the due have answered all while their window is open, as the end of a note; "" where none has."""
        n, of = int(self.early.sum()), int(self.due.sum())
        return f"; {n} of {of} due answered all before the window closed" if n else ""

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """How many are not due, and why."""
        return [
            (int(self.without_day_zero.sum()), "whose day 0 is known to the year only"),
            (int(self.late.sum()), "whose observation began after day 0"),
            (int(self.without_anchor.sum()), NO_ANCHOR),
            (int(self.open.sum()), "not due yet"),
            (int(self.over.sum()), "whose time ended with the next day 0"),
        ]


def due_at(cohort: Cohort, time_point: str, *, late_entrants: bool = False) -> Due:
    """Return who is due at a time point; with `late_entrants` those too whose observation began after day 0."""
    point = cohort.definition.time_points[cohort.definition.place(time_point)]
    unknown = cohort.once("day 0 known to the year", lambda: _known_to_the_year(cohort))
    late = np.zeros(cohort.n, dtype=bool)
    if not late_entrants and (point.day > 0 or point.anchor != "day-0"):
        late = cohort.once("entered late", lambda: entered_late(cohort))
    late = late & ~unknown
    nowhere = cohort.without_anchor(time_point) & ~unknown & ~late
    closes, may_be = closes_on(cohort, time_point), ~unknown & ~late & ~nowhere
    over = may_be & (cohort.stopped == FOREVER) & (cohort.admitted.until < closes)
    closed = closes <= cohort.once_of_facts(DATA_CUT, lambda: data_cut(cohort.facts))
    nobody = np.zeros(cohort.n, dtype=bool)
    return Due(closed & may_be & ~over, nobody, unknown, late, nowhere, ~closed & may_be & ~over, over)


def closes_on(cohort: Cohort, time_point: str) -> Days:
    """Return the last day of each member's window; FOREVER where it counts from a stop or a switch that was not."""
    point = cohort.definition.time_points[cohort.definition.place(time_point)]
    anchor = cohort.anchor(time_point)
    return np.where(anchor == FOREVER, FOREVER, anchor + point.last)


def _known_to_the_year(cohort: Cohort) -> Truth:
    courses = cohort.facts.of("treatments")
    place = pc.index_in(pa.array(cohort.admitted.courses, pa.string()), value_set=courses["fact"].combine_chunks())
    precision = courses["started_on_precision"].combine_chunks().take(place)
    return truth(pc.equal(precision.cast(pa.string()), "year"))
