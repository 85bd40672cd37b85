"""The risk sets of Cox's model: at every event of a stratum, who was at risk, and with what covariates.

Cox DR. J R Stat Soc B 1972;34:187–220; tied events after Efron B. J Am Stat Assoc 1977;72:557–65: of d events at one
time the l-th (from 0) leaves l / d of the tied ones out of its risk set. An event here is one such place. Who enters
late is at risk after the entry, as everywhere (`late_entry`).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.late_entry import Counts
from projections.statistics.newton import Slope, beyond
from projections.statistics.ordering import Floats

WIDEST: Final = 600.0  # of linear predictors: the ratio of two hazards that doubles still hold


class RiskSets(NamedTuple):
    """One stratum: rows × covariates, and the event times, ascending, that passed before a row was at risk, and until
    its end. `deaths` are the rows with an event, in the order of time; `place` and `left_out` have a place for each.

    `rows` are the places of the rows among all. `spans` is nodes × rows, sparse: a binary tree over the event times, of
    which a row takes the fewest nodes that make its time at risk. So sums over risk sets only ever add: with late
    entries a difference of two sums would lose its digits where hazards differ widely.
    """

    covariates: Floats
    first: Counts
    last: Counts
    deaths: Counts
    place: Counts
    left_out: Floats
    times: Floats
    rows: Counts
    spans: Any


class Moments(NamedTuple):
    """At some coefficients: each row's hazard ratio, but for a constant, and each event's sum of them and mean."""

    risks: Floats
    sums: Floats
    means: Floats
    value: float


def risk_sets(
    covariates: Floats, *, entries: Floats, exits: Floats, events: NDArray[np.bool_], rows: Counts
) -> RiskSets:
    """Return the risk sets of the rows of one stratum; an entry of 0 is before day 0."""
    x, own = covariates[rows], exits[rows]
    times = np.unique(own[events[rows]])
    first = np.where(entries[rows] > 0, np.searchsorted(times, entries[rows], side="right"), 0)
    last = np.searchsorted(times, own, side="right")
    deaths = np.flatnonzero(events[rows])
    deaths = deaths[np.argsort(last[deaths], kind="stable")]
    place = last[deaths] - 1
    counts = np.bincount(place, minlength=len(times))
    order = np.arange(len(place)) - np.repeat(counts.cumsum() - counts, counts)
    return RiskSets(x, first, last, deaths, place, order / counts[place], times, rows, _spans(first, last, len(times)))


def over_risk_sets(sets: RiskSets, weighted: Floats) -> Floats:
    """Return, at each time, the sum of what each row has over the rows at risk."""
    nodes = sets.spans @ weighted
    size = len(nodes) // 2
    level = nodes[1:2]
    start = 2
    while start <= size:
        level = np.repeat(level, 2, axis=0) + nodes[start : 2 * start]
        start *= 2
    return np.asarray(level[: len(sets.times)])


def over_times_at_risk(sets: RiskSets, at_times: Floats) -> Floats:
    """Return, of each row, the sum of what each time has over the times at which the row is at risk."""
    size = sets.spans.shape[0] // 2
    nodes = np.zeros(2 * size)
    nodes[size : size + len(at_times)] = at_times
    start = size
    while start > 1:
        nodes[start // 2 : start] = nodes[start : 2 * start].reshape(-1, 2).sum(axis=1)
        start //= 2
    return np.asarray(sets.spans.T @ nodes)


def _spans(first: Counts, last: Counts, n_times: int) -> Any:
    """The nodes of each row: node 1 is all times, 2 and 3 its halves, and so on down to the single times."""
    from scipy.sparse import csr_array

    size = 1 << max(0, n_times - 1).bit_length()
    low, high, rows = first + size, last + size, np.arange(len(first))
    nodes, whose = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    while len(rows):
        kept = low < high
        low, high, rows = low[kept], high[kept], rows[kept]
        for taken, node in ((low % 2 == 1, low), (high % 2 == 1, high - 1)):
            nodes.append(node[taken])
            whose.append(rows[taken])
        low, high = (low + 1) // 2, high // 2
    places = np.concatenate(nodes), np.concatenate(whose)
    return csr_array((np.ones(len(places[0])), places), shape=(2 * size, len(first)))


def moments(sets: RiskSets, coefficients: Floats) -> Moments:
    """Return the moments of the covariates over the risk set of each event, and the likelihood's logarithm."""
    predictor = sets.covariates @ coefficients
    greatest = predictor.max(initial=-np.inf) if len(predictor) else 0.0
    risks = np.exp(predictor - greatest)
    weighted = risks[:, None] * np.column_stack([np.ones(len(risks)), sets.covariates])
    tied = np.zeros((len(sets.times), weighted.shape[1]))
    np.add.at(tied, sets.place, weighted[sets.deaths])
    at_event = (over_risk_sets(sets, weighted)[sets.place]) - sets.left_out[:, None] * tied[sets.place]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = at_event[:, 1:] / at_event[:, :1]
        value = float(np.sum(predictor[sets.deaths] - greatest - np.log(at_event[:, 0])))
    return Moments(risks, at_event[:, 0], means, value)


def shares(sets: RiskSets, found: Moments, weights: Floats) -> Floats:
    """Return how much each row weighs over all events, each by its weight, in the sums over their risk sets."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = weights / found.sums
    at_times = np.bincount(sets.place, each, minlength=len(sets.times)).astype(np.float64)
    left_out = np.bincount(sets.place, each * sets.left_out, minlength=len(sets.times))
    weighed = over_times_at_risk(sets, at_times)
    weighed[sets.deaths] -= left_out[sets.place]
    return np.asarray(found.risks * weighed)


def information(sets: RiskSets, found: Moments, weights: Floats) -> Floats:
    """Return the covariances of the covariates over the risk sets of all events, each by its weight, added up."""
    x = sets.covariates
    second = x.T @ (shares(sets, found, weights)[:, None] * x)
    return np.asarray(second - found.means.T @ (weights[:, None] * found.means))


def slope(sets: RiskSets, coefficients: Floats) -> Slope:
    """Return the partial likelihood of one stratum, ties by Efron."""
    if len(sets.rows) and np.ptp(sets.covariates @ coefficients) > WIDEST:
        return beyond(len(coefficients))
    found = moments(sets, coefficients)
    if not np.isfinite(found.value):
        return beyond(len(coefficients))
    score = sets.covariates[sets.deaths].sum(axis=0) - found.means.sum(axis=0)
    return Slope(found.value, score, information(sets, found, np.ones(len(sets.deaths))))
