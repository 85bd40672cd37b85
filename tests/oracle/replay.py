"""The facts at a point in time, by going through the events one after another.

Slow and obvious, written from the contracts and not from the projections: what the projections compute from columns
must be what stands here. Days are parsed when a fact is looked at; statements are the log's JSON.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from registry import Registry

Statement = dict[str, Any]

CLINICAL_DAY: Final = {
    "patient": "enrolled_on",
    "follow-up": "resumed_on",
    "visit": "visited_on",
    "flare": "started_on",
    "adverse-event": "started_on",
    "imaging": "performed_on",
}
RESTS_ON: Final = {  # kind: its studies; the last one's day is the fact's
    "reading": ("study",),
    "lesion": ("baseline_study", "followup_study"),
}
MASKED_AFTER: Final = {  # kind: a day, with what is said of it
    "patient": (
        ("follow_up_ended_on", "follow_up_end_reason"),
        ("symptom_onset",),
        ("diagnosed_on",),
        ("consented_on",),
    ),
    "follow-up": (("ended_on", "end_reason"),),
    "flare": (("ended_on",),),
    "adverse-event": (("ended_on", "outcome"),),
}


ENDED_BY: Final = {  # kind whose days may be partial: its end, with what is said of it
    "treatment": ("stopped_on", "stop_reason"),
    "condition": ("ended_on",),
}


class LoggedEvent(NamedTuple):
    """One event of the log; a retraction states nothing."""

    position: int
    patient: str
    fact: str
    statement: Statement | None


class Fact(NamedTuple):
    """A fact as it stands at a point in time; a reading or verdict has the days of the studies on which it rests."""

    patient: str
    reference: str
    said: Statement
    examined_on: tuple[date | None, ...] = ()
    counted_as: tuple[date, date | None] = (date.min, None)  # of an interval: the days that its start and end count as


class Facts(NamedTuple):
    """Every fact that is visible at a point in time, by kind."""

    as_of: date | None
    of_kind: dict[str, list[Fact]]


def logged_events(registry: Registry) -> list[LoggedEvent]:
    """Return the whole log in order, without what was erased."""
    events = []
    for chunk in registry.log.columns():
        for position, payload in zip(chunk.position, chunk.payload):
            if payload is not None:
                event = json.loads(payload)
                events.append(LoggedEvent(position, event["patient"], event["fact"], event.get("statement")))
    return events


def facts_at(events: list[LoggedEvent], *, as_of: date | None, known_at: int) -> Facts:
    """Return the facts on a clinical day, inclusive, as the first `known_at` events told them.

    Between two events of one transaction a study can be gone and a reading of it not yet: such a reading is not there.
    There the enrolment of a patient can be gone, or a study lie after the one that followed it, as well.
    """
    known: dict[tuple[str, str], Statement] = {}
    for event in events:
        if event.position > known_at:
            break
        if event.statement is None:
            known.pop((event.patient, event.fact))
        else:
            known[event.patient, event.fact] = event.statement
    performed_on = {}
    for (patient, reference), said in known.items():
        if reference.startswith("imaging/"):
            performed_on[patient, said["study"]] = said["performed_on"]
    facts = Facts(as_of, defaultdict(list))
    for (patient, reference), said in known.items():
        kind = reference.partition("/")[0]
        if kind in RESTS_ON:
            days = [performed_on.get((patient, said[study])) for study in RESTS_ON[kind]]
            if None not in days and not any(is_later(day, as_of) for day in days):
                facts.of_kind[kind].append(Fact(patient, reference, said, tuple(map(first_day, days))))
        elif kind in ENDED_BY:
            facts.of_kind[kind] += interval(patient, reference, said, as_of)
        elif not is_later(said[CLINICAL_DAY[kind]], as_of):
            facts.of_kind[kind].append(Fact(patient, reference, masked(kind, said, as_of)))
    enrolled = {fact.patient for fact in facts.of_kind["patient"]}
    for kind, stated_facts in facts.of_kind.items():
        facts.of_kind[kind] = [fact for fact in stated_facts if fact.patient in enrolled]
    return facts


def interval(patient: str, reference: str, said: Statement, as_of: date | None) -> list[Fact]:
    """Return a course or a condition as it stands on a day: not there before it begins, and going on until it ends.

    A condition that began nobody knows when is there on every day.
    """
    ends = ENDED_BY[reference.partition("/")[0]]
    started, stopped = interval_days(said["started_on"], said[ends[0]])
    if as_of is not None and stopped is not None and stopped > as_of:
        said, stopped = said | dict.fromkeys(ends), None
    return [] if as_of and started > as_of else [Fact(patient, reference, said, counted_as=(started, stopped))]


def interval_days(started_on: str | None, stopped_on: str | None) -> tuple[date, date | None]:
    """Return the days that a start and a stop count as: the middle of the possible ones, of two the earlier.

    A start lies not after the latest possible stop, a stop not before the start.
    """
    starts = [date.min] if started_on is None else possible_days(started_on)
    if stopped_on is None:
        return middle(starts), None
    stops = possible_days(stopped_on)
    started = middle([day for day in starts if day <= stops[-1]] or starts[:1])
    return started, middle([day for day in stops if day >= started] or [started])


def possible_days(text: str) -> list[date]:
    """Return every day that a day, a month or a year can mean."""
    first = first_day(text)
    assert first is not None
    days = [first + timedelta(days=n) for n in range({"day": 1, "month": 31, "year": 366}[str(precision(text))])]
    return [day for day in days if day.isoformat().startswith(text)]


def middle(days: list[date]) -> date:
    """Return the middle of some days, of two the earlier."""
    return days[(len(days) - 1) // 2]


def masked(kind: str, said: Statement, as_of: date | None) -> Statement:
    """Return a statement without the days after `as_of`, nor what is said of them."""
    said = dict(said)
    for day, *details in MASKED_AFTER.get(kind, ()):
        if is_later(said[day], as_of):
            for field in (day, *details):
                said[field] = None
    return said


def is_later(day: str | None, as_of: date | None) -> bool:
    """Return whether a day, by the first day that it can mean, lies after `as_of`."""
    first = first_day(day)
    return first is not None and as_of is not None and first > as_of


def first_day(day: str | None) -> date | None:
    """Return the first day that a day, a month or a year can mean."""
    if day is None:
        return None
    year, month, day_of_month = (*day.split("-"), "1", "1")[:3]
    return date(int(year), int(month), int(day_of_month))


def precision(day: str | None) -> str | None:
    """Return how precisely a partial day is known."""
    return None if day is None else ("year", "month", "day")[day.count("-")]
