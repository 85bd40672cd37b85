"""Who was observed when: spans, person-time, and what happened inside them.

A span opens at enrolment or at a resumption and ends at the recorded end of follow-up, else at the last contact; then
`as_of` cuts. Everything here walks through days and facts one by one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from tests.answers.facts import Facts, of_patient
from tests.answers.partial_days import course_days

CONTACT_IS_NEEDED: Final = ("died", "lost", "moved")
DAYS_A_YEAR: Final = Fraction("365.25")


@dataclass(frozen=True)
class Observation:
    """The choices of `[observation]`, the point in time, and how partial days count."""

    as_of: date | None = None
    until: str = "last-contact"
    grace_days: int = 0
    gap_months: int | None = None
    lost_after_months: int = 18
    partial: str = "middle"


class Span(NamedTuple):
    """A time of observation, both days included; `closed_by` is an end reason, or `last contact`, `gap`, `as-of`."""

    start: date
    end: date
    closed_by: str

    @property
    def days(self) -> int:
        """The person-days: from the first day to the last."""
        return (self.end - self.start).days


class Period(NamedTuple):
    """A recorded period of follow-up."""

    opened_on: date
    ended_on: date | None
    reason: str | None


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, its last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def periods(facts: Facts, patient: str) -> list[Period]:
    """Return the recorded periods of follow-up, in order."""
    enrolled = facts.enrolment(patient)
    resumed = sorted(of_patient(facts.follow_ups, patient), key=lambda each: each.resumed_on)
    return [
        Period(enrolled.enrolled_on, enrolled.ended_on, enrolled.end_reason),
        *(Period(each.resumed_on, each.ended_on, each.end_reason) for each in resumed),
    ]


def contacts(facts: Facts, patient: str, *, partial: str = "middle") -> list[date]:
    """Return each day on which something is known of a patient, in order, also after `as_of`.

    The recorded end of follow-up is none: it says that nothing was known from there on.
    """
    enrolled = facts.enrolment(patient)
    days: list[date | None] = [enrolled.enrolled_on, enrolled.consented_on]
    days += [each.resumed_on for each in of_patient(facts.follow_ups, patient)]
    days += [each.visited_on for each in of_patient(facts.visits, patient)]
    days += [each.performed_on for each in of_patient(facts.studies, patient)]
    for flare in of_patient(facts.flares, patient):
        days += [flare.started_on, flare.ended_on]
    for event in of_patient(facts.adverse_events, patient):
        days += [event.started_on, event.ended_on]
    for course in of_patient(facts.courses, patient):
        days += course_days(course.started_on, course.stopped_on, partial=partial)
    for condition in of_patient(facts.conditions, patient):
        if condition.basis in ("clinician", "imaging", "laboratory"):
            told = (condition.started_on, condition.ended_on)
            days += [date.fromisoformat(day) for day in told if day is not None and len(day) == len("2020-01-31")]
    return sorted({day for day in days if day is not None})


def observed_spans(facts: Facts, patient: str, chosen: Observation) -> list[Span]:
    """Return the spans in which a patient was observed, in order; none where enrolment lies after `as_of`."""
    known = periods(facts, patient)
    days = contacts(facts, patient, partial=chosen.partial)
    whole: list[Span] = []
    for number, period in enumerate(known):
        following = known[number + 1].opened_on if number + 1 < len(known) else None
        whole += [bounded(span, following) for span in spans_of(period, days, chosen)]
    return [cut(span, chosen.as_of) for span in whole if chosen.as_of is None or span.start <= chosen.as_of]


def spans_of(period: Period, days: Sequence[date], chosen: Observation) -> list[Span]:
    """Return the spans of one recorded period, before `as_of` cuts them."""
    if chosen.until == "as-of":
        assert chosen.as_of is not None, "until as-of needs an as_of"
        if period.ended_on is not None:
            return [Span(period.opened_on, period.ended_on, period.reason or "other")]
        return [Span(period.opened_on, max(chosen.as_of, period.opened_on), "as-of")]
    seen = [day for day in days if day >= period.opened_on and (period.ended_on is None or day <= period.ended_on)]
    spans = []
    start = seen[0]
    for earlier, later in pairwise(seen):
        if chosen.gap_months is not None and later > months_later(earlier, chosen.gap_months):
            spans.append(Span(start, min(graced(earlier, chosen), later), "gap"))
            start = later
    return [*spans, last_span(start, seen[-1], period, chosen)]


def last_span(start: date, last_contact: date, period: Period, chosen: Observation) -> Span:
    """Return the span with the last contact of a period."""
    unproven = Span(start, graced(last_contact, chosen), "last contact")
    if period.ended_on is None:
        return unproven
    silent_for = [chosen.gap_months] if chosen.gap_months is not None else []
    if period.reason in CONTACT_IS_NEEDED:
        silent_for.append(chosen.lost_after_months)
    if any(period.ended_on > months_later(last_contact, months) for months in silent_for):
        return unproven._replace(end=min(unproven.end, period.ended_on))
    return Span(start, period.ended_on, period.reason or "other")


def graced(day: date, chosen: Observation) -> date:
    """Return the day up to which a contact vouches for a patient."""
    return day + timedelta(days=chosen.grace_days)


def bounded(span: Span, following: date | None) -> Span:
    """Return a span that does not reach past the opening of the next period."""
    return span if following is None or span.end <= following else span._replace(end=following)


def cut(span: Span, as_of: date | None) -> Span:
    """Return a span up to `as_of`."""
    return span if as_of is None or span.end <= as_of else Span(span.start, as_of, "as-of")


def extends_nothing(facts: Facts, patient: str, chosen: Observation) -> list[Period]:
    """Return the deaths, losses and moves that lie too far behind the last contact, which are told."""
    days = contacts(facts, patient, partial=chosen.partial)
    found = []
    for period in periods(facts, patient):
        if period.ended_on is None or period.reason not in CONTACT_IS_NEEDED:
            continue
        last = max(day for day in days if period.opened_on <= day <= period.ended_on)
        if period.ended_on > months_later(last, chosen.lost_after_months):
            found.append(period)
    return found


def person_days(spans: Sequence[Span]) -> int:
    """Return the days of observation of one patient."""
    return sum(span.days for span in spans)


def person_years(days: int) -> Fraction:
    """Return days in years of 365.25."""
    return days / DAYS_A_YEAR


def lies_in(day: date, spans: Sequence[Span]) -> bool:
    """Return whether a day lies in a span, both ends included: of a visit, a study, a start."""
    return any(span.start <= day <= span.end for span in spans)


def counts(day: date, spans: Sequence[Span]) -> bool:
    """Return whether an event of this day counts: not on the day on which a later span opens."""
    return any(span.start < day <= span.end or (number == 0 and day == span.start) for number, span in enumerate(spans))
