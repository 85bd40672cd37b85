"""Flares and adverse events per 100 patient-years of observation from day 0, with exact Poisson intervals.

Rows: `flares`, `flares on treatment` and `flares off treatment` (immunomodulating agents; both add up to all, in events
and in years), `adverse events`, `serious adverse events`. Events before day 0 do not count; those since then that lie
outside observed time do not either, and are told; a patient's second event does. Years are days / 365.25.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pyarrow.compute as pc

from projections.cohort.figures.comparing import share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import ObservationTimes, observation_times, outside_told
from projections.cohort.table import CohortTable, NoKeys, no_keys
from projections.columns.arrow import truth
from projections.columns.coded import Rows, day_numbers
from projections.columns.partial_days import Days
from projections.observation.observed_spans import DAYS_IN_A_YEAR
from projections.statistics.rates import EXACT_POISSON, rate
from projections.statistics.results import NOTHING_GIVEN
from projections.statistics.rounding import fixed
from projections.therapy.off_treatment import Treated
from projections.therapy.recorded_flares import Flares

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

    `outside` is how many since day 0 lie outside observed time; 0 where a row of all of them tells it.
    """

    row: str
    member: Rows
    days: Days
    note: str
    outside: int = 0


def figures(cohort: Cohort, request: NoKeys) -> Iterator[Figure]:
    """Yield the figures of flares and of adverse events."""
    observed = observation_times(cohort)
    for events in (*_flares(cohort, observed), *_adverse_events(cohort, observed)):
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


def _figures_of(cohort: Cohort, events: EventCounts) -> Iterator[Figure]:
    n, days = len(events.member), int(events.days.sum())
    years = days / DAYS_IN_A_YEAR
    observation, outside = cohort.definition.observed.observation, outside_told(events.outside)
    note = f"patient-years of {cohort.n} patients {PERIOD}, {observation}; {events.note}{outside}"
    yield Figure(
        events.row,
        PERIOD,
        "n",
        value=n,
        text=str(n),
        numerator=n,
        denominator=years,
        denominator_note=note,
        n_patients=cohort.n,
        reason=None if cohort.n else NOTHING_GIVEN,
    )
    per_100, low, high, reason = rate(n, years, level=cohort.options.level)
    limits = None if low is None or high is None else f" ({fixed(low, 1)}–{fixed(high, 1)})"
    yield Figure(
        events.row,
        PERIOD,
        "per 100 patient-years",
        value=per_100,
        text=None if per_100 is None else f"{fixed(per_100, 1)}{limits or ''}",
        numerator=n,
        denominator=years,
        denominator_note=note,
        variant="events / patient-years",
        ci_low=low,
        ci_high=high,
        ci_method=f"{EXACT_POISSON}, {100 * cohort.options.level:g}%" if limits else None,
        n_patients=cohort.n,
        unit="/100 a",
        reason=reason,
    )
    with_one = len(np.unique(events.member))
    at, with_note = (events.row, PERIOD, "patients"), f"patients with one at least; {events.note}{outside}"
    yield share(at, with_one, cohort.n, cohort.options, note=with_note, decimals=0)


TABLE: Final = CohortTable(no_keys, figures, LAYOUT, rests_on_time=True)
