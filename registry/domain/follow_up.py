"""Follow-up in spans: one from enrolment to its end, and one from each resumption to the next end.

A span is whole days of the clinical clock, first and last included. What was seen of a patient is another question:
somebody can be followed whom nobody saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple, Self

from registry.domain.statements import Enrolment, Resumption, Statement

WITHDRAWN: Final = "withdrawn"  # the reason for an end of follow-up that ends all recording
DIED: Final = "died"  # the reason for an end of follow-up after which nothing resumes


class Span(NamedTuple):
    """One span of follow-up, with what states it; it goes on while `ended_on` is None."""

    fact: str
    stated: Enrolment | Resumption
    begun_on: date
    ended_on: date | None
    end_reason: str | None

    def may_hold(self, first: date, last: date) -> bool:
        """Return whether what was true some time from `first` to `last` may have been true in it."""
        return self.begun_on <= last and (self.ended_on is None or first <= self.ended_on)


class FollowUp(NamedTuple):
    """A patient's follow-up: the span from enrolment, then those from resumptions in the order of their days.

    `consented_on` is the last day of consent, which is all that an enrolment states of it.
    """

    spans: tuple[Span, ...]
    consented_on: date | None

    @classmethod
    def of(cls, facts: Mapping[str, Statement]) -> Self:
        """Return the follow-up that a patient's facts state, without spans where the patient is not enrolled."""
        enrolled: list[Span] = []
        resumed: list[Span] = []
        consented_on = None
        for fact, said in facts.items():
            if isinstance(said, Enrolment):
                enrolled = [Span(fact, said, said.enrolled_on, said.follow_up_ended_on, said.follow_up_end_reason)]
                consented_on = said.consented_on
            elif isinstance(said, Resumption):
                resumed.append(Span(fact, said, said.resumed_on, said.ended_on, said.end_reason))
        resumed.sort(key=lambda span: (span.begun_on, span.fact))
        return cls((*enrolled, *resumed) if enrolled else (), consented_on)

    def begun_by(self, day: date) -> Span | None:
        """Return the last of the spans that begin on or before a day, else the first; None where there is none."""
        begun = [span for span in self.spans if span.begun_on <= day]
        return next(reversed(begun), next(iter(self.spans), None))

    def span_of(self, fact: str) -> Span | None:
        """Return the span that a fact states, None where it states none."""
        return next((span for span in self.spans if span.fact == fact), None)

    def around(self, resumption: Resumption) -> tuple[Span, Span | None]:
        """Return the span before that of a resumption, and the one after it, None where it is the last."""
        place = next(place for place, span in enumerate(self.spans) if span.stated is resumption)
        return self.spans[place - 1], next(iter(self.spans[place + 1 :]), None)

    def why_outside(self, first: date, last: date) -> str | None:
        """Return why what was true some time from `first` to `last` lies in no span; None where it may lie in one.

        What happened before enrolment is history, and no reason.
        """
        enrolled, *resumed = self.spans
        if enrolled.ended_on is None or first <= enrolled.ended_on:
            return None
        if any(span.may_hold(first, last) for span in resumed):
            return None
        ended_on = max(span.ended_on for span in self.spans if span.ended_on is not None and span.ended_on < first)
        resumed_on = min((span.begun_on for span in resumed if span.begun_on > last), default=None)
        before = "" if resumed_on is None else f", and before it was resumed, {resumed_on}"
        return f"lies after the end of follow-up, {ended_on}{before}"

    @property
    def withdrawn_on(self) -> date | None:
        """The day on which consent was withdrawn last; None where it never was, or was given anew since."""
        last = max(self._withdrawals, default=None)
        return None if last is None or self.is_consent_anew(last) else last

    def is_consent_anew(self, withdrawn_on: date) -> bool:
        """Return whether consent was given after a withdrawal."""
        return self.consented_on is not None and self.consented_on > withdrawn_on

    def consented_after(self, resumed_on: date) -> date | None:
        """Return the day of consent where it comes too late for a resumption; None where it does not.

        A consent that follows a later withdrawal does not: the one before it was judged when it was the last.
        """
        if self.consented_on is None or self.consented_on <= resumed_on:
            return None
        is_a_later_one = any(resumed_on <= day < self.consented_on for day in self._withdrawals)
        return None if is_a_later_one else self.consented_on

    @property
    def _withdrawals(self) -> list[date]:
        return [span.ended_on for span in self.spans if span.end_reason == WITHDRAWN and span.ended_on is not None]
