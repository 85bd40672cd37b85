"""Regressions of a yes or no: logistic, for odds ratios, and Poisson with robust errors, for risk ratios.

Logistic: Cox DR. J R Stat Soc B 1958;20:215–42. Poisson of a yes or no, with errors that do not rest on its variance
(HC0): Zou G. Am J Epidemiol 2004;159:702–6. Errors clustered by patient where rows are (Liang KY, Zeger SL. Biometrika
1986;73:13–22), without correction for their number.
"""

from __future__ import annotations

import math

import numpy as np

from projections.statistics.design import Design, Observations, design
from projections.statistics.newton import Peak, Slope, beyond, peak
from projections.statistics.ordering import Floats
from projections.statistics.regression import Regression, coefficients, wald_test
from projections.statistics.results import FEWER_EVENTS, LEVEL, NOTHING_GIVEN, ONE_OUTCOME, Outcome


def logistic(observations: Observations, *, level: float = LEVEL) -> Regression:
    """Return logarithms of odds ratios of a yes (1) against a no (0); the intercept is last.

    Errors are those of the likelihood, or clustered. What cannot be fitted is not: an outcome that all have or nobody
    has, fewer of the rarer outcome than parameters, a covariate of one value, covariates that depend on each other, and
    a covariate that separates yes from no.

    >>> found = logistic(Observations([0, 1, 0, 1, 1, 0, 1, 1], [[0], [0], [0], [0], [1], [1], [1], [1]]))
    >>> round(found.coefficients[0].value, 6), found.convergence
    (1.098612, 'converged after 5 steps')

    Raises:
        ValueError: as `design` does, and for an outcome that is neither 0 nor 1.
    """
    given = design(observations)
    clustered = given.clusters is not None
    blank = _blank("logistic", "errors clustered" if clustered else "errors by likelihood", given)
    events = int(given.outcomes.sum())
    reason = unfittable(given, min(events, blank.n - events))
    if reason:
        return blank._replace(reason=reason, columns=given.columns)
    found = peak(lambda at: logistic_slope(given, at), np.zeros(given.matrix.shape[1]))
    null = events * math.log(events / blank.n) + (blank.n - events) * math.log1p(-events / blank.n)
    fitted = _fitted(blank._replace(loglik_null=null), given, found, level=level, robust=clustered)
    if found.reason or clustered:
        return fitted
    return fitted._replace(tests=(_likelihood_ratio(fitted), *fitted.tests))


def robust_poisson(observations: Observations, *, level: float = LEVEL) -> Regression:
    """Return logarithms of risk ratios of a yes (1), with robust errors, or clustered ones; the intercept is last.

    What cannot be fitted is not, as by `logistic`, though only the events have to be as many as the parameters.

    >>> found = robust_poisson(Observations([0, 1, 0, 1, 1, 0, 1, 1], [[0], [0], [0], [0], [1], [1], [1], [1]]))
    >>> round(found.coefficients[0].ratio[0], 6)
    1.5

    Raises:
        ValueError: as `logistic` does.
    """
    given = design(observations)
    blank = _blank("Poisson", "errors robust (HC0)" if given.clusters is None else "errors clustered", given)
    reason = unfittable(given, int(given.outcomes.sum()))
    if reason:
        return blank._replace(reason=reason, columns=given.columns)
    found = peak(lambda at: _poisson_slope(given, at), np.zeros(given.matrix.shape[1]))
    return _fitted(blank, given, found, level=level, robust=True)


def unfittable(given: Design, n_rarer: int) -> str | None:
    """Return why a yes or no cannot be fitted, so many of the rarer kind being there, None where it can be tried.

    Raises:
        ValueError: for an outcome that is neither 0 nor 1.
    """
    if not np.isin(given.outcomes, (0.0, 1.0)).all():
        raise ValueError("an outcome has to be 0 (no) or 1 (yes)")
    if given.reason == NOTHING_GIVEN:
        return given.reason
    if np.ptp(given.outcomes) == 0:
        return ONE_OUTCOME
    if given.reason:
        return given.reason
    return FEWER_EVENTS if n_rarer < given.matrix.shape[1] else given.too_few_clusters


def logistic_slope(given: Design, at: Floats) -> Slope:
    """Return the likelihood of a logistic model at coefficients of the columns of its design."""
    from scipy.special import expit

    predictor = given.matrix @ at
    chances = expit(predictor)
    value = float(given.outcomes @ predictor - np.logaddexp(0.0, predictor).sum())
    weights = chances * (1 - chances)
    return Slope(value, given.matrix.T @ (given.outcomes - chances), given.matrix.T @ (weights[:, None] * given.matrix))


def _poisson_slope(given: Design, at: Floats) -> Slope:
    predictor = given.matrix @ at
    with np.errstate(over="ignore"):
        means = np.exp(predictor)
        value = float(given.outcomes @ predictor - means.sum())
    if not np.isfinite(value):
        return beyond(len(at))
    return Slope(value, given.matrix.T @ (given.outcomes - means), given.matrix.T @ (means[:, None] * given.matrix))


def _blank(model: str, variant: str, given: Design) -> Regression:
    n_events = int(given.outcomes.sum())
    return Regression(model, variant, len(given.outcomes), n_events=n_events, n_clusters=given.n_clusters)


def _fitted(blank: Regression, given: Design, found: Peak, *, level: float, robust: bool) -> Regression:
    blank = blank._replace(convergence=found.convergence)
    if found.reason:
        named = tuple(column for column in found.columns if column < len(found.at) - 1)
        return blank._replace(reason=found.reason, columns=named)
    covariance: Floats = np.asarray(np.linalg.inv(found.slope.information), dtype=np.float64)
    if robust:
        scores = _residuals(blank.model, given, found.at)[:, None] * given.matrix
        covariance = sandwich(given, covariance, given.summed(scores))
    else:
        covariance = given.back @ covariance @ given.back.T
    fitted = blank._replace(
        coefficients=coefficients(given.back @ found.at, covariance, level=level),
        covariance=covariance,
        loglik=found.slope.value,
    )
    return fitted._replace(tests=(wald_test(fitted, range(len(found.at) - 1)),))


def sandwich(given: Design, bread: Floats, scores: Floats) -> Floats:
    """Return the covariance of the covariates' coefficients by what each row, or each cluster, adds to the score (HC0).

    `bread` is the inverse of the information, and both are on the scale of the design.
    """
    influence = scores @ bread @ given.back.T
    return np.asarray(influence.T @ influence)


def _residuals(model: str, given: Design, at: Floats) -> Floats:
    from scipy.special import expit

    predictor = given.matrix @ at
    return np.asarray(given.outcomes - (expit(predictor) if model == "logistic" else np.exp(predictor)))


def _likelihood_ratio(fitted: Regression) -> Outcome:
    from scipy.special import chdtrc

    assert fitted.loglik is not None
    assert fitted.loglik_null is not None
    df = len(fitted.coefficients) - 1
    chi2 = max(0.0, 2 * (fitted.loglik - fitted.loglik_null))
    blank = Outcome("likelihood ratio", fitted.variant, fitted.n, fitted.n)
    return blank._replace(statistic=chi2, p=float(chdtrc(df, chi2)), df=df)
