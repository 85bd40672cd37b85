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

from projections.cohort.figures.comparing import share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.figures.rate_figures import per_100_years
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import ObservationTimes, observation_times, outside_told
from projections.cohort.members.onsets import FirstOnsets
from projections.cohort.table import CohortTable
from projections.columns.arrow import truth
from projections.columns.coded import Rows, coded, day_numbers
from projections.columns.partial_days import EVER_BEFORE, Days
from projections.observation.observed_spans import DAYS_IN_A_YEAR
from projections.statistics.results import NOTHING_GIVEN
from projections.therapy.off_treatment import Treated
from projections.therapy.recorded_flares import Flares
from registry.toml_keys import Keys

PERIOD = "from day 0"

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

    `outside` is how many since day 0 lie outside observed time; 0 where a row of all of them tells it. `at_risk` is how
    many members it can befall, None for all.
    """

    row: str
    member: Rows
    days: Days
    note: str
    outside: int = 0
    at_risk: int | None = None


class RatesRequest(NamedTuple):
    """What is asked of the rates: the `conditions` whose first occurrences are counted."""

    conditions: tuple[str, ...]


def read_request(keys: Keys, time_points: Sequence[str]) -> RatesRequest:
    """Return what is asked of the rates."""
    return RatesRequest(keys.words("conditions", keys.catalogue.conditions))


def figures(cohort: Cohort, request: RatesRequest) -> Iterator[Figure]:
    """Yield the figures of flares, of adverse events and of the conditions that are asked for."""
    observed = observation_times(cohort)
    first = (_first_occurrences(cohort, observed, name) for name in request.conditions)
    for events in (*_flares(cohort, observed), *_adverse_events(cohort, observed), *first):
        yield from _figures_of(cohort, events)


def _flares(cohort: Cohort, observed: ObservationTimes) -> Iterator[EventCounts]:
    spans, recorded = observed.spans, cohort.facts.of("flares")
    treated = Treated.of(cohort.facts, spans)
    flares = Flares.within(cohort.facts, treated)
    time = treated.on_treatment()
    on, member = flares.on_treatment, observed.member[flares.span]
    outside = observed.outside(recorded["patient"], day_numbers(recorded["started_on"]).astype(np.int64))
    yield EventCounts("flares", member, spans.days, "recorded flares", int(outside.sum()))
    yield EventCounts("flares on treatment", member[on], time.by_span, "on immunomodulating agents")
    yield EventCounts("flares off treatment", member[~on], time.rest().by_span, "off immunomodulating agents")


def _adverse_events(cohort: Cohort, observed: ObservationTimes) -> Iterator[EventCounts]:
    recorded = cohort.facts.of("adverse_events")
    days = day_numbers(recorded["started_on"]).astype(np.int64)
    member = observed.of(recorded["patient"], days)
    outside = observed.outside(recorded["patient"], days)
    within = member >= 0
    serious = pc.equal(recorded["serious"], "yes")
    unknown = int((truth(pc.is_null(serious)) & within).sum())
    length, note = observed.spans.days, "recorded adverse events"
    yield EventCounts("adverse events", member[within], length, note, int(outside.sum()))
    serious = truth(serious)
    certain = within & serious
    note = "recorded as serious" + (f"; {unknown} not said to be serious or not" if unknown else "")
    yield EventCounts("serious adverse events", member[certain], length, note, int((outside & serious).sum()))


def _first_occurrences(cohort: Cohort, observed: ObservationTimes, name: str) -> EventCounts:
    spans, day_zero = observed.spans, cohort.day_zero
    onsets = FirstOnsets.of(cohort.facts, (name,), cohort.members, partial=spans.partial)
    before, new = onsets.before(day_zero), onsets.since(day_zero)
    whose = coded(pa.array([cohort.members[row] for row in new], pa.string()))
    seen = spans.at(whose, onsets.day[new]) >= 0
    at_risk_until = np.where(before, EVER_BEFORE, onsets.day)[observed.member]
    length = np.maximum(np.minimum(spans.ended, at_risk_until) - spans.began, 0)
    unknown = int(onsets.unknown.sum())
    note = f"first {name} of those without it before, {int(before.sum())} had it"
    note += f", {unknown} of them nobody knows since when" if unknown else ""
    return EventCounts(f"first {name}", new[seen], length, note, int((~seen).sum()), int((~before).sum()))


def _figures_of(cohort: Cohort, events: EventCounts) -> Iterator[Figure]:
    n, days = len(events.member), int(events.days.sum())
    at_risk = cohort.n if events.at_risk is None else events.at_risk
    years = days / DAYS_IN_A_YEAR
    observation, outside = cohort.definition.observed.observation, outside_told(events.outside)
    note = f"patient-years of {at_risk} patients {PERIOD}, {observation}; {events.note}{outside}"
    yield Figure(
        events.row,
        PERIOD,
        "n",
        value=n,
        text=str(n),
        numerator=n,
        denominator=years,
        denominator_note=note,
        n_patients=at_risk,
        reason=None if at_risk else NOTHING_GIVEN,
    )
    at_row = (events.row, PERIOD)
    yield per_100_years(at_row, n, years, cohort.options, note=note, n_patients=at_risk)
    with_one = len(np.unique(events.member))
    at, with_note = (events.row, PERIOD, "patients"), f"patients with one at least; {events.note}{outside}"
    yield share(at, with_one, at_risk, cohort.options, note=with_note, decimals=0)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, rests_on_time=True)
