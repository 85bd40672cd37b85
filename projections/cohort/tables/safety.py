"""Adverse events by term, from day 0 to the end of observation, as the safety paragraph of a trial reports them.

Rows: `any`, then each term as it was recorded, without regard to case; a term that is called "any" is the row `term:
any`. `n` events, `patients` with one at least, on which day after day 0 they began (`onset day lowest`, `onset day
median`, …) and ended (`end day …`, of those that have), and of the patients with one in how many all had ended by a day
(`ended by day 42`). Events outside observed time are told and not counted. Rates per patient-year are a table of their
own.

With the key `lag` only events on the drug of day 0 count, and until so many days after its last one: the time point is
then `on the drug`, and their rate `per 100 patient-years` of that time stands beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.figures.address import set_apart
from projections.cohort.figures.compared import Compared, Events, Words
from projections.cohort.figures.dependent_rows import by_patient, share_of
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.figures.rate_figures import per_100_years
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import (
    ObservationTimes,
    end_told,
    observation_times,
    outside_told,
    period,
    time_at_risk,
)
from projections.cohort.table import CohortTable
from projections.columns.arrow import truth
from projections.columns.coded import day_numbers, summed
from projections.columns.partial_days import FOREVER
from projections.observation.observed_spans import DAYS_IN_A_YEAR
from projections.statistics.results import NOTHING_GIVEN
from registry.toml_keys import FARTHEST, Keys

ON_DRUG: Final = "on the drug"
ANY: Final = "any"

LAYOUT: Final[Layout] = (
    Panel(
        "Adverse events",
        (
            Column("n", AT, "events"),
            Column("patients", AT, "patients"),
            Column("per 100 patient-years", AT, "per 100 patient-years (CI)"),
            Column("onset day median", AT, "day of onset"),
            Column("end day median", AT, "day of end"),
        ),
        as_recorded=True,
    ),
)


class Event(NamedTuple):
    """An adverse event of a member: its term, and the days after day 0 on which it began and ended, None while it goes
    on.
    """

    member: int
    term: str
    began: int
    ended: int | None


class Request(NamedTuple):
    """In how many patients all events had ended by each of the days in `ended_by`, counted from day 0.

    With a `lag` in days only events on the drug, and until so long after its last day, count.
    """

    ended_by: tuple[int, ...]
    lag: int | None = None

    def period(self, cohort: Cohort) -> str:
        """Return the time in which events count, as figures call it."""
        return period(cohort) if self.lag is None else ON_DRUG

    def until(self, cohort: Cohort) -> str:
        """Return the end of that time, in words."""
        if self.lag is None:
            return end_told(cohort)
        return "the last day of the drug" + (f" and {self.lag} days more" if self.lag else "")


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `ended_by` and `lag` ask; by default nothing."""
    lag = keys.number("lag", low=0, high=FARTHEST) if keys.there("lag") else None
    return Request(keys.numbers("ended_by", (), low=0, high=FARTHEST), lag)


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of all events together, then of each term in alphabetical order."""
    observed = _observed(cohort, request)
    events, outside = _by_term(cohort, request), _outside(cohort, observed)
    yield from _row(cohort, request, ANY, list(chain.from_iterable(events.values())), outside=outside.total())
    for term in sorted(_by_term(cohort.whole, request)):
        row = set_apart(term, {ANY}, "term")
        yield from _row(cohort, request, row, events.get(term, []), outside=outside[term])


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who had one event at least, of any term and of each; with a lag the rate."""
    events, everybody = _by_term(cohort, request), np.ones(cohort.n, dtype=bool)
    rows = {ANY: list(chain.from_iterable(events.values()))}
    rows |= {set_apart(term, {ANY}, "term"): events[term] for term in sorted(events)}
    for row, of_row in rows.items():
        had = np.zeros(cohort.n, dtype=bool)
        had[[event.member for event in of_row]] = True
        yield Compared(row, request.period(cohort), "patients", Words.yes_no(had, everybody))
        if request.lag is not None:
            yield Compared(row, ON_DRUG, "per 100 patient-years", _in_time(cohort, request, of_row))


def _in_time(cohort: Cohort, request: Request, events: list[Event]) -> Events:
    """Return how many of some events each member had, and in how many of the days in which they count."""
    observed, member = _observed(cohort, request), np.array([event.member for event in events], dtype=np.intp)
    began = cohort.day_zero[member] + np.array([event.began for event in events], dtype=np.int64)
    first = summed(observed.until_first(member, began).days, observed.member, n=cohort.n)
    counted = np.bincount(member, minlength=cohort.n).astype(np.int64)
    return Events(counted, observed.days, np.ones(cohort.n, dtype=bool), first)


