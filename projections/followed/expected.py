"""What is expected of every patient, which day of visits stands for it, and in which state it is.

- One for one: each visit of an anchor takes at most one day, and each day is taken once by it. One day may stand for a
  visit of each anchor: the yearly visit and week 12 of a course.
- Several rows of one day are one visit; what any of them has was taken at it.
- In the window, both ends included, the nearest pair is made first (`nearest_first`). Labels count for nothing: sources
  name visits as they like.
- Outside the window, only for whom nobody came in it, once it has closed within follow-up: again the nearest first,
  among days that stand for nothing. Early is a day after the window before that is nearer to the due day than to that
  of the repetition before, else to the anchor's day. Late is a day up to `open_until`: the day before the next
  window of the anchor opens, no later than `lost_after` after the due day, where the protocol has it, and no later
  than the end of follow-up: nobody calls who has died or moved.
- An unscheduled visit is a day that stands for nothing; it fills nothing.

| state | when |
|---|---|
| `done` | a day in the window stands for it |
| `outside-window` | a day outside of it does |
| `ended` | follow-up ended before the window closed, and nobody came in it |
| `not-yet`, `due` | the window has not opened; it is open |
| `overdue` | it has closed, and the visit can still be made up: until `open_until` |
| `missed` | it cannot any more |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np

from projections.columns.coded import Codes, Rows, Truth, day_number, in_order
from projections.columns.partial_days import FOREVER, Days
from projections.followed.asked_visits import AskedVisits, asked_visits
from projections.followed.nearest_first import nearest_first
from projections.followed.spans import Spans
from projections.followed.visit_days import VisitDays
from projections.observation.durations import duration

if TYPE_CHECKING:
    from projections.point_in_time import Facts

NOBODY_CAME: Final = -1
STATES: Final = ("done", "outside-window", "missed", "due", "overdue", "not-yet", "ended")
DONE, OUTSIDE_WINDOW, MISSED, DUE, OVERDUE, NOT_YET, ENDED = range(len(STATES))


class Expected(NamedTuple):
    """Expected visits by patient, due day, name and anchor.

    `day` is the row among the `days` of visits that stands for each, NOBODY_CAME where none does; `state` is the place
    in `STATES`, and `today` the day of the point in time, in days since 1970.
    """

    spans: Spans
    days: VisitDays
    visits: AskedVisits
    day: Rows
    state: Codes
    today: int

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Return what was expected at the point in time."""
        spans = Spans.of(facts)
        days, asked = VisitDays.of(facts, spans.patients), asked_visits(facts, spans)
        today = day_number(facts.today)
        made_up_until = np.minimum(_made_up_until(facts, asked.due), spans.ended[spans.last][asked.patient])
        early_from, open_until = _limits(asked, made_up_until)
        in_window, outside = _days_standing(asked, days, early_from, open_until, today)
        state = _states(asked, in_window, outside, open_until, today)
        order = in_order(asked.patient, asked.due, asked.schedule, asked.anchor)
        day = np.where(in_window >= 0, in_window, outside)
        return cls(spans, days, asked.take(order), day[order], state[order], today)

    @property
    def came(self) -> Truth:
        """For which visits a day stands."""
        came: Truth = self.day != NOBODY_CAME
        return came

    @property
    def is_in_window(self) -> Truth:
        """For which visits a day in their window stands."""
        done: Truth = self.state == DONE
        return done

    @property
    def is_over(self) -> Truth:
        """Of which visits it can be said whether somebody came in time: the window has closed, and within follow-up."""
        over: Truth = self.visits.asked & ~self.visits.cut & (self.visits.window_to < self.today)
        return over


def _made_up_until(facts: Facts, due: Days) -> Days:
    """Return the last day on which each visit is made up, by the rule of the protocol; FOREVER without one."""
    protocol = facts.catalogue.protocol
    if protocol is None or protocol.follow_up is None:
        return np.full(len(due), FOREVER, dtype=np.int64)
    return duration("lost_after", protocol.follow_up.lost_after).after(due)


def _limits(asked: AskedVisits, made_up_until: Days) -> tuple[Days, Days]:
    """Return the first and the last day that can stand for each visit, given all by series and due day."""
    early_from, open_until = (asked.before + asked.due) // 2 + 1, made_up_until.copy()
    rows = np.flatnonzero(asked.asked)
    goes_on = asked.series[rows[1:]] == asked.series[rows[:-1]]
    before, after = rows[:-1][goes_on], rows[1:][goes_on]
    early_from[after] = np.maximum(early_from[after], asked.window_to[before] + 1)
    open_until[before] = np.minimum(open_until[before], asked.window_from[after] - 1)
    return np.minimum(early_from, asked.window_from), np.maximum(open_until, asked.window_to)


def _days_standing(
    asked: AskedVisits, days: VisitDays, early_from: Days, open_until: Days, today: int
) -> tuple[Rows, Rows]:
    """Return which day stands for each visit in its window, and which outside it, if any."""
    everything = np.arange(len(asked.due))
    in_window = _matched(asked, days, everything, (asked.window_from, asked.window_to), taken=np.zeros(0, np.int64))
    closed = np.flatnonzero((in_window < 0) & asked.asked & ~asked.cut & (asked.window_to < today))
    came = np.flatnonzero(in_window >= 0)
    taken = _once_a_series(asked, came, in_window[came], days)
    return in_window, _matched(asked, days, closed, (early_from, open_until), taken=taken)


def _matched(asked: AskedVisits, days: VisitDays, rows: Rows, ends: tuple[Days, Days], *, taken: Rows) -> Rows:
    """Return which day between two ends stands for each of some visits, NOBODY_CAME for none or another row."""
    row, day = days.between(asked.patient[rows], ends[0][rows], ends[1][rows])
    visit = rows[row]
    once = _once_a_series(asked, visit, day, days)
    free = ~np.isin(once, taken)
    visit, day, once = visit[free], day[free], once[free]
    pairs = nearest_first(visit, once, due=asked.due[visit], day=days.day[day])
    found = np.full(len(asked.due), NOBODY_CAME, dtype=np.int64)
    found[visit[pairs]] = day[pairs]
    return found


def _once_a_series(asked: AskedVisits, visit: Rows, day: Rows, days: VisitDays) -> Rows:
    """Return a number for each day of a series: it stands for one visit of it."""
    return asked.series[visit] * max(len(days.day), 1) + day


def _states(asked: AskedVisits, in_window: Rows, outside: Rows, open_until: Days, today: int) -> Codes:
    cases = (
        (in_window >= 0, DONE),
        (outside >= 0, OUTSIDE_WINDOW),
        (~asked.asked | asked.cut, ENDED),
        (asked.window_from > today, NOT_YET),
        (asked.window_to >= today, DUE),
        (open_until >= today, OVERDUE),
    )
    return np.select([case for case, _ in cases], [state for _, state in cases], MISSED).astype(np.int32)
