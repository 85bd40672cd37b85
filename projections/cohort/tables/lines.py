"""On which line of targeted therapy the members were, over the time points: the table behind a figure of lines.

Rows: `line 1`, `line 2`, `line 3 or later`, and `no targeted therapy`. At a time point `percent` of the members who
were observed on its target day; the rows add up to these. Where two lines cover the day the later one counts; gaps
within a line are bridged as those of day 0 are, up to 90 days where nothing is said. To begin an agent again is a line
of its own, be it the last one or an earlier one: how many are on such a line is told in the note. A time point after a
stop counts for whom there was one. Who died, was lost or was not yet observed is left out, and told.

The row `line of therapy` has what is of all of them: by which line groups are compared, and of how many of all members
it is `known`, where the key `completeness` asks for it.

`point 1`, `point 2`, … are the percentages, one a time point, where the key `points` asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import TimePoint
from projections.cohort.figures.compared import Compared, Words
from projections.cohort.figures.comparing import left_out_for
from projections.cohort.figures.completeness import COMPLETENESS, asks_completeness, share_known
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel, count_and_percent
from projections.cohort.figures.points import with_points
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import observed_on
from projections.cohort.members.switches import lines_of_everybody
from projections.cohort.table import CohortTable
from projections.columns.arrow import ArrowTable, truth
from projections.columns.coded import Rows, Truth, coded
from projections.columns.partial_days import Days
from projections.therapy.treatment_episodes import EpisodeDays
from registry.toml_keys import Keys

NO_LINE: Final = "no targeted therapy"
ROWS: Final = ("line 1", "line 2", "line 3 or later")
CODES: Final = (NO_LINE, *ROWS)
ANY_LINE: Final = "line of therapy"

LAYOUT: Final[Layout] = (
    Panel("n (%)", (Column("percent", AT, "{at}", count_and_percent),)),
    COMPLETENESS,
)


class Request(NamedTuple):
    """Whether `points` and of how many it is known are asked for."""

    points: bool
    completeness: bool


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `points` and `completeness` ask."""
    return Request(keys.yes_no("points", False), asks_completeness(keys))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield on which line the members were at each time point, with points where they are asked for."""
    found = _figures(cohort, request)
    yield from with_points(found, "percent") if request.points else found


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: on which line the members were at each time point."""
    for point in cohort.definition.time_points:
        on = _on_lines(cohort, point)
        words = [CODES[line] if seen else None for line, seen in zip(on.line.tolist(), on.seen.tolist())]
        yield Compared(ANY_LINE, point.name, "percent", Words(words, CODES))


def _figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    for point in cohort.definition.time_points:
        on = _on_lines(cohort, point)
        left_out = cohort.absent_at(point.name, int((~on.seen).sum()), "not observed on the day")
        note = f"{left_out_for(cohort.n, left_out)}; {cohort.definition.observed.observation}"
        if request.completeness:
            yield share_known(cohort, (ANY_LINE, point.name), on.seen, note=note)
        for number, row in enumerate(CODES):
            own = on.seen & (on.line == number)
            again = int((own & on.again).sum())
            told = f"{note}; {again} on an agent begun again" if again else note
            yield share_of(cohort, (row, point.name, "percent"), own, on.seen, note=told)


class _OnLines(NamedTuple):
    """One row a member: whether the member was `seen` on the day of a time point, and on which `line`.

    `line` is a place in `CODES`; `again` says whether its agent had been given in an earlier line.
    """

    seen: Truth
    line: Rows
    again: Truth


def _on_lines(cohort: Cohort, point: TimePoint) -> _OnLines:
    return cohort.once(("on lines", point), lambda: _made(cohort, point))


def _made(cohort: Cohort, point: TimePoint) -> _OnLines:
    day = cohort.target(point.name)
    lines, days = lines_of_everybody(cohort)
    on = _latest(cohort, lines, days, day)
    number = np.append(lines["line"].to_numpy().astype(np.intp), 0)[on]
    again = np.append(truth(pc.equal(lines["switch_kind"].cast(pa.string()), "restart")), False)[on]
    seen = ~cohort.without_anchor(point.name) & observed_on(cohort, day)
    return _OnLines(seen, np.minimum(number, len(ROWS)), again)


def _latest(cohort: Cohort, lines: ArrowTable, days: EpisodeDays, day: Days) -> Rows:
    """Return the row of the latest line that covers a day of each member, -1 where none does."""
    member, row = cohort.admitted.rows_of(coded(lines["patient"]))
    covers = np.flatnonzero((days.started[row] <= day[member]) & (day[member] <= days.stopped[row]))
    on = np.full(cohort.n, -1, dtype=np.intp)
    np.maximum.at(on, member[covers], row[covers])
    return on


TABLE: Final = CohortTable(read_request, figures, LAYOUT, by_default=False, compared=compared)
