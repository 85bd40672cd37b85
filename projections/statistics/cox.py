"""Cox's model of proportional hazards: how much more often an event happens with each covariate, at equal times.

Cox DR. J R Stat Soc B 1972;34:187–220. Late entries, covariates that change (an interval each), strata; ties by Efron
(the default) or exact. Errors clustered by patient: Lin DY, Wei LJ. J Am Stat Assoc 1989;84:1074–8. Equal to R's
survival::coxph. Tests of the whole model: likelihood ratio, score (by the likelihood), Wald (by the errors shown).
"""

from __future__ import annotations

from functools import reduce
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from projections.statistics.exact_ties import exact_slope, work
from projections.statistics.groups_at_risk import Labels
from projections.statistics.late_entry import ever_at_risk
from projections.statistics.newton import Peak, Slope, dependent_columns, peak
from projections.statistics.ordering import Floats, Numbers, doubles, equally_long
from projections.statistics.regression import Regression, coefficients, wald_test
from projections.statistics.results import (
    CONSTANT,
    DEPENDENT,
    FEWER_EVENTS,
    LEVEL,
    NO_EVENTS,
    NO_MORE_CLUSTERS,
    NOTHING_GIVEN,
    TOO_MANY,
    Outcome,
)
from projections.statistics.risk_sets import RiskSets, moments, risk_sets, shares, slope

Ties = Literal["efron", "exact"]
TIES: Final[tuple[Ties, ...]] = get_args(Ties)
EXACT_LIMIT: Final = 500_000_000  # numbers to be made at each step; some seconds


class Episodes(NamedTuple):
    """One row an interval (entry, time] of a patient, in any one unit; an entry of 0 is at risk on day 0 too.

    `covariates` are rows × columns. Errors are clustered by `clusters`, as patients, where they are given.
    """

    times: Numbers
    events: NDArray[np.bool_]
    covariates: Numbers
    entries: Numbers | None = None
    strata: Labels | None = None
    clusters: Labels | None = None


class Prepared(NamedTuple):
    """Episodes at risk, by stratum; covariates around their mean and over their range, which are `ranges`."""

    sets: list[RiskSets]
    ranges: Floats
    n: int
    n_events: int
    clusters: NDArray[np.int64] | None

    @property
    def n_clusters(self) -> int:
        """How many clusters are ever at risk; 0 where errors are not clustered."""
        kept = [sets.rows for sets in self.sets]
        return 0 if self.clusters is None or not kept else len(np.unique(self.clusters[np.concatenate(kept)]))


def cox(episodes: Episodes, *, ties: Ties = "efron", level: float = LEVEL) -> Regression:
    """Return the coefficients of the covariates: logarithms of hazard ratios.

    Intervals that are never at risk are left out, and `n` has the others. What cannot be fitted is not: no events,
    fewer events than covariates or no more clusters, a covariate of one value, covariates that depend on each other,
    and a likelihood that grows for ever; the exact likelihood also where it would take too long.

    >>> found = cox(Episodes([4, 7, 9, 11, 12], np.array([True, True, False, True, True]), [[0], [1], [0], [1], [0]]))
    >>> round(found.coefficients[0].value, 4), round(found.coefficients[0].error, 4), found.convergence
    (0.8341, 1.2299, 'converged after 4 steps')

    Raises:
        ValueError: for a time below 0, an entry below 0 or after its time, a value that is missing, no covariate,
            columns of different lengths, and clusters with the exact likelihood.
    """
    if ties == "exact" and episodes.clusters is not None:
        raise ValueError("the exact likelihood has no clustered errors; ties by Efron have")
    prepared = prepare(episodes)
    clustered = ["errors clustered"] * (prepared.clusters is not None)
    stratified = ["stratified"] * (episodes.strata is not None)
    variant = ", ".join(["ties exact" if ties == "exact" else "ties by Efron", *stratified, *clustered])
    blank = Regression("Cox", variant, prepared.n, n_events=prepared.n_events)
    if prepared.clusters is not None:
        blank = blank._replace(n_clusters=prepared.n_clusters)
    reason, columns = unfittable(prepared)
    if ties == "exact" and not reason and sum(map(work, prepared.sets)) > EXACT_LIMIT:
        reason = TOO_MANY
    if reason:
        return blank._replace(reason=reason, columns=columns)
    return _fitted(blank, prepared, ties, level)


