"""How much of NSAIDs the members took between days after day 0, by the ASAS index (Ann Rheum Dis 2011;70:249–51).

Row `NSAID index`: `known`, and its `mean`, `sd`, `median`, quartiles, `lowest` and `highest`; 0 is no intake, 100 the
full dose on every day. Rows `no NSAID` and `index at least 50`, for each limit that is asked for: `patients`, of those
whose index is known. Who was not observed throughout has none, nor has who took an NSAID without an equivalent dose, or
one whose dose, unit or frequency was not recorded or is not understood: each is told. See
`projections.therapy.nsaid_index`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.cohort.figures.compared import Compared, Numbers, Words, among
from projections.cohort.figures.comparing import left_out_for
from projections.cohort.figures.completeness import KNOWN, share_known
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, QUARTILES, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.named_treatments import agents_of
from projections.cohort.members.observation_time import spans_of_everybody
from projections.cohort.table import CohortTable
from projections.columns.coded import Rows, Truth, coded
from projections.therapy.drug_courses import drug_courses
from projections.therapy.nsaid_index import NsaidIndex, nsaid_index
from registry.catalogue.instruments.nsaid_score import RULE
from registry.toml_keys import FARTHEST, Keys

NSAID: Final = "NSAID"
ROW: Final = "NSAID index"
DAYS: Final = (0, 365)
HIGH: Final = (50,)
HIGHEST_LIMIT: Final = 1000

LAYOUT: Final[Layout] = (
    Panel(
        "0: none; 100: the full dose on every day",
        (
            Column("mean", AT, "mean ± SD"),
            Column("median", AT, "median (range)"),
            Column("median", AT, "median (IQR)", within=QUARTILES),
            Column(KNOWN, AT, "known"),
        ),
        rows=ROW,
    ),
    Panel("Patients", (Column("patients", AT, "{at}"),)),
)


class Request(NamedTuple):
    """Between each two consecutive of some `days` after day 0; who has an index of `at_least` so much."""

    days: tuple[int, ...]
    at_least: tuple[int, ...]


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `days` and `at_least` ask; by default the first year, and an index of 50."""
    days = keys.numbers("days", DAYS, low=-FARTHEST, high=FARTHEST)
    if len(days) < 2:
        keys.wrong("days", "names no interval; write two days at least, as [0, 365]")
    return Request(days, keys.numbers("at_least", HIGH, low=1, high=HIGHEST_LIMIT))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of each interval between two consecutive days."""
    for interval in pairwise(request.days):
        yield from _over(cohort, request, interval)


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: the index over each interval, who had none, who had so much."""
    for interval in pairwise(request.days):
        taken = _taken(cohort, interval)
        at = _named(interval)
        yield Compared(ROW, at, "mean", Numbers(taken.values))
        for row, yes in _shares(taken, request):
            yield Compared(row, at, "patients", Words.yes_no(yes, taken.known))


class _Taken(NamedTuple):
    """One row a member: the index over an interval, None where it is not known; `note` says of how many, and why.

    `nothing` is of whom it is known and who took no NSAID, not on one day either.
    """

    values: list[Fraction | None]
    nothing: Truth
    note: str

    @property
    def known(self) -> Truth:
        """Whose index is known."""
        return np.array([value is not None for value in self.values], dtype=bool)


def _over(cohort: Cohort, request: Request, interval: tuple[int, int]) -> Iterator[Figure]:
    taken, at = _taken(cohort, interval), (ROW, _named(interval))
    yield share_known(cohort, at, taken.known, note=taken.note)
    for figure in described(at, [value for value in taken.values if value is not None], note=taken.note):
        yield figure._replace(variant=f"{RULE}; {figure.variant}" if figure.variant else RULE)
    for row, yes in _shares(taken, request):
        patients = share_of(cohort, (row, at[1], "patients"), yes, taken.known, note=taken.note)
        yield patients._replace(variant=f"{RULE}; {patients.variant}")


def _named(interval: tuple[int, int]) -> str:
    return f"day {interval[0]} to day {interval[1]}"


def _shares(taken: _Taken, request: Request) -> Iterator[tuple[str, Truth]]:
    """Yield who took no NSAID, and whose index is at least each limit, each with the name of its row."""
    values = taken.values
    yield "no NSAID", taken.nothing
    for limit in request.at_least:
        at_least = [value is not None and value >= limit for value in values]
        yield f"index at least {limit}", np.array(at_least, dtype=bool)


def _taken(cohort: Cohort, interval: tuple[int, int]) -> _Taken:
    return cohort.once(("NSAIDs taken", interval), lambda: _made(cohort, interval))


def _made(cohort: Cohort, interval: tuple[int, int]) -> _Taken:
    seen = _observed_throughout(cohort, interval)
    index = _index(cohort, np.flatnonzero(seen), interval)
    nothing = np.zeros(cohort.n, dtype=bool)
    nothing[seen] = np.array([value == 0 for value in index.values], dtype=bool) & ~index.taken
    return _Taken(among(index.values, np.flatnonzero(seen), cohort.n), nothing, _note(cohort, seen, index))


def _observed_throughout(cohort: Cohort, interval: tuple[int, int]) -> Truth:
    """Return which members were observed from the first day of an interval to its last one."""
    spans = spans_of_everybody(cohort)
    member, span = spans.joined(coded(pa.array(cohort.members, pa.string())))
    first, last = (cohort.day_zero[member] + day for day in interval)
    seen = np.zeros(cohort.n, dtype=bool)
    seen[member[(spans.began[span] <= first) & (last <= spans.ended[span])]] = True
    within = cohort.day_zero + interval[1] <= cohort.admitted.until
    return seen & within & ~cohort.admitted.to_the_year


def _index(cohort: Cohort, members: Rows, interval: tuple[int, int]) -> NsaidIndex:
    """Return the index of some members over an interval of days after day 0."""
    agents = agents_of((NSAID,), cohort.facts.catalogue)
    courses = drug_courses(cohort.facts, agents, partial=cohort.definition.observed.observation.partial)
    period, course = cohort.admitted.take(members).rows_of(courses.patient)
    began, ended = (cohort.day_zero[members] + day for day in interval)
    return nsaid_index(courses.take(course), period, began=began, ended=ended)


def _note(cohort: Cohort, seen: Truth, index: NsaidIndex) -> str:
    unequalled = int(index.without_equivalent.sum())
    without = len(index.values) - len(index.known) - unequalled
    to_the_year = int(cohort.admitted.to_the_year.sum())
    note = left_out_for(
        cohort.n,
        [
            (to_the_year, "with day 0 known to the year only"),
            (cohort.n - int(seen.sum()) - to_the_year, "not observed throughout"),
            (unequalled, "with an NSAID without an equivalent dose"),
            (without, "with an NSAID whose dose a day is not known"),
        ],
    )
    partial = sum(value is not None and on for value, on in zip(index.values, index.on_partial_days.tolist()))
    told = f"{note}; {cohort.definition.observed.observation}"
    return told + (f"; {partial} resting on a partial day" if partial else "")


TABLE: Final = CohortTable(read_request, figures, LAYOUT, rests_on_time=True, by_default=False, compared=compared)
