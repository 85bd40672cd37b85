"""Measures before, at and after a switch to another targeted drug, of the members who switched after day 0.

Rows: `switch`, with how many `patients` did and the days from day 0 to it (`days mean`, `days median`, …); `return`,
how many began an agent again that they had had before the last one, which is no switch unless the definition says so;
`switch: within-class`, `switch: between-classes` and, where it is one, `switch: return`; `stopped: lack-of-efficacy`
and the like, why the drug before was stopped, of those who switched. Then the rows of
`projections.cohort.tables.clinical`, over those who switched, with their day of the switch as day 0 and three time
points: `before the switch`, `at the switch`, `after the switch`, each a window of days around it. Of several values in
a window the one nearest to its middle counts, at the switch the one nearest to the switch, on or before it before any
after.

Groups are compared by whether, how, when and why their members switched, and by the measures of those who did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.definition.definition import TimePoint
from projections.cohort.definition.sections import overlaps
from projections.cohort.figures.compared import Compared, Numbers, Words
from projections.cohort.figures.comparing import left_out_for
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel, quartiles_of
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.first_changes import FirstChanges
from projections.cohort.members.switches import returns, switches, together
from projections.cohort.table import CohortTable
from projections.cohort.tables import clinical
from projections.columns.coded import Rows, Truth
from projections.therapy.switches import BETWEEN, CHANGES, WITHIN
from registry.catalogue.codes import STOP_REASONS
from registry.toml_keys import FARTHEST, Keys

PERIOD: Final = "from day 0"
KIND: Final = "kind of switch"  # two tests: whether there was one, and which
NAMES: Final = ("before the switch", "at the switch", "after the switch")
BEFORE: Final = (-365, -91)
AT_IT: Final = (-90, 14)
AFTER: Final = (91, 365)
COMPARED: Final = ((NAMES[0], NAMES[1]), (NAMES[1], NAMES[2]), (NAMES[0], NAMES[2]))

LAYOUT: Final[Layout] = (
    Panel(
        "Who switched",
        (
            Column("patients", AT, "patients"),
            Column("days median", AT, "days since day 0, median (range)"),
            Column("days median", AT, "median (IQR)", within=quartiles_of("days")),
        ),
        rows="switch.*|return|stopped: .+",
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
    yield from _switched(cohort, switches(cohort))
    yield from clinical.figures(_around(cohort, request), _asked(request))


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who switched and returned, when, how, why; the measures around the switch."""
    switched, everybody = switches(cohort), np.ones(cohort.n, dtype=bool)
    for row, found in (("switch", switched), ("return", returns(cohort))):
        yes = np.isin(np.arange(cohort.n), found.member)
        yield Compared(row, PERIOD, "patients", Words.yes_no(yes, everybody))
    of_those: list[Compared] = [
        Compared("switch", PERIOD, "days mean", Numbers(_days(cohort, switched), "d", ranks="days median")),
        Compared(KIND, PERIOD, "patients", Words(switched.kind, _kinds(cohort))),
        Compared("stopped", PERIOD, "patients", Words(switched.reason, STOP_REASONS)),
        *clinical.compared(_around(cohort, request), _asked(request)),
    ]
    yield from (each.among(switched.member, cohort.n) for each in of_those)


def _asked(request: Request) -> clinical.Request:
    return clinical.Request(request.measures, COMPARED, completeness=True)


def _around(cohort: Cohort, request: Request) -> Cohort:
    """Return the members who switched, counted from their switch; of a group those of the whole who are in it."""
    return cohort.once(("around the switch", request), lambda: _counted(cohort, request)).with_options(cohort.options)


def _counted(cohort: Cohort, request: Request) -> Cohort:
    if cohort.whole is not cohort:
        own = np.isin(switches(cohort.whole).member, cohort.rows)
        return _around(cohort.whole, request).of_members(np.flatnonzero(own), "switched")
    found = switches(cohort)
    return cohort.counted_from(found.member, found.day, found.precision, time_points=request.around)


def _days(cohort: Cohort, switched: FirstChanges) -> list[Fraction]:
    """Return the days from day 0 to the switch of each who switched."""
    return [Fraction(day) for day in (switched.day - cohort.day_zero[switched.member]).tolist()]


def _kinds(cohort: Cohort) -> tuple[str, ...]:
    """Return the kinds of switches that there can be."""
    return CHANGES if cohort.definition.day_zero.returns else (WITHIN, BETWEEN)


def _switched(cohort: Cohort, switched: FirstChanges) -> Iterator[Figure]:
    n, at = len(switched.member), ("switch", PERIOD)
    counting = "a return to an earlier one too" if cohort.definition.day_zero.returns else "no return to an earlier one"
    note = f"{cohort.n} patients; first line with another agent after day 0, {counting}"
    if n_together := len(together(cohort).member):
        note += f"; {n_together} with several targeted agents begun on one day, which is no switch"
    everybody, who = np.ones(cohort.n, dtype=bool), _among(cohort, switched.member)
    yield share_of(cohort, (*at, "patients"), who, everybody, note=note)
    note = left_out_for(cohort.n, [(cohort.n - n, "without a switch")])
    for figure in described(at, _days(cohort, switched), note=note, unit="d"):
        yield figure._replace(statistic=f"days {figure.statistic}")
    note = f"{cohort.n} patients; an earlier agent begun again after another one, after day 0"
    returned = _among(cohort, returns(cohort).member)
    yield share_of(cohort, ("return", PERIOD, "patients"), returned, everybody, note=note)
    for kind in _kinds(cohort):
        at_kind = (f"switch: {kind}", PERIOD, "patients")
        of_kind = _among(cohort, _with(switched, switched.kind, kind))
        yield share_of(cohort, at_kind, of_kind, who, note=f"{n} patients who switched")
    yield from _stopped(cohort, switched)


def _stopped(cohort: Cohort, switched: FirstChanges) -> Iterator[Figure]:
    """Yield why the drug before was stopped, every reason that somebody of the whole has."""
    n, without = len(switched.member), switched.reason.count(None)
    note = left_out_for(n, [(without, "whose drug before went on, or was stopped for a reason that was not said")])
    said = set(switches(cohort.whole).reason)
    known = _among(cohort, switched.member) & ~_among(cohort, _with(switched, switched.reason, None))
    for reason in STOP_REASONS:
        if reason in said:
            at = (f"stopped: {reason}", PERIOD, "patients")
            yield share_of(cohort, at, _among(cohort, _with(switched, switched.reason, reason)), known, note=note)


def _among(cohort: Cohort, members: Rows) -> Truth:
    """Return of all members which are some of them."""
    among = np.zeros(cohort.n, dtype=bool)
    among[members] = True
    return among


def _with(switched: FirstChanges, words: Sequence[str | None], word: str | None) -> Rows:
    """Return the members who switched of whom something is a word, or None."""
    members: Rows = switched.member[np.array([each == word for each in words], dtype=bool)]
    return members


TABLE: Final = CohortTable(read_request, figures, LAYOUT, by_default=False, compared=compared)