def prepare(episodes: Episodes) -> Prepared:
    """Return episodes as risk sets.

    Raises:
        ValueError: as `cox` does.
    """
    times, events = doubles(episodes.times), np.asarray(episodes.events, dtype=np.bool_)
    x = doubles(episodes.covariates)
    entries = np.zeros(len(times)) if episodes.entries is None else doubles(episodes.entries)
    strata = np.zeros(len(times), dtype=np.int64) if episodes.strata is None else _codes(episodes.strata)
    for column in (events, x, entries, strata, times if episodes.clusters is None else episodes.clusters):
        equally_long(times, column)
    if x.ndim != 2 or not x.shape[1]:
        raise ValueError("a model needs covariates, as rows of one value a covariate")
    if (times < 0).any() or (entries < 0).any() or (entries > times).any():
        raise ValueError("an entry has to be from 0 to the time at which its interval ends")
    kept = np.flatnonzero(ever_at_risk(entries, times))
    ranges = np.ptp(x[kept], axis=0) if len(kept) else np.zeros(x.shape[1])
    scaled = (x - (x[kept].mean(axis=0) if len(kept) else 0.0)) / np.where(ranges > 0, ranges, 1.0)
    sets = [
        risk_sets(scaled, entries=entries, exits=times, events=events, rows=kept[strata[kept] == stratum])
        for stratum in np.unique(strata[kept])
    ]
    clusters = None if episodes.clusters is None else _codes(episodes.clusters)
    return Prepared(sets, ranges, len(kept), int(events[kept].sum()), clusters)


def unfittable(prepared: Prepared) -> tuple[str | None, tuple[int, ...]]:
    """Return why no model can be fitted, and for which columns; None where one can be tried.

    What clusters add to the score adds up to 0, so that clustered errors of as many coefficients as clusters, or more,
    are of a matrix that is singular.
    """
    if not prepared.n:
        return NOTHING_GIVEN, ()
    if not prepared.n_events:
        return NO_EVENTS, ()
    if prepared.n_events < len(prepared.ranges):
        return FEWER_EVENTS, ()
    null = _total(prepared, np.zeros(len(prepared.ranges)), "efron").information
    constant = np.flatnonzero((prepared.ranges == 0) | (np.diag(null) < 1e-12 * prepared.n_events))
    if len(constant):
        return CONSTANT, tuple(constant.tolist())
    dependent = dependent_columns(null)
    if dependent:
        return DEPENDENT, dependent
    too_few = prepared.clusters is not None and prepared.n_clusters <= len(prepared.ranges)
    return (NO_MORE_CLUSTERS if too_few else None), ()


def fit(prepared: Prepared, ties: Ties = "efron") -> Peak:
    """Return the maximum of the partial likelihood, on the scale of the prepared covariates."""
    return peak(lambda at: _total(prepared, at, ties), np.zeros(len(prepared.ranges)))


def _codes(labels: Labels) -> NDArray[np.int64]:
    return np.unique(labels, return_inverse=True)[1]


def _total(prepared: Prepared, at: Floats, ties: Ties) -> Slope:
    of = exact_slope if ties == "exact" else slope
    return reduce(Slope.plus, (of(sets, at) for sets in prepared.sets))


def _fitted(blank: Regression, prepared: Prepared, ties: Ties, level: float) -> Regression:
    null = _total(prepared, np.zeros(len(prepared.ranges)), ties)
    found = fit(prepared, ties)
    blank = blank._replace(convergence=found.convergence, loglik_null=null.value)
    if found.reason:
        return blank._replace(reason=found.reason, columns=found.columns)
    covariance: Floats = np.asarray(np.linalg.inv(found.slope.information), dtype=np.float64)
    if prepared.clusters is not None:
        influence = _score_residuals(prepared, found.at) @ covariance
        clustered = np.zeros((int(prepared.clusters.max()) + 1, len(found.at)))
        np.add.at(clustered, prepared.clusters, influence)
        covariance = clustered.T @ clustered
    covariance = covariance / np.outer(prepared.ranges, prepared.ranges)
    fitted = blank._replace(
        coefficients=coefficients(found.at / prepared.ranges, covariance, level=level),
        covariance=covariance,
        loglik=found.slope.value,
    )
    return fitted._replace(tests=_tests(fitted, null, found))


def _tests(fitted: Regression, null: Slope, found: Peak) -> tuple[Outcome, ...]:
    from scipy.special import chdtrc

    df = len(found.at)
    ratio = max(0.0, 2 * (found.slope.value - null.value))
    score = float(null.score @ np.linalg.solve(null.information, null.score))
    by_likelihood = (
        Outcome(name, fitted.variant, fitted.n, fitted.n, statistic=chi2, p=float(chdtrc(df, chi2)), df=df)
        for name, chi2 in (("likelihood ratio", ratio), ("score", score))
    )
    return (*by_likelihood, wald_test(fitted, range(df)))


def _score_residuals(prepared: Prepared, at: Floats) -> Floats:
    """What each row adds to the score, rows among all × covariates; 0 of rows that are never at risk."""
    assert prepared.clusters is not None
    residuals = np.zeros((len(prepared.clusters), len(at)))
    for sets in prepared.sets:
        found = moments(sets, at)
        weighed = shares(sets, found, np.ones(len(sets.deaths)))
        expected = weighed[:, None] * sets.covariates
        for column in range(len(at)):
            expected[:, column] -= shares(sets, found, found.means[:, column])
        tied = np.zeros((len(sets.times), len(at)))
        np.add.at(tied, sets.place, found.means)
        counts = np.bincount(sets.place, minlength=len(sets.times))
        own = -expected
        own[sets.deaths] += sets.covariates[sets.deaths] - (tied / counts[:, None])[sets.place]
        residuals[sets.rows] = own
    return residuals
