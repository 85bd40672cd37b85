"""Generalised estimating equations: means over patients of whom each has several values.

Liang KY, Zeger SL. Biometrika 1986;73:13–22. The working correlation of a patient's values is none (independence) or
the same between any two (exchangeable), estimated by the mean product of Pearson residuals over all pairs, as in R's
geepack. Errors are the sandwich's, which hold if the working correlation does not; with fewer than 40 patients they are
too small (Mancl LA, DeRouen TA. Biometrics 2001;57:126–34), and the reason says so beside the coefficients.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from projections.statistics.binary_regression import logistic_slope, sandwich, unfittable
from projections.statistics.design import Design, Observations, design
from projections.statistics.newton import Peak, Slope, ended_after, newton_step, peak
from projections.statistics.ordering import Floats
from projections.statistics.regression import Regression, coefficients, wald_test
from projections.statistics.results import FEW_CLUSTERS, LEVEL, NOT_CONVERGED, ONE_OUTCOME, ZERO_VARIANCE

Family = Literal["gaussian", "binomial"]
Correlation = Literal["exchangeable", "independence"]
CORRELATIONS: Final[tuple[Correlation, ...]] = get_args(Correlation)
CLUSTERS_WANTED: Final = 40
STEPS: Final = 200
FARTHEST: Final = 700.0  # a logit, whose odds doubles still hold
EXACT: Final = 1e-20  # of the sum of squares: what is left is no variation
REACHED: Final = 1e-12  # of a step, over the range of a covariate


class _Equations(NamedTuple):
    """The estimating equations at some coefficients: what each row adds, their slope, correlation and scale."""

    scores: Floats
    information: Floats
    correlation: float
    scale: float


def gee(
    observations: Observations, *, family: Family, correlation: Correlation = "exchangeable", level: float = LEVEL
) -> Regression:
    """Return differences of means (`gaussian`) or logarithms of odds ratios (`binomial`); the intercept is last.

    Observations need `clusters`, the patients. `parameters` are the scale and, if exchangeable, the correlation. What
    `logistic` cannot fit is not fitted.

    Raises:
        ValueError: as `design` does, where there are no clusters, and of `binomial` as `logistic` does.
    """
    given = design(observations)
    if given.clusters is None:
        raise ValueError("estimating equations need the patient of each row")
    blank = Regression(
        "GEE", f"{family}, {correlation}, errors sandwich", len(given.outcomes), n_clusters=given.n_clusters
    )
    if family == "binomial":
        events = int(given.outcomes.sum())
        blank = blank._replace(n_events=events)
        reason = unfittable(given, min(events, blank.n - events))
    else:
        reason = given.reason or (ONE_OUTCOME if np.ptp(given.outcomes) == 0 else given.too_few_clusters)
    if reason:
        return blank._replace(reason=reason, columns=given.columns)
    start = _independent(given, family)
    if start.reason:
        named = tuple(column for column in start.columns if column < len(start.at) - 1)
        return blank._replace(reason=start.reason, columns=named, convergence=start.convergence)
    return _solved(blank, given, start.at, family, correlation, level)


def _independent(given: Design, family: Family) -> Peak:
    """The coefficients as if all rows were independent."""
    if family == "binomial":
        return peak(lambda at: logistic_slope(given, at), np.zeros(given.matrix.shape[1]))
    x, y = given.matrix, given.outcomes
    at: Floats = np.asarray(np.linalg.solve(x.T @ x, x.T @ y), dtype=np.float64)
    varies = float(np.sum((y - x @ at) ** 2)) > EXACT * float(y @ y)
    return Peak(at, Slope(0.0, np.zeros(len(at)), x.T @ x), 1, None if varies else ZERO_VARIANCE)


def _solved(
    blank: Regression, given: Design, start: Floats, family: Family, correlation: Correlation, level: float
) -> Regression:
    at = start
    for steps in range(1, STEPS + 1):
        found = _equations(given, at, family, correlation)
        if found is None:
            break
        step = newton_step(found.information, found.scores.sum(axis=0))
        if step is None:
            break
        at = at + step
        if np.abs(step).max() < REACHED * max(1.0, float(np.abs(at).max())):
            return _fitted(blank, given, at, found, correlation, level)._replace(
                convergence=ended_after(steps, converged=True)
            )
    return blank._replace(reason=NOT_CONVERGED, convergence=ended_after(steps, converged=False))


def _equations(given: Design, at: Floats, family: Family, correlation: Correlation) -> _Equations | None:
    """The equations at coefficients; None where there are none, as of a correlation of 1.

    Within a patient of n rows the inverse of the working correlation takes a / (1 + (n − 1) a) of the sum off each.
    """
    from scipy.special import expit

    predictor = given.matrix @ at
    if np.abs(predictor).max() > FARTHEST and family == "binomial":
        return None
    if family == "binomial":  # (y − p) / sqrt(p (1 − p)), without the digits that p near 1 would lose
        pearson = np.where(given.outcomes > 0, np.exp(-predictor / 2), -np.exp(predictor / 2))
        spread = np.sqrt(expit(predictor) * expit(-predictor))
    else:
        pearson, spread = given.outcomes - predictor, np.ones(len(predictor))
    columns = spread[:, None] * given.matrix
    scale = float(pearson @ pearson) / len(pearson)
    sizes, by_cluster, sums = (given.summed(rows) for rows in (np.ones(len(pearson)), pearson, columns))
    pairs = float(sizes @ (sizes - 1))
    shared = float(by_cluster @ by_cluster - pearson @ pearson) / (pairs * scale) if pairs else 0.0
    a = shared if correlation == "exchangeable" else 0.0
    if a >= 1 or 1 + (sizes.max() - 1) * a <= 0:
        return None
    taken = a / (1 + (sizes - 1) * a)
    scores = given.summed(columns * pearson[:, None]) - (taken * by_cluster)[:, None] * sums
    information = columns.T @ columns - sums.T @ (taken[:, None] * sums)
    return _Equations(scores / (1 - a), information / (1 - a), a, scale)


def _fitted(
    blank: Regression, given: Design, at: Floats, found: _Equations, correlation: Correlation, level: float
) -> Regression:
    bread: Floats = np.asarray(np.linalg.inv(found.information), dtype=np.float64)
    covariance = sandwich(given, bread, found.scores)
    further = (("scale", found.scale), ("correlation", found.correlation))
    fitted = blank._replace(
        coefficients=coefficients(given.back @ at, covariance, level=level),
        covariance=covariance,
        parameters=further if correlation == "exchangeable" else further[:1],
        reason=FEW_CLUSTERS if blank.n_clusters is not None and blank.n_clusters < CLUSTERS_WANTED else None,
    )
    return fitted._replace(tests=(wald_test(fitted, range(len(at) - 1)),))
