"""On which line of targeted therapy the members were, over the time points: the table behind a figure of lines.

Rows: `line 1`, `line 2`, `line 3 or later`, and `no targeted therapy`. At a time point `percent` of the members who
were observed on its target day; the rows add up to these. Where two lines cover the day the later one counts; gaps
within a line are bridged as those of day 0 are, up to 90 days where nothing is said. A time point after a stop counts
for whom there was one. Who died, was lost or was not yet observed is left out, and told.

`point 1`, `point 2`, … are the percentages, one a time point, where the key `points` asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.cohort.figures.comparing import left_out_for, share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel, count_and_percent
from projections.cohort.figures.points import with_points
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import spans_of_everybody
from projections.cohort.table import CohortTable
from projections.columns.coded import Truth, coded
from projections.columns.partial_days import FOREVER, Days
from projections.therapy.treatment_lines import with_days
from registry.toml_keys import Keys

NO_LINE: Final = "no targeted therapy"
ROWS: Final = ("line 1", "line 2", "line 3 or later")

LAYOUT: Final[Layout] = (Panel("n (%)", (Column("percent", AT, "{at}", count_and_percent),)),)


class Request(NamedTuple):
    """Whether `points` are asked for."""

    points: bool


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the key `points` asks."""
    return Request(keys.yes_no("points", False))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield on which line the members were at each time point, with points where they are asked for."""
    found = _figures(cohort)
    yield from with_points(found, "percent") if request.points else found


def _figures(cohort: Cohort) -> Iterator[Figure]:
    observation = cohort.definition.observed.observation
    points = cohort.definition.time_points
    for point, anchor in zip(points, cohort.admitted.anchors(points)):
        reached = anchor != FOREVER
        day = np.where(reached, anchor + point.day, anchor)
        seen = reached & _observed(cohort, day)
        line = np.minimum(_line_on(cohort, day)[seen], len(ROWS))
        not_reached = cohort.n - int(reached.sum())
        left_out = [
            (not_reached, "without the day that it counts from"),
            (cohort.n - not_reached - len(line), "not observed on the day"),
        ]
        note = f"{left_out_for(cohort.n, left_out)}; {observation}"
        for number, row in ((0, NO_LINE), *enumerate(ROWS, 1)):
            n = int((line == number).sum())
            yield share((row, point.name, "percent"), n, len(line), cohort.options, note=note)


def _observed(cohort: Cohort, day: Days) -> Truth:
    spans = spans_of_everybody(cohort)
    return spans.holds(coded(pa.array(cohort.members, pa.string())), day) & (day <= cohort.admitted.until)


def _line_on(cohort: Cohort, day: Days) -> npt.NDArray[np.int64]:
    """Return the number of the latest line that covers a day of each member, 0 where none does."""
    bridge, partial = cohort.definition.day_zero.bridge, cohort.definition.observed.observation.partial
    lines, days = with_days(cohort.facts, max_gap_days=bridge, partial=partial)
    member, row = cohort.admitted.rows_of(coded(lines["patient"]))
    covers = np.flatnonzero((days.started[row] <= day[member]) & (day[member] <= days.stopped[row]))
    on = np.zeros(cohort.n, dtype=np.int64)
    np.maximum.at(on, member[covers], lines["line"].to_numpy().astype(np.int64)[row[covers]])
    return on


TABLE: Final = CohortTable(read_request, figures, LAYOUT, by_default=False)
