"""Every scheduled visit that is asked of every patient, with its window and what follow-up makes of it.

Asked is a visit some day of whose window lies in follow-up; of those that count from enrolment also what lies before
it, as a baseline. What counts from a course or a line before enrolment is history, and was never asked. Once follow-up
has ended a visit at one `day` is not asked any more, and there is nothing more of a repeated one. Cut is a window that
was still open when follow-up ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.coded import Coded, Rows, Truth, coded, day_number, end_to_end, in_order
from projections.columns.partial_days import Days
from projections.followed.anchors import Anchors, anchors_of
from projections.followed.due_days import DueDays, by_edition, due_days
from projections.followed.spans import Spans

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.protocol.schedule import AskedVisit

NUMBER: Final = "{n}"
ENROLMENT: Final = "enrolment"


class AskedVisits(NamedTuple):
    """Asked visits by series and due day, days since 1970; a series is all that one anchor asks for.

    `patient` is the place among the patients, `anchor` the reference that it counts from, `edition` the place in the
    schedule, `number` the repetition, `schedule` what it is called. `before` is the due day of the repetition before,
    else the anchor's own day. `asked` and `cut` are about follow-up.
    """

    patient: Days
    series: Days
    anchor: Coded
    edition: Days
    number: Days
    schedule: Coded
    due: Days
    before: Days
    window_from: Days
    window_to: Days
    asked: Truth
    cut: Truth

    def take(self, rows: Rows) -> Self:
        """Return some of them, in another order."""
        return type(self)._make(each.take(rows) if isinstance(each, Coded) else each[rows] for each in self)


class _Part(NamedTuple):
    """What one scheduled visit asks for, in all its editions."""

    due: DueDays
    anchors: Anchors
    first_edition: int


def asked_visits(facts: Facts, spans: Spans) -> AskedVisits:
    """Return what was asked of all patients at the point in time, open, closed or to come."""
    parts = list(_parts(facts, spans))
    due = [part.due for part in parts]
    edition = _joined([part.due.edition + part.first_edition for part in parts])
    anchor = coded(end_to_end(*(part.anchors.reference.take(pa.array(part.due.anchor)) for part in parts)))
    patient = _joined([part.anchors.patient[part.due.anchor] for part in parts])
    number, day, before = (_joined([each[place] for each in due]) for place in (2, 3, 4))
    opens, closes = (np.array([asked.visit.window[end] for asked in facts.schedule] or [0]) for end in (0, 1))
    window_from, window_to = day + opens[edition], day + closes[edition]
    of_course = np.array([asked.visit.anchor != ENROLMENT for asked in facts.schedule] or [True])[edition]
    is_known, asked, cut = _in_follow_up(spans, patient, window_from, window_to, of_course=of_course)
    found = AskedVisits(
        patient,
        _series(facts.schedule, edition, anchor),
        anchor,
        edition,
        number,
        _called(facts.schedule, edition, number),
        day,
        before,
        window_from,
        window_to,
        asked,
        cut,
    )
    is_known &= asked | (number == 0)
    rows = np.flatnonzero(is_known)
    return found.take(rows[in_order(found.series[rows], day[rows], found.schedule.codes[rows])])


def _parts(facts: Facts, spans: Spans) -> list[_Part]:
    """Return what each scheduled visit asks for; editions of one name and anchor are one visit."""
    today, parts, place = day_number(facts.today), [], 0
    for (_, kind), editions in groupby(facts.schedule, key=lambda asked: (asked.visit.name, asked.visit.anchor)):
        asked = list(editions)
        anchors = anchors_of(kind, facts, spans.patients)
        each = [due_days(one, anchors, np.flatnonzero(anchors.given(one.visit.of, facts)), today) for one in asked]
        parts.append(_Part(by_edition(each, [day_number(one.begins) for one in asked]), anchors, place))
        place += len(asked)
    return parts


def _in_follow_up(
    spans: Spans, patient: Days, window_from: Days, window_to: Days, *, of_course: Truth
) -> tuple[Truth, Truth, Truth]:
    """Return which windows do not lie before all follow-up, which have a day in it, and which its end cut."""
    span = spans.opened_by(patient, window_to)
    first = spans.first[patient] if len(patient) else span
    span = np.where((span < 0) & ~of_course, first, span)
    ended = np.append(spans.ended, -1)[span]
    is_known = span >= 0
    asked = is_known & (ended >= window_from)
    return is_known, asked, asked & (ended < window_to)


def _series(schedule: tuple[AskedVisit, ...], edition: Days, anchor: Coded) -> Days:
    """Return a number for each series: a course and the line that it begins have the same reference."""
    kinds = ("enrolment", "course", "line")
    kind = np.array([kinds.index(asked.visit.anchor) for asked in schedule] or [0])
    return np.asarray(anchor.codes.astype(np.int64) * len(kinds) + kind[edition], dtype=np.int64)


def _called(schedule: tuple[AskedVisit, ...], edition: Days, number: Days) -> Coded:
    """Return what each visit is called: the third repetition of `year {n}` is `year 3`."""
    most = int(number.max(initial=0)) + 1
    pairs, place = np.unique(edition.astype(np.int64) * most + number, return_inverse=True)
    names = [name_of(schedule[pair // most], pair % most) for pair in pairs.tolist()]
    return coded(pa.array(names, pa.string())).take(place)


def name_of(asked: AskedVisit, number: int) -> str:
    """Return what a repetition of a scheduled visit is called; one without a place for its number has it last.

    A visit at one day has the number 0, and is called as the schedule says.
    """
    name = asked.visit.name
    if asked.visit.every is None:
        return name
    return name.replace(NUMBER, str(number)) if NUMBER in name else f"{name} {number}"


def _joined(columns: Sequence[npt.NDArray[np.signedinteger]]) -> Days:
    return np.concatenate([np.zeros(0, dtype=np.int64), *columns])
