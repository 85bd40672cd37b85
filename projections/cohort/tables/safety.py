"""Adverse events by term, from day 0 to the end of observation, as the safety paragraph of a trial reports them.

Rows: `any`, then each term as it was recorded, without regard to case; a term that is called "any" is the row `term:
any`. `n` events, `patients` with one at least, on which day after day 0 they began (`onset day lowest`, `onset day
median`, …) and ended (`end day …`, of those that have), and of the patients with one in how many all had ended by a day
(`ended by day 42`). Events outside observed time are told and not counted. Rates per patient-year are a table of their
own.
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
from projections.cohort.figures.compared import Compared, Words
from projections.cohort.figures.comparing import share
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import (
    ObservationTimes,
    end_told,
    outside_told,
    period,
    time_at_risk,
)
from projections.cohort.table import CohortTable
from projections.columns.arrow import truth
from projections.columns.coded import day_numbers
from projections.statistics.results import NOTHING_GIVEN
from registry.toml_keys import FARTHEST, Keys

ANY: Final = "any"

LAYOUT: Final[Layout] = (
    Panel(
        "Adverse events",
        (
            Column("n", AT, "events"),
            Column("patients", AT, "patients"),
            Column("onset day median", AT, "day of onset"),
            Column("end day median", AT, "day of end"),
        ),
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
    """In how many patients all events had ended by each of the days in `ended_by`, counted from day 0."""

    ended_by: tuple[int, ...]


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the key `ended_by` asks; by default nothing."""
    return Request(keys.numbers("ended_by", (), low=0, high=FARTHEST))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of all events together, then of each term in alphabetical order."""
    events, outside = _by_term(cohort), _outside(cohort, time_at_risk(cohort))
    yield from _row(cohort, request, ANY, list(chain.from_iterable(events.values())), outside=outside.total())
    for term in sorted(_by_term(cohort.whole)):
        row = set_apart(term, {ANY}, "term")
        yield from _row(cohort, request, row, events.get(term, []), outside=outside[term])


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who had one event at least, of any term and of each."""
    events, everybody = _by_term(cohort), np.ones(cohort.n, dtype=bool)
    rows = {ANY: list(chain.from_iterable(events.values()))}
    rows |= {set_apart(term, {ANY}, "term"): events[term] for term in sorted(events)}
    for row, of_row in rows.items():
        had = np.zeros(cohort.n, dtype=bool)
        had[[event.member for event in of_row]] = True
        yield Compared(row, period(cohort), "patients", Words.yes_no(had, everybody))


def _by_term(cohort: Cohort) -> dict[str, list[Event]]:
    """Return the events of the members by term, in the order in which they stand in the registry."""
    return cohort.once("adverse events", lambda: _terms(cohort))


def _terms(cohort: Cohort) -> dict[str, list[Event]]:
    events: dict[str, list[Event]] = {}
    for event in _events(cohort, time_at_risk(cohort)):
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
    members, when = {event.member for event in events}, period(cohort)
    observed = f"{cohort.definition.observed.observation}{outside_told(outside)}"
    note = f"{cohort.n} patients; adverse events {when} to {end_told(cohort)}; {observed}"
    yield Figure(
        row,
        when,
        "n",
        value=len(events),
        text=str(len(events)),
        denominator_note=note,
        n_patients=cohort.n,
        reason=None if cohort.n else NOTHING_GIVEN,
    )
    yield share((row, when, "patients"), len(members), cohort.n, cohort.options, note=note, decimals=0)
    ended = [event.ended for event in events if event.ended is not None]
    for name, days, of in (
        ("onset", [event.began for event in events], f"{len(events)} events"),
        ("end", ended, f"{len(events)} events; {len(events) - len(ended)} go on"),
    ):
        for figure in described((row, when), [Fraction(day) for day in days], note=of, unit="d"):
            yield figure._replace(statistic=f"{name} day {figure.statistic}", n_patients=len(members))
    for day in request.ended_by:
        later = {event.member for event in events if event.ended is None or event.ended > day}
        at = (row, when, f"ended by day {day}")
        of_those = f"patients with one; {len(later)} in whom one went on longer"
        yield share(at, len(members - later), len(members), cohort.options, note=of_those, decimals=0)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, rests_on_time=True, compared=compared)
