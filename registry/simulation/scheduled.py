"""Visits after a schedule: most near the due day, some late in the window, some outside of it, some missed.

A visit whose `since` lies after the simulated time is asked for all the time: an invented cohort is followed as if its
schedule had always held. Nobody comes twice on one day; the visit stands for both that are due then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.protocol import ScheduledVisit
from registry.durations import length_of
from registry.later_days import months_later
from registry.simulation.drawing import Draw, Whole
from registry.simulation.drugs import Drugs, Therapies
from registry.simulation.people import People
from registry.simulation.visiting import VisitDays

NEAR: Final = 14  # days from the due day, on which most come who come in the window
LATE: Final = 0.15  # share of visits on any day of the window
OUTSIDE: Final = 0.06  # share of visits after the window, or before it
MISSED: Final = 0.08
TOO_LATE: Final = 1, 45  # days after the window
TOO_EARLY: Final = 1, 14  # days before it
EPOCH: Final = date(1970, 1, 1)
DAYS_AT_MOST: Final = 100_000  # by which a patient and a day are one number


class Anchors(NamedTuple):
    """Days from which a scheduled visit counts, and the last ones on which a repeated one can be due."""

    patient: Whole
    day: Whole
    until: Whole


def scheduled_days(
    draw: Draw, people: People, anchors: Sequence[Anchors], schedule: Sequence[ScheduledVisit], *, last_day: int
) -> VisitDays:
    """Return the visits that take place, by patient and day; `anchors` are by scheduled visit."""
    parts = [VisitDays(*(np.zeros(0, np.int64) for _ in VisitDays._fields))]
    for occasion, (visit, of) in enumerate(zip(schedule, anchors)):
        for number, patient, due in _due(visit, of, last_day):
            whose, day = _visited(draw, people, visit, patient, due)
            parts.append(VisitDays(whose, day, np.full(len(day), occasion), np.full(len(day), number)))
    every = VisitDays(*map(np.concatenate, zip(*parts)))
    _, first = np.unique(every.patient * DAYS_AT_MOST + every.visited_on, return_index=True)
    return VisitDays(*(column[first] for column in every))


def anchors_of(visit: ScheduledVisit, people: People, drugs: Drugs, given: Therapies, catalogue: Catalogue) -> Anchors:
    """Return the enrolments, or the first days of courses of what the visit counts from; lines are targeted drugs."""
    if visit.anchor == "enrolment":
        return Anchors(np.arange(len(people.first_on)), people.first_on, people.last_on)
    agents = [agent for agent, *_ in given.regimens]
    meant = [bool({agent, catalogue.agents[agent].drug_class} & set(visit.of)) for agent in agents]
    if visit.anchor == "line":
        meant = [each and agent in catalogue.targeted for each, agent in zip(meant, agents)]
    patient, line = np.nonzero((drugs.line_began_on >= 0) & np.array(meant)[drugs.line_agent])
    ended_on = drugs.line_ended_on[patient, line]
    last_on = people.last_on[patient]
    return Anchors(patient, drugs.line_began_on[patient, line], np.where(ended_on >= 0, ended_on, last_on))


def _due(visit: ScheduledVisit, anchors: Anchors, last_day: int) -> Iterator[tuple[int, Whole, Whole]]:
    """Yield how often `every` has passed, 0 of a visit of one day, with the patients and their due days."""
    since = (visit.since - EPOCH).days if visit.since else 0
    since = 0 if since > last_day else since
    until = (visit.until - EPOCH).days if visit.until else DAYS_AT_MOST
    if visit.every is None:
        assert visit.day is not None, "a scheduled visit has a day or is repeated"
        due = anchors.day + visit.day
        asked = (due >= since) & (due < until)
        yield 0, anchors.patient[asked], due[asked]
        return
    length = length_of(visit.every)
    assert length is not None, "a schedule's lengths of time were checked"
    number, rows = 1, np.arange(len(anchors.day))
    while len(rows):
        due = months_later(anchors.day[rows], number * length.months) + number * length.days
        lasts = due <= anchors.until[rows]
        rows, due = rows[lasts], due[lasts]
        asked = (due >= since) & (due < until)
        yield number, anchors.patient[rows[asked]], due[asked]
        number += 1


def _visited(draw: Draw, people: People, visit: ScheduledVisit, patient: Whole, due: Whole) -> tuple[Whole, Whole]:
    """Return who came, and when: within follow-up; nobody misses the day of enrolment."""
    first_on, last_on = people.first_on[patient], people.last_on[patient]
    opens, closes = due + visit.window[0], due + visit.window[1]
    fate, number = draw.even(len(due)), len(due)
    near = draw.yes(1 - LATE, number)
    first = np.maximum(np.where(near, np.maximum(opens, due - NEAR), opens), first_on)
    last = np.minimum(np.where(near, np.minimum(closes, due + NEAR), closes), last_on)
    day = draw.whole(first, np.maximum(first, last), number)
    late, early = closes + draw.whole(*TOO_LATE, number), opens - draw.whole(*TOO_EARLY, number)
    outside = (fate < OUTSIDE) & (visit.anchor != "enrolment" or visit.day != 0)
    day = np.where(outside, np.where(fate < OUTSIDE / 3, early, late), day)
    missed = (fate >= 1 - MISSED) & (due > first_on)
    came = ~missed & (day >= first_on) & (day <= last_on) & (outside | (first <= last))
    return patient[came], day[came]
