"""Rates: events and person-time from the same observed spans, walked through day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from tests.answers.facts import SYMPTOMATIC, Facts, of_patient
from tests.answers.observation import Observation, Span, counts, observed_spans, person_years
from tests.answers.therapy import Dated, dated_courses, on_treatment


class Rate(NamedTuple):
    """Events, patients with one at least, person-days; what happened outside is counted beside."""

    events: int
    patients: int
    days: int
    outside: int = 0

    @property
    def per_100_years(self) -> Fraction | None:
        """Events per 100 patient-years; none where nobody was observed."""
        return 100 * self.events / person_years(self.days) if self.days else None


def flare_rates(facts: Facts, chosen: Observation) -> dict[str, Rate]:
    """Return the rates of flares in all of follow-up, on immunomodulating treatment and off it."""
    tallies = {name: [0, 0, 0, 0] for name in ("follow-up", "on-treatment", "off-treatment")}
    for patient in facts.patients:
        spans = observed_spans(facts, patient, chosen)
        if not spans:  # not enrolled by then: not there
            continue
        dated = dated_courses(facts, patient, as_of=chosen.as_of, partial=chosen.partial)
        days = [flare.started_on for flare in of_patient(facts.flares, patient)]
        days = [day for day in days if chosen.as_of is None or day <= chosen.as_of]
        treated = treated_days(spans, dated)
        whole = sum(span.days for span in spans)
        for name, wanted, lasted in (
            ("follow-up", (True, False), whole),
            ("on-treatment", (True,), treated),
            ("off-treatment", (False,), whole - treated),
        ):
            mine = [day for day in days if on_treatment(day, dated) in wanted]
            inside = sum(counts(day, spans) for day in mine)
            for place, amount in enumerate((inside, int(inside > 0), lasted, len(mine) - inside)):
                tallies[name][place] += amount
    return {name: Rate(*tally) for name, tally in tallies.items()}


def treated_days(spans: Sequence[Span], dated: Sequence[Dated]) -> int:
    """Return the steps from one observed day to the next that a course of an immunomodulating agent covers."""
    courses = [each for each in dated if each.course.drug_class not in SYMPTOMATIC]
    steps = [span.start + timedelta(days=step) for span in spans for step in range(span.days)]
    return sum(any(each.start <= day and (each.stop is None or day < each.stop) for each in courses) for day in steps)


def since_day0(day0: date, spans: Sequence[Span]) -> list[Span]:
    """Return what was observed from day 0 on."""
    return [span._replace(start=max(span.start, day0)) for span in spans if span.end >= day0]


def counts_since(day: date, day0: date, spans: Sequence[Span]) -> bool:
    """Return whether an event counts from day 0 on: entry < day ≤ end, and on day 0 for who was there on it."""
    return any(span.start < day <= span.end or day == span.start == day0 for span in since_day0(day0, spans))


def rate_since(members: Sequence[tuple[date, Sequence[Span], Sequence[date]]]) -> Rate:
    """Return the rate of events from day 0 on; of each member day 0, spans and the days of all events."""
    found = [(sum(counts_since(day, day0, spans) for day in days), day0, spans, days) for day0, spans, days in members]
    return Rate(
        events=sum(n for n, *_ in found),
        patients=sum(n > 0 for n, *_ in found),
        days=sum(span.days for _, day0, spans, _ in found for span in since_day0(day0, spans)),
        outside=sum(len([day for day in days if day >= day0]) - n for n, day0, _, days in found),
    )
