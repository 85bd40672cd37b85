"""Responders: who is due, whose answer is known, and the rates by each denominator with the bounds left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tests.answers import criteria
from tests.answers.choosing import TimePoint, chosen_visit, closes_on, target_day
from tests.answers.facts import Visit
from tests.answers.observation import Span
from tests.answers.therapy import on_drug
from tests.answers.values import STRICT, ValueChoice


@dataclass(frozen=True)
class Member:
    """A member of a cohort: day 0 and how precisely it is known, the episode from it on, what was seen and when."""

    patient: str
    day0: date
    stopped_on: date | None
    rows: Sequence[Visit]
    spans: Sequence[Span]
    day0_precision: str = "day"
    on_a_drug: bool = True


@dataclass(frozen=True)
class ResponderChoice:
    """The choices of `[tables.responders]`."""

    denominator: str = "complete"
    on_drug: str = "any"
    same_visit: str = "day"
    lag: int = 14
    late_entrants: bool = False
    values: ValueChoice = STRICT


class Answer(NamedTuple):
    """One member's answer at a time point; `due` says whether it enters any denominator."""

    patient: str
    due: bool
    met: bool | None
    complete: bool
    judged_on: date | None
    on_drug: bool


class ResponseRate(NamedTuple):
    """Responders of a denominator, and the bounds among all who are due."""

    responders: int
    of: int
    lowest: Fraction | None
    highest: Fraction | None
    due: int
    off_drug: int

    @property
    def rate(self) -> Fraction | None:
        """The part that responded, None of nobody."""
        return Fraction(self.responders, self.of) if self.of else None


def entered_late(member: Member) -> bool:
    """Return whether a member's observation began after day 0."""
    return not any(span.start <= member.day0 <= span.end for span in member.spans)


def is_due(member: Member, at: TimePoint, data_cut: date, chosen: ResponderChoice, *, complete: bool = False) -> bool:
    """Return whether a member counts at a time point: nothing more is awaited, day 0 is known, entry was not late.

    Nothing more is awaited where the window has closed, or where the answer is complete before.
    """
    if member.day0_precision == "year":
        return False
    if at.day > 0 and entered_late(member) and not chosen.late_entrants:
        return False
    return complete or closes_on(member.day0, at) <= data_cut


def answered(
    member: Member, criterion: str, baseline: TimePoint, at: TimePoint, *, data_cut: date, chosen: ResponderChoice
) -> Answer:
    """Return a member's answer."""
    first, last = (
        chosen_visit(member.rows, criterion, member.day0, point, same_visit=chosen.same_visit, by=chosen.values)
        for point in (baseline, at)
    )
    before, now = {} if first is None else first.known, {} if last is None else last.known
    day = target_day(member.day0, at) if last is None else last.row.visited_on
    complete = criteria.is_complete(criterion, before, now)
    return Answer(
        member.patient,
        is_due(member, at, data_cut, chosen, complete=complete),
        criteria.answer(criterion, before, now),
        complete,
        None if last is None else day,
        not member.on_a_drug or on_drug(day, member.day0, member.stopped_on, lag=chosen.lag),
    )


def response_rate(answers: Sequence[Answer], chosen: ResponderChoice) -> ResponseRate:
    """Return the responders of those who are due, by the denominator that was chosen."""
    due = [each for each in answers if each.due]
    off_drug = sum(not each.on_drug for each in due)
    if chosen.on_drug == "only":
        due = [each for each in due if each.on_drug]
    if chosen.on_drug == "stopped-is-no":
        due = [each if each.on_drug else each._replace(met=False, complete=True) for each in due]
    counted = {
        "complete": [each for each in due if each.complete],
        "known": [each for each in due if each.met is not None],
        "all": due,
    }[chosen.denominator]
    yes, unknown = sum(each.met is True for each in due), sum(each.met is None for each in due)
    return ResponseRate(
        responders=sum(each.met is True for each in counted),
        of=len(counted),
        lowest=Fraction(yes, len(due)) if due else None,
        highest=Fraction(yes + unknown, len(due)) if due else None,
        due=len(due),
        off_drug=off_drug,
    )
