"""Flares, adverse events and new conditions per 100 patient-years of observation from day 0, with Poisson intervals.

Rows: `flares`, `flares on treatment` and `flares off treatment` (immunomodulating agents; both add up to all, in events
and in years), `adverse events`, `serious adverse events`, and of each condition asked for its first occurrences, as
`first uveitis`: whoever had it before day 0 is not at risk, the others are until it comes, seen or not. Events before
day 0 do not count; those since then that lie outside observed time do not either, and are told; a patient's second
event does, but of a condition. Years are days / 365.25, intervals exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.figures.compared import Compared, Events
from projections.cohort.figures.dependent_rows import by_patient, share_of
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.figures.rate_figures import per_100_years
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import (
    ObservationTimes,
    on_drug_told,
    outside_told,
    period,
    time_at_risk,
)
from projections.cohort.members.onsets import FirstOnsets
from projections.cohort.table import CohortTable
from projections.columns.arrow import truth
from projections.columns.coded import Rows, Truth, coded, day_numbers, summed
from projections.columns.partial_days import EVER_BEFORE, Days
from projections.observation.observed_spans import DAYS_IN_A_YEAR
from projections.statistics.results import NOTHING_GIVEN
from projections.therapy.drug_courses import drug_courses
from projections.therapy.off_treatment import Treated
from projections.therapy.recorded_flares import Flares
from registry.toml_keys import Keys

LAYOUT: Final[Layout] = (
    Panel(
        "From day 0 to the end of observation",
        (
            Column("n", AT, "events"),
            Column("per 100 patient-years", AT, "per 100 patient-years (CI)"),
            Column("patients", AT, "patients"),
        ),
    ),
)


class EventCounts(NamedTuple):
    """Events of a row: the member of each, how many days each span was observed for it, and what was left out.

    `outside` is how many since day 0 lie outside observed time; 0 where a row of all of them tells it. `at_risk` is
    which members it can befall, None for all. `first_days` is how many days of each span lie before the member's first
    event, None of what befalls a member once.
    """

    row: str
    member: Rows
    days: Days
    note: str
    outside: int = 0
    at_risk: Truth | None = None
    first_days: Days | None = None


class RatesRequest(NamedTuple):
    """What is asked of the rates: the `conditions` whose first occurrences are counted."""

    conditions: tuple[str, ...]


def read_request(keys: Keys, time_points: Sequence[str]) -> RatesRequest:
    """Return what is asked of the rates."""
    return RatesRequest(keys.words("conditions", keys.catalogue.conditions))


def figures(cohort: Cohort, request: RatesRequest) -> Iterator[Figure]:
    """Yield the figures of flares, of adverse events and of the conditions that are asked for."""
    for events in _counts(cohort, request):
        yield from _figures_of(cohort, events)


def compared(cohort: Cohort, request: RatesRequest) -> Iterator[Compared]:
    """Yield what groups are compared by: the events of each row, and the days at risk of them."""
    member = time_at_risk(cohort).member
    for counts in _counts(cohort, request):
        events = np.bincount(counts.member, minlength=cohort.n)
        days = summed(counts.days, member, n=cohort.n)
        first = None if counts.first_days is None else summed(counts.first_days, member, n=cohort.n)
        at_risk = np.ones(cohort.n, dtype=bool) if counts.at_risk is None else counts.at_risk
        of = Events(events.astype(np.int64), days, at_risk, first)
        yield Compared(counts.row, period(cohort), "per 100 patient-years", of)


def _counts(cohort: Cohort, request: RatesRequest) -> list[EventCounts]:
    """Return the events of every row."""

    def made() -> list[EventCounts]:
        observed = time_at_risk(cohort)
        first = (_first_occurrences(cohort, observed, name) for name in request.conditions)
        return [*_flares(cohort, observed), *_adverse_events(cohort, observed), *first]

    return cohort.once(("events", request), made)


def _flares(cohort: Cohort, observed: ObservationTimes) -> Iterator[EventCounts]:
    spans, recorded = observed.spans, cohort.facts.of("flares")
    courses = cohort.once_of_facts(
        ("immunomodulating courses", spans.partial),
        lambda: drug_courses(cohort.facts, cohort.facts.catalogue.immunomodulating, partial=spans.partial),
    )
    treated = Treated.by(courses, spans)
    flares = Flares.within(cohort.facts, treated)
    time = treated.on_treatment()
    on, member = flares.on_treatment, observed.member[flares.span]
    outside = observed.outside(recorded["patient"], day_numbers(recorded["started_on"]).astype(np.int64))
    day = flares.day
    first = observed.until_first(member, day)
    on_first, off_first = (
        treated.with_ends(observed.until_first(member[which], day[which])).on_treatment() for which in (on, ~on)
    )
    yield EventCounts("flares", member, spans.days, "recorded flares", int(outside.sum()), first_days=first.days)
    note = "on immunomodulating agents"
    yield EventCounts("flares on treatment", member[on], time.by_span, note, first_days=on_first.by_span)
    note, rest = "off immunomodulating agents", off_first.rest().by_span
    yield EventCounts("flares off treatment", member[~on], time.rest().by_span, note, first_days=rest)


def _adverse_events(cohort: Cohort, observed: ObservationTimes) -> Iterator[EventCounts]:
    recorded = cohort.facts.of("adverse_events")
    days = day_numbers(recorded["started_on"]).astype(np.int64)
    member = observed.of(recorded["patient"], days)
    outside = observed.outside(recorded["patient"], days)
    within = member >= 0
    serious = pc.equal(recorded["serious"], "yes")
    unknown = int((truth(pc.is_null(serious)) & within).sum())
    length, note = observed.spans.days, "recorded adverse events"
    first = observed.until_first(member[within], days[within]).days
    yield EventCounts("adverse events", member[within], length, note, int(outside.sum()), first_days=first)
    serious = truth(serious)
    certain = within & serious
    note = "recorded as serious" + (f"; {unknown} not said to be serious or not" if unknown else "")
    first = observed.until_first(member[certain], days[certain]).days
    n_outside = int((outside & serious).sum())
    yield EventCounts("serious adverse events", member[certain], length, note, n_outside, first_days=first)


def _first_occurrences(cohort: Cohort, observed: ObservationTimes, name: str) -> EventCounts:
    spans, since = observed.spans, observed.since
    onsets = FirstOnsets.of(cohort.facts, (name,), cohort.admitted, partial=spans.partial)
    before, new = onsets.before(since), onsets.since(since)
    new = new[onsets.day[new] < cohort.admitted.until[new]]
    whose = coded(pa.array([cohort.members[row] for row in new], pa.string()))
    seen = np.append(observed.member, -1)[spans.at(whose, onsets.day[new])] == new
    at_risk_until = np.where(before, EVER_BEFORE, onsets.day)[observed.member]
    length = np.maximum(np.minimum(spans.ended, at_risk_until) - spans.began, 0)
    unknown = int(onsets.unknown.sum())
    note = f"first {name} of those without it before, {int(before.sum())} had it"
    note += f", {unknown} of them nobody knows since when" if unknown else ""
    return EventCounts(f"first {name}", new[seen], length, note, int((~seen).sum()), ~before)


def _figures_of(cohort: Cohort, events: EventCounts) -> Iterator[Figure]:
    n, days = len(events.member), int(events.days.sum())
    counted = np.ones(cohort.n, dtype=bool) if events.at_risk is None else events.at_risk
    at_risk, when = int(counted.sum()), period(cohort)
    years = days / DAYS_IN_A_YEAR
    observation, outside = cohort.definition.observed.observation, outside_told(cohort, events.outside)
    note = f"patient-years of {at_risk} patients {when}{on_drug_told(cohort)}, {observation}; {events.note}{outside}"
    yield Figure(
        events.row,
        when,
        "n",
        value=n,
        text=str(n),
        numerator=n,
        denominator=years,
        denominator_note=note,
        n_patients=at_risk,
        reason=None if at_risk else NOTHING_GIVEN,
    )
    rated = per_100_years((events.row, when), n, years, cohort.options, note=note, n_patients=at_risk)
    yield by_patient(
        rated,
        cohort,
        above=np.bincount(events.member, minlength=cohort.n),
        below=summed(events.days, time_at_risk(cohort).member, n=cohort.n),
        scale=100 * DAYS_IN_A_YEAR,
    )
    at, with_note = (events.row, when, "patients"), f"patients with one at least; {events.note}{outside}"
    with_one = np.isin(np.arange(cohort.n), events.member)
    yield share_of(cohort, at, with_one, counted, note=with_note, decimals=0)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, rests_on_time=True, compared=compared)
