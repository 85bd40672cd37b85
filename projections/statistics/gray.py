"""Gray's test: do the cumulative incidences of one cause differ between groups, others competing with it?

Gray RJ. Ann Stat 1988;16:1141–54, with rho = 0: the hazards of subdistributions are compared, in which who has had a
competing event stays at risk. The variance takes ties as R's cmprsk does. The theory has everybody under observation
from day 0; where anybody enters late there is no test.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.groups_at_risk import Grouping, GroupsAtRisk, groups_at_risk, outcome_of, untestable
from projections.statistics.ordering import Floats, Numbers
from projections.statistics.results import LATE_ENTRIES, Outcome


class _Curves(NamedTuple):
    """Times × groups, each curve just before the time unless it is `survival_after`; `pooled` has one place a time."""

    at_risk: Floats
    events: Floats
    competing: Floats
    survival: Floats
    survival_after: Floats
    incidence: Floats
    pooled: Floats


def gray(times: Numbers, causes: NDArray[np.integer], *, grouping: Grouping, cause: int = 1) -> Outcome:
    """Return the two-sided test of one cause between all groups, one patient a place; the statistic is chi-squared.

    `causes` are 0 where follow-up ended.

    >>> groups = Grouping(np.array(["on", "off", "on", "off", "on", "off"]))
    >>> found = gray([1, 2, 3, 4, 5, 6], np.array([1, 1, 2, 1, 0, 1]), grouping=groups)
    >>> round(found.statistic, 4), found.df
    (0.1987, 1)

    Raises:
        ValueError: as `intervals` does, and where a column has another length.
    """
    strata = groups_at_risk(times, causes, grouping=grouping)
    n_groups = len(np.unique(grouping.groups))
    n = sum((stratum.n for stratum in strata), np.zeros(n_groups, dtype=np.int64))
    blank = Outcome("Gray", f"cause {cause}, {grouping.variant}", int(n.sum()), int(n.sum()))
    if any(stratum.late for stratum in strata):
        return blank._replace(reason=LATE_ENTRIES)
    happened = [stratum for stratum in strata if len(stratum.causes) >= cause]
    observed = sum((stratum.causes[cause - 1].sum(axis=1) for stratum in happened), np.zeros(n_groups))
    reason = untestable(n, observed)
    if reason:
        return blank._replace(reason=reason)
    sums, variance = (sum(parts) for parts in zip(*(_compared(_curves(stratum, cause)) for stratum in happened)))
    return outcome_of(blank, sums, variance)


def _curves(stratum: GroupsAtRisk, cause: int) -> _Curves:
    at_risk, events = stratum.at_risk.T, stratum.causes[cause - 1].T
    competing = stratum.events.T - events
    divisor = np.maximum(at_risk, 1)
    after = np.cumprod(1 - (events + competing) / divisor, axis=0)
    survival = _before(after, 1.0)
    incidence = _before(np.cumsum(survival * events / divisor, axis=0), 0.0)
    pooled = np.cumsum(events.sum(axis=1) / _weights(at_risk, survival).sum(axis=1))
    return _Curves(at_risk, events, competing, survival, after, incidence, pooled)


def _before(curve: Floats, start: float) -> Floats:
    """A right-continuous curve just before each time."""
    return np.concatenate([np.full_like(curve[:1], start), curve[:-1]])


def _weights(at_risk: Floats, survival: Floats) -> Floats:
    """The patients at risk as if censoring alone had taken any of them; 0 where nobody is left."""
    return np.asarray(np.divide(at_risk, survival, out=np.zeros_like(at_risk), where=at_risk > 0))


def _compared(curves: _Curves) -> tuple[Floats, Floats]:
    """The sums of one stratum, observed minus expected of each group, and their variance."""
    weights = _weights(curves.at_risk, curves.survival)
    own = curves.events.sum(axis=1, keepdims=True)
    subdistribution = weights * (1 - curves.incidence)
    sums = (curves.events - own * subdistribution / subdistribution.sum(axis=1, keepdims=True)).sum(axis=0)
    total = weights.sum(axis=1)
    scores = np.einsum("tg,gh->tgh", weights, np.eye(weights.shape[1]))
    scores -= np.einsum("tg,th->tgh", weights, weights / total[:, None])
    gone = np.cumsum(scores * (own[:, 0] / (total * (1 - _before(curves.pooled, 0.0))))[:, None, None], axis=0)
    return sums, _variance(curves, scores, gone)


def _variance(curves: _Curves, scores: Floats, gone: Floats) -> Floats:
    """The variance of the sums: `scores` and `gone` are times × groups × the group in which something happens."""
    left = 1 - curves.pooled[:, None]
    reached = np.divide(
        left, curves.survival_after, out=np.zeros_like(curves.survival), where=curves.survival_after > 0
    )
    event_factor = np.where(curves.survival_after > 0, 1 - reached, 1.0)
    last = gone[-1]
    variance: Floats = np.zeros_like(last)
    for factor, part, size in (
        (event_factor, scores - event_factor[:, None, :] * gone, _by_own(curves)),
        (-reached, reached[:, None, :] * gone, _by_others(curves)),
    ):
        mixed = np.einsum("tgk,tk->gk", part, factor * size)
        variance += np.einsum("tgk,thk,tk->gh", part, part, size) + (last * np.sum(factor**2 * size, axis=0)) @ last.T
        variance += last @ mixed.T + mixed @ last.T
    return variance


def _by_own(curves: _Curves) -> Floats:
    """How much the events of the cause vary, as if multinomial over the groups."""
    own = curves.events.sum(axis=1, keepdims=True)
    total = _weights(curves.at_risk, curves.survival).sum(axis=1, keepdims=True)
    spread = total * curves.survival
    tied = np.where(own > 1, 1 - (own - 1) / np.where(spread > 1, spread - 1, 1.0), 1.0)
    sizes = tied * curves.survival * own
    return np.asarray(np.divide(sizes, total * curves.at_risk, out=np.zeros_like(sizes), where=curves.at_risk > 0))


def _by_others(curves: _Curves) -> Floats:
    """How much the competing events of each group vary; 0 where they were the last of it."""
    tied = np.where(curves.competing > 1, 1 - (curves.competing - 1) / np.maximum(curves.at_risk - 1, 1), 1.0)
    sizes = tied * curves.survival**2 * curves.competing
    counts = (curves.competing > 0) & (curves.survival_after > 0)
    return np.asarray(np.divide(sizes, curves.at_risk**2, out=np.zeros_like(sizes), where=counts))
