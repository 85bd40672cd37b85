"""Measures before, at and after a switch to another targeted drug, of the members who switched after day 0.

Rows: `switch`, with how many `patients` did and the days from day 0 to it (`days mean`, `days median`, …); `switch:
within-class` and `switch: between-classes`; `stopped: lack-of-efficacy` and the like, why the drug before was stopped,
of those who switched. Then the rows of `projections.cohort.tables.clinical`, over those who switched, with their day of
the switch as day 0 and three time points: `before the switch`, `at the switch`, `after the switch`, each a window of
days around it. Of several values in a window the one nearest to its middle counts, at the switch the one nearest to the
switch, on or before it before any after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.definition.definition import TimePoint
from projections.cohort.definition.sections import overlaps
from projections.cohort.figures.compared import Compared, Words
from projections.cohort.figures.comparing import left_out_for, share
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.switches import KINDS, Switches, switches
from projections.cohort.table import CohortTable
from projections.cohort.tables import clinical
from registry.catalogue.codes import STOP_REASONS
from registry.toml_keys import FARTHEST, Keys

PERIOD: Final = "from day 0"
NAMES: Final = ("before the switch", "at the switch", "after the switch")
BEFORE: Final = (-365, -91)
AT_IT: Final = (-90, 14)
AFTER: Final = (91, 365)
COMPARED: Final = ((NAMES[0], NAMES[1]), (NAMES[1], NAMES[2]), (NAMES[0], NAMES[2]))

LAYOUT: Final[Layout] = (
    Panel(
        "Who switched",
        (Column("patients", AT, "patients"), Column("days median", AT, "days since day 0, median (range)")),
        rows="switch.*|stopped: .+",
    ),
    *clinical.LAYOUT,
)


class Request(NamedTuple):
    """Which `measures` (empty: all that anybody has), at which three time points around the switch."""

    measures: tuple[str, ...]
    around: tuple[TimePoint, ...]


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `measures`, `before`, `at` and `after` ask; days count from the switch."""
    measures = keys.words("measures", keys.catalogue.described)
    before = keys.days("before", BEFORE, low=-FARTHEST, high=-1)
    at = keys.days("at", AT_IT, low=-FARTHEST, high=FARTHEST)
    after = keys.days("after", AFTER, low=1, high=FARTHEST)
    if not at[0] <= 0 <= at[1]:
        keys.wrong("at", f"goes from day {at[0]} to day {at[1]} and leaves out the day of the switch, 0")
    days = (sum(before) // 2, 0, sum(after) // 2)
    around = tuple(TimePoint(name, day, *window) for name, day, window in zip(NAMES, days, (before, at, after)))
    if overlaps(around):
        keys.wrong("", "before, at and after share days; a day belongs to one of them")
    return Request(measures, around)


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield who switched, then the measures around the switch."""
    switched = switches(cohort)
    yield from _switched(cohort, switched)
    around = _around(cohort, request)
    yield from clinical.figures(around, clinical.Request(request.measures, COMPARED, completeness=True))


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who switched."""
    yes = np.isin(np.arange(cohort.n), switches(cohort).member)
    yield Compared("switch", PERIOD, "patients", Words.yes_no(yes, np.ones(cohort.n, dtype=bool)))


def _around(cohort: Cohort, request: Request) -> Cohort:
    """Return the members who switched, counted from their switch; of a group those of the whole who are in it."""
    if cohort.whole is not cohort:
        own = np.isin(switches(cohort.whole).member, cohort.rows)
        of_whole = _around(cohort.whole, request)
        return of_whole.of_members(np.flatnonzero(own), "switched").with_options(cohort.options)
    found = switches(cohort)
    return cohort.counted_from(found.member, found.day, found.precision, time_points=request.around)


def _switched(cohort: Cohort, switched: Switches) -> Iterator[Figure]:
    n, at = len(switched.member), ("switch", PERIOD)
    note = f"{cohort.n} patients; first line with another agent after day 0"
    yield share((*at, "patients"), n, cohort.n, cohort.options, note=note)
    known = [Fraction(day - int(cohort.day_zero[row])) for row, day in zip(switched.member, switched.day.tolist())]
    for figure in described(at, known, note=left_out_for(cohort.n, [(cohort.n - n, "without a switch")]), unit="d"):
        yield figure._replace(statistic=f"days {figure.statistic}")
    for kind in KINDS:
        at_kind = (f"switch: {kind}", PERIOD, "patients")
        yield share(at_kind, switched.kind.count(kind), n, cohort.options, note=f"{n} patients who switched")
    without = switched.reason.count(None)
    note = left_out_for(n, [(without, "whose drug before went on, or was stopped for a reason that was not said")])
    for reason in STOP_REASONS:
        if (stopped := switched.reason.count(reason)) > 0:
            at_reason = (f"stopped: {reason}", PERIOD, "patients")
            yield share(at_reason, stopped, n - without, cohort.options, note=note)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, by_default=False, compared=compared)
