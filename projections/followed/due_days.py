"""When who is due: the days that a schedule asks for, counted from its anchors.

A visit at a `day` is due once, so many days after the anchor, whatever becomes of the course or the line: a trial asks
at week 12 also who stopped at week 8. A visit `every` so often is due 1, 2, … times so long after the anchor, each
counted from the anchor itself, as the last day of a month where that is shorter; not after the last day of the course
or the line. It is known up to the first whose window has not opened; what comes after that follows from it.

An edition of a scheduled visit asks for due days from `begins` on and before `until`. Where several editions ask for
the same one of an anchor, the first counts whose due day lies before the next of them begins to ask: what was due
before a change follows what held then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from projections.columns.coded import Rows, Truth, changes, day_number, in_order
from projections.columns.partial_days import Days
from projections.followed.anchors import Anchors
from projections.observation.durations import Duration, duration
from registry.protocol.schedule import AskedVisit

NEVER: Final = np.iinfo(np.int64).max


class DueDays(NamedTuple):
    """Due days in any order: which edition asks, the row of the anchor, and which repetition it is, 0 of one alone.

    `due` and `before` are days since 1970: `before` is the due day of the repetition before, of the first and of a
    visit that is due once the anchor's day.
    """

    edition: Days
    anchor: Days
    number: Days
    due: Days
    before: Days

    def take(self, rows: Rows | Days) -> DueDays:
        """Return some of them."""
        return DueDays(*(column[rows] for column in self))


def due_days(asked: AskedVisit, anchors: Anchors, rows: Days, today: int) -> DueDays:
    """Return what one edition of a visit asks for from some rows of its anchors; `today` is in days since 1970."""
    visit = asked.visit
    if visit.every is None:
        assert visit.day is not None, "a scheduled visit has a day or is repeated"
        day = anchors.day[rows]
        found = DueDays(_same(0, rows), rows, _same(0, rows), day + visit.day, day)
    else:
        found = _repeated(asked, duration("every", visit.every), anchors, rows, today)
    wanted = found.due >= day_number(asked.begins)
    if visit.until is not None:
        wanted &= found.due < day_number(visit.until)
    return found.take(np.flatnonzero(wanted))


def _repeated(asked: AskedVisit, every: Duration, anchors: Anchors, rows: Days, today: int) -> DueDays:
    """Return every repetition up to the first that is asked for and not open yet."""
    begins, opens = day_number(asked.begins), asked.visit.window[0]
    parts, before, number = [], anchors.day[rows], 0
    while len(rows):
        number += 1
        due = Duration(months=number * every.months, days=number * every.days).after(anchors.day[rows])
        lasts = due <= anchors.until[rows]
        rows, due, before = rows[lasts], due[lasts], before[lasts]
        parts.append(DueDays(_same(0, rows), rows, _same(number, rows), due, before))
        goes_on = (due + opens <= today) | (due < begins)
        rows, before = rows[goes_on], due[goes_on]
    return joined(parts)


def joined(parts: Sequence[DueDays]) -> DueDays:
    """Return due days as one, each part after the one before."""
    nothing = DueDays(*(np.zeros(0, dtype=np.int64) for _ in DueDays._fields))
    return DueDays(*map(np.concatenate, zip(nothing, *parts)))


def by_edition(editions: Sequence[DueDays], begins: Sequence[int]) -> DueDays:
    """Return what the editions of one visit ask for together, each repetition of an anchor once.

    `begins` are the days from which each edition asks, in days since 1970, in the order of the editions.
    """
    asked = joined([each._replace(edition=_same(place, each.anchor)) for place, each in enumerate(editions)])
    if len(editions) < 2:
        return asked
    asked = asked.take(in_order(asked.anchor, asked.number, asked.edition))
    first = _first_of_each(asked)
    group = np.cumsum(first) - 1
    due = np.full((int(first.sum()), len(editions)), NEVER)
    due[group, asked.edition] = asked.due
    counts = (due != NEVER) & ~_overridden(due, begins)
    return asked.take(np.flatnonzero(asked.edition == counts.argmax(axis=1)[group]))


def _overridden(due: Days, begins: Sequence[int]) -> Truth:
    """Return, by repetition and edition, whether a later edition asks for it that held on the due day already."""
    overridden = np.zeros(due.shape, dtype=bool)
    for later in range(1, len(begins)):
        asks = due[:, later] != NEVER
        for earlier in range(later):
            overridden[:, earlier] |= asks & (due[:, earlier] >= begins[later])
    return overridden


def _first_of_each(asked: DueDays) -> Truth:
    first: Truth = changes(asked.anchor) | changes(asked.number)
    return first


def _same(value: int, rows: Days) -> Days:
    return np.full(len(rows), value, dtype=np.int64)
