"""Curves of groups compared: how long until an end, by log-rank; one cause among others, by Gray's test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from projections.cohort.figures.compared import Compared, Durations
from projections.cohort.figures.comparison import Comparison
from projections.cohort.figures.figures import Figure
from projections.columns.coded import Rows
from projections.statistics.gray import gray
from projections.statistics.groups_at_risk import Grouping
from projections.statistics.late_entry import Entry
from projections.statistics.log_rank import log_rank
from projections.statistics.results import why_not_compared


def curve_figures(comparison: Comparison, compared: Compared, of: Durations) -> Iterator[Figure]:
    """Yield the test of the curves of all groups; where one has nobody at risk there is none."""
    groups = comparison.groups.of[of.member]
    begins = np.maximum(of.entry, of.from_day)
    rows = np.flatnonzero((groups >= 0) & ((begins < of.exit) | (begins == 0)))
    rows = rows[np.lexsort((of.causes[rows], of.entry[rows], of.exit[rows]))]
    places = range(len(comparison.groups.names))
    sizes = [len(np.unique(of.member[rows[groups[rows] == place]])) for place in places]
    rank = _ranked(of, [rows[groups[rows] == place] for place in places])
    grouping = Grouping(rank[groups[rows]], entry=Entry(of.entry[rows], of.member[rows], of.from_day))
    if of.cause is None:
        outcome = log_rank(of.exit[rows], of.causes[rows] != 0, grouping=grouping).test
    else:
        outcome = gray(of.exit[rows], of.causes[rows], grouping=grouping, cause=of.cause)
        outcome = outcome._replace(variant=outcome.variant.removeprefix(f"cause {of.cause}, "))
    if reason := why_not_compared(sizes):
        outcome = outcome._replace(statistic=None, p=None, df=None, reason=reason)
    yield from comparison.test(compared, outcome, note=comparison.counted(sizes))


def _ranked(of: Durations, groups: list[Rows]) -> Rows:
    """Return the place of each group in an order of what is in it."""
    contents = [
        (len(rows), of.exit[rows].tolist(), of.entry[rows].tolist(), of.causes[rows].tolist()) for rows in groups
    ]
    rank = np.zeros(len(groups), dtype=np.intp)
    rank[sorted(range(len(groups)), key=lambda place: contents[place])] = np.arange(len(groups))
    return rank
