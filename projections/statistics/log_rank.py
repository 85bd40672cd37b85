"""The log-rank test: does the event come sooner in one group than in another?

Mantel N. Cancer Chemother Rep 1966;50:163–70; Peto R, Peto J. J R Stat Soc A 1972;135:185–207. At each time of an event
the events of a group are compared with those that its share of the patients at risk would have; their variance is
hypergeometric, which takes ties exactly: it is the score test of Cox's exact likelihood. Stratified, patients are
compared within their stratum. Who enters late is at risk from the entry (`late_entry`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.groups_at_risk import Grouping, GroupsAtRisk, groups_at_risk, outcome_of, untestable
from projections.statistics.ordering import Floats, Numbers
from projections.statistics.results import Outcome


class LogRank(NamedTuple):
    """The test, and one place a group in the order of the labels: patients at risk, events, and events expected."""

    test: Outcome
    groups: tuple[Any, ...]
    n: tuple[int, ...]
    observed: tuple[int, ...]
    expected: tuple[float, ...]


def log_rank(times: Numbers, events: NDArray[np.bool_], *, grouping: Grouping) -> LogRank:
    """Return the two-sided test of all groups, one patient or interval a place; the statistic is chi-squared.

    Its degrees of freedom are those of the groups that are at risk together when something happens.

    >>> groups = Grouping(np.array(["on", "on", "off", "on", "off", "off"]))
    >>> found = log_rank([6, 5, 1, 4, 2, 3], np.array([True, False, True, True, True, False]), grouping=groups)
    >>> found.groups, found.observed, [round(events, 3) for events in found.expected], round(found.test.statistic, 3)
    (('off', 'on'), (2, 2), [0.9, 3.1], 2.469)

    Raises:
        ValueError: as `intervals` does, and where a column has another length.
    """
    strata = groups_at_risk(times, np.asarray(events) != 0, grouping=grouping)
    labels = tuple(np.unique(grouping.groups).tolist())
    n = sum((stratum.n for stratum in strata), np.zeros(len(labels), dtype=np.int64))
    observed = sum((stratum.events.sum(axis=1) for stratum in strata), np.zeros(len(labels)))
    expected = sum((_expected(stratum) for stratum in strata), np.zeros(len(labels)))
    variance = sum((_variance(stratum) for stratum in strata), np.zeros((len(labels), len(labels))))
    blank = Outcome("log-rank", grouping.variant, int(n.sum()), int(n.sum()))
    reason = untestable(n, observed)
    test = blank._replace(reason=reason) if reason else outcome_of(blank, observed - expected, variance)
    return LogRank(test, labels, tuple(n.tolist()), tuple(map(int, observed)), tuple(expected.tolist()))


def _expected(stratum: GroupsAtRisk) -> Floats:
    expected: Floats = stratum.at_risk / stratum.at_risk.sum(axis=0) @ stratum.events.sum(axis=0)
    return expected


def _variance(stratum: GroupsAtRisk) -> Floats:
    n, died = stratum.at_risk.sum(axis=0), stratum.events.sum(axis=0)
    shares = stratum.at_risk / n
    weights = died * (n - died) / np.maximum(n - 1, 1)
    variance: Floats = np.diag(shares @ weights) - (shares * weights) @ shares.T
    return variance