def _observed(cohort: Cohort, request: Request) -> ObservationTimes:
    """Return the time in which events count: with a lag that on the drug of day 0, and so many days after its last."""
    if request.lag is None:
        return time_at_risk(cohort)
    last = np.where(cohort.stopped == FOREVER, FOREVER, cohort.stopped + request.lag)
    return observation_times(cohort, since=cohort.definition.landmark).until(last)


def _by_term(cohort: Cohort, request: Request) -> dict[str, list[Event]]:
    """Return the events of the members by term, in the order in which they stand in the registry."""
    return cohort.once(("adverse events", request.lag), lambda: _terms(cohort, _observed(cohort, request)))


def _terms(cohort: Cohort, observed: ObservationTimes) -> dict[str, list[Event]]:
    events: dict[str, list[Event]] = {}
    for event in _events(cohort, observed):
        events.setdefault(event.term, []).append(event)
    return events


def _outside(cohort: Cohort, observed: ObservationTimes) -> Counter[str]:
    """Return how many events of each term since day 0 lie outside observed time."""
    recorded = cohort.facts.of("adverse_events")
    outside = observed.outside(recorded["patient"], day_numbers(recorded["started_on"]).astype(np.int64))
    return Counter(term.casefold() for term in recorded["term"].filter(pa.array(outside)).to_pylist())


def _events(cohort: Cohort, observed: ObservationTimes) -> Iterator[Event]:
    recorded = cohort.facts.of("adverse_events")
    began, ended = (day_numbers(recorded[name]).astype(np.int64) for name in ("started_on", "ended_on"))
    members = observed.of(recorded["patient"], began)
    goes_on = truth(pc.is_null(recorded["ended_on"]))
    columns: tuple[list[Any], ...] = (members.tolist(), recorded["term"].to_pylist(), began.tolist(), ended.tolist())
    for member, term, first, last, open_ in zip(*columns, goes_on.tolist()):
        if member < 0:
            continue
        zero = int(cohort.day_zero[member])
        yield Event(member, term.casefold(), first - zero, None if open_ else max(first, last) - zero)


def _row(cohort: Cohort, request: Request, row: str, events: list[Event], *, outside: int) -> Iterator[Figure]:
    members, at = {event.member for event in events}, (row, request.period(cohort))
    off = f"; {outside} off the drug or outside observed time" if outside else ""
    told = outside_told(cohort, outside) if request.lag is None else off
    observed = f"{cohort.definition.observed.observation}{told}"
    note = f"{cohort.n} patients; adverse events {period(cohort)} to {request.until(cohort)}; {observed}"
    yield Figure(
        *at,
        "n",
        value=len(events),
        text=str(len(events)),
        denominator_note=note,
        n_patients=cohort.n,
        reason=None if cohort.n else NOTHING_GIVEN,
    )
    has_one, everybody = np.isin(np.arange(cohort.n), list(members)), np.ones(cohort.n, dtype=bool)
    yield share_of(cohort, (*at, "patients"), has_one, everybody, note=note, decimals=0)
    if request.lag is not None:
        yield _rate(cohort, request, at, events, note=note)
    ended = [event.ended for event in events if event.ended is not None]
    for name, days, of in (
        ("onset", [event.began for event in events], f"{len(events)} events"),
        ("end", ended, f"{len(events)} events; {len(events) - len(ended)} go on"),
    ):
        for figure in described(at, [Fraction(day) for day in days], note=of, unit="d"):
            yield figure._replace(statistic=f"{name} day {figure.statistic}", n_patients=len(members))
    for day in request.ended_by:
        later = {event.member for event in events if event.ended is None or event.ended > day}
        of_those = f"patients with one; {len(later)} in whom one went on longer"
        by_then = ~np.isin(np.arange(cohort.n), list(later))
        yield share_of(cohort, (*at, f"ended by day {day}"), by_then, has_one, note=of_those, decimals=0)


def _rate(cohort: Cohort, request: Request, at: tuple[str, str], events: list[Event], *, note: str) -> Figure:
    """Return the rate of events over the time in which they count."""
    observed = _observed(cohort, request)
    years = int(observed.spans.days.sum()) / DAYS_IN_A_YEAR
    return by_patient(
        per_100_years(at, len(events), years, cohort.options, note=note, n_patients=cohort.n),
        cohort,
        above=np.bincount([event.member for event in events], minlength=cohort.n),
        below=observed.days,
        scale=100 * DAYS_IN_A_YEAR,
    )


def _treatment_keys(request: Request) -> tuple[str, ...]:
    """Return the keys that hold only where day 0 begins a treatment."""
    return () if request.lag is None else ("lag",)


TABLE: Final = CohortTable(
    read_request, figures, LAYOUT, rests_on_time=True, treatment_keys=_treatment_keys, compared=compared
)
