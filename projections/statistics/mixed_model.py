"""The linear mixed model with a random intercept: values over time, of which one patient has several.

Laird NM, Ware JH. Biometrics 1982;38:963–74; restricted maximum likelihood: Patterson HD, Thompson R. Biometrika
1971;58:545–54. With t as variance between patients over that within, the likelihood depends on t alone, and its slope
is 0 at the estimate. Coefficients and errors are by generalised least squares at the estimated variances, as in R's
nlme; limits and p by the normal distribution. Where patients differ no more than their values do, t is 0.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from projections.statistics.design import Design, Observations, design
from projections.statistics.ordering import Floats
from projections.statistics.regression import Regression, coefficients, wald_test
from projections.statistics.results import LEVEL, NO_REPEATS, ONE_OUTCOME, ZERO_VARIANCE

LEAST: Final = 1e-10  # of t; below it is 0
MOST: Final = 1e10
EXACT: Final = 1e-20  # of the sum of squares: what is left is no variation


class _Sums(NamedTuple):
    """The design with what its rows add up to by cluster."""

    given: Design
    sizes: Floats
    columns: Floats
    outcomes: Floats


class _Squares(NamedTuple):
    """Generalised least squares at a ratio of variances: coefficients, residual sum of squares, information."""

    at: Floats
    residual: float
    information: Floats
    residuals: Floats  # by cluster, added up


def mixed_model(observations: Observations, *, level: float = LEVEL) -> Regression:
    """Return the differences of means by each covariate, in the unit of the outcome; the intercept is last.

    Observations need `clusters`, the patients. `parameters` are the standard deviations between and within patients.
    Without any patient who has two rows, with one patient, and without any variation within patients there is no model.

    Raises:
        ValueError: as `design` does, and where there are no clusters.
    """
    given = design(observations)
    if given.clusters is None:
        raise ValueError("a mixed model needs the patient of each row")
    blank = Regression("linear mixed", "REML, random intercept", len(given.outcomes), n_clusters=given.n_clusters)
    reason = given.reason or _untellable(given)
    if reason:
        return blank._replace(reason=reason, columns=given.columns)
    ones = np.ones(len(given.outcomes))
    sums = _Sums(given, *(given.summed(rows) for rows in (ones, given.matrix, given.outcomes)))
    at_once = _squares(sums, 0.0)
    if at_once.residual <= EXACT * float(given.outcomes @ given.outcomes):
        return blank._replace(reason=ZERO_VARIANCE)
    ratio = _ratio_of_variances(sums)
    return blank._replace(reason=ZERO_VARIANCE) if ratio is None else _fitted(blank, sums, ratio, level)


def _untellable(given: Design) -> str | None:
    if np.ptp(given.outcomes) == 0:
        return ONE_OUTCOME
    return NO_REPEATS if given.n_clusters in (1, len(given.outcomes)) else None


def _squares(sums: _Sums, ratio: float) -> _Squares:
    """Generalised least squares: of each cluster's sums, ratio / (1 + n ratio) of the square is taken off."""
    x, y = sums.given.matrix, sums.given.outcomes
    taken = ratio / (1 + sums.sizes * ratio)
    information = x.T @ x - sums.columns.T @ (taken[:, None] * sums.columns)
    right = x.T @ y - sums.columns.T @ (taken * sums.outcomes)
    at: Floats = np.asarray(np.linalg.solve(information, right), dtype=np.float64)
    left = y - x @ at
    by_cluster = sums.outcomes - sums.columns @ at
    return _Squares(at, float(left @ left - taken @ by_cluster**2), information, by_cluster)


def _slope(sums: _Sums, ratio: float) -> float:
    """The derivative of the restricted likelihood's logarithm by the ratio of the variances, twice."""
    found, within = _squares(sums, ratio), 1 / (1 + sums.sizes * ratio)
    df = len(sums.given.outcomes) - len(found.at)
    by_columns = np.linalg.solve(found.information, sums.columns.T @ (within[:, None] ** 2 * sums.columns))
    return (
        df * float(within**2 @ found.residuals**2) / found.residual
        - float(sums.sizes @ within)
        + float(np.trace(by_columns))
    )


def _ratio_of_variances(sums: _Sums) -> float | None:
    """Where the slope is 0; None where it grows for ever, as patients' own values do not vary."""

    def slope(log: float) -> float:
        return _slope(sums, math.exp(log))

    low, high = math.log(LEAST), 0.0
    if slope(low) <= 0:
        return 0.0
    while slope(high) > 0:
        high += 1
        if high > math.log(MOST):
            return None
    from scipy.optimize import brentq

    return math.exp(float(brentq(slope, low, high, xtol=1e-14, rtol=1e-14)))


def _fitted(blank: Regression, sums: _Sums, ratio: float, level: float) -> Regression:
    found, back = _squares(sums, ratio), sums.given.back
    df = blank.n - len(found.at)
    variance = found.residual / df
    covariance = variance * back @ np.linalg.inv(found.information) @ back.T
    lost = float(
        np.log1p(sums.sizes * ratio).sum() + np.linalg.slogdet(found.information)[1] - 2 * np.linalg.slogdet(back)[1]
    )
    words = "converged" if ratio else "converged at no variance between patients"
    fitted = blank._replace(
        coefficients=coefficients(back @ found.at, covariance, level=level),
        covariance=covariance,
        loglik=-(df * (1 + math.log(2 * math.pi * variance)) + lost) / 2,
        parameters=(("sd between", math.sqrt(ratio * variance)), ("sd within", math.sqrt(variance))),
        convergence=words,
    )
    return fitted._replace(tests=(wald_test(fitted, range(len(found.at) - 1)),))
