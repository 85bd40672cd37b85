"""What a fitted model answers with: its coefficients with their limits and tests, or the reason why there are none.

A coefficient is on the scale of the linear predictor: of Cox's model, of logistic and of Poisson regression the
logarithm of a ratio. Limits and p are by the normal distribution (Wald's).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from projections.statistics.ordering import Floats, doubles
from projections.statistics.results import LEVEL, Outcome

NONE: Floats = np.zeros((0, 0))


class Coefficient(NamedTuple):
    """A coefficient, its standard error, Wald's limits, z, and the two-sided p."""

    value: float
    error: float
    low: float
    high: float
    statistic: float
    p: float

    @property
    def ratio(self) -> tuple[float, float, float]:
        """The coefficient and its limits as a ratio: of hazards, odds or risks; infinite beyond what doubles hold."""
        value, low, high = (
            math.exp(each) if each < math.log(1e308) else math.inf for each in (self.value, self.low, self.high)
        )
        return value, low, high


class Regression(NamedTuple):
    """A fitted model; without coefficients where `reason` says why there are none.

    `n` rows were used, with `n_events` events and of `n_clusters` clusters where errors are clustered. `covariance` is
    that of the coefficients, by which their errors are; `columns` are the columns, from 0, of which a `reason` speaks.
    A model with coefficients and a reason is one to be read with care.
    """

    model: str
    variant: str
    n: int
    n_events: int | None = None
    n_clusters: int | None = None
    coefficients: tuple[Coefficient, ...] = ()
    covariance: Floats = NONE
    loglik_null: float | None = None
    loglik: float | None = None
    tests: tuple[Outcome, ...] = ()
    convergence: str = "not fitted"
    reason: str | None = None
    columns: tuple[int, ...] = ()


def coefficients(values: Floats, covariance: Floats, *, level: float = LEVEL) -> tuple[Coefficient, ...]:
    """Return coefficients with their limits and tests from their covariance."""
    from scipy.special import ndtr, ndtri

    reach = float(ndtri((1 + level) / 2))
    found = []
    for value, error in zip(values.tolist(), np.sqrt(np.diag(covariance)).tolist()):
        z = value / error
        limits = value - reach * error, value + reach * error
        found.append(Coefficient(value, error, *limits, z, 2 * float(ndtr(-abs(z)))))
    return tuple(found)


def contrast(model: Regression, weights: Sequence[float], *, level: float = LEVEL) -> Coefficient | None:
    """Return a sum of coefficients, each by its weight, with its limits; None of a model without coefficients.

    As the difference of two groups at a time point, of a model with both in interaction.
    """
    if not model.coefficients:
        return None
    by = doubles(weights)
    value = by @ np.array([each.value for each in model.coefficients])
    return coefficients(np.array([value]), np.array([[by @ model.covariance @ by]]), level=level)[0]


def wald_test(model: Regression, columns: Sequence[int]) -> Outcome:
    """Return Wald's test that some coefficients, by their columns from 0, are all 0: chi-squared.

    As those of a covariate of several categories. Without coefficients it has the reason of the model.
    """
    blank = Outcome("Wald", model.variant, model.n, model.n)
    if not model.coefficients:
        return blank._replace(reason=model.reason)
    from scipy.special import chdtrc

    chosen = np.asarray(columns, dtype=np.int64)
    values = np.array([each.value for each in model.coefficients])[chosen]
    chi2 = float(values @ np.linalg.pinv(model.covariance[np.ix_(chosen, chosen)], hermitian=True) @ values)
    return blank._replace(statistic=chi2, p=float(chdtrc(len(chosen), chi2)), df=len(chosen))
