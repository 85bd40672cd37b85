"""What a fitted model answers with: its coefficients with their limits and tests, or the reason why there are none.

A coefficient is on the scale of the linear predictor: of Cox's model, of logistic and of Poisson regression the
logarithm of a ratio. Limits and p are by the normal distribution (Wald's).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from projections.statistics.chi_squared_of import chi_squared_of
from projections.statistics.ordering import Floats, doubles
from projections.statistics.results import LEVEL, ZERO_VARIANCE, Outcome

NONE: Final[Floats] = np.zeros((0, 0))
LARGEST: Final = math.log(1e308)
NO_SPREAD: Final = 1e-13  # an error below it, also over the coefficient, is what rounding leaves of 0


class Coefficient(NamedTuple):
    """A coefficient, its standard error, Wald's limits, z, and the two-sided p.

    Without any spread, as of a robust error of a group in which all have the event, there is no error, and `reason`.
    """

    value: float
    error: float | None = None
    low: float | None = None
    high: float | None = None
    statistic: float | None = None
    p: float | None = None
    reason: str | None = None

    @property
    def ratio(self) -> tuple[float | None, float | None, float | None]:
        """The coefficient and its limits as a ratio: of hazards, odds or risks; None beyond what doubles hold."""
        value, low, high = (_exponential(each) for each in (self.value, self.low, self.high))
        return value, low, high


def _exponential(value: float | None) -> float | None:
    return None if value is None or value > LARGEST else math.exp(value)


class Regression(NamedTuple):
    """A fitted model; without coefficients where `reason` says why there are none.

    `n` rows were used, with `n_events` events and of `n_clusters` clusters where errors are clustered. `covariance` is
    that of the coefficients, by which their errors are; `columns` are the columns, from 0, of which a `reason` speaks.
    A model with coefficients and a reason is one to be read with care. An intercept is the last coefficient, so that
    the others have the places of their columns; `parameters` are what else was estimated, by its name.
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
    parameters: tuple[tuple[str, float], ...] = ()
    convergence: str = "not fitted"
    reason: str | None = None
    columns: tuple[int, ...] = ()


def coefficients(values: Floats, covariance: Floats, *, level: float = LEVEL) -> tuple[Coefficient, ...]:
    """Return coefficients with their limits and tests from their covariance."""
    from scipy.special import ndtr, ndtri

    reach = float(ndtri((1 + level) / 2))
    found = []
    for value, error in zip(values.tolist(), np.sqrt(np.diag(covariance)).tolist()):
        if error <= NO_SPREAD * max(1.0, abs(value)):
            found.append(Coefficient(value, reason=ZERO_VARIANCE))
            continue
        z = value / error
        found.append(
            Coefficient(value, error, value - reach * error, value + reach * error, z, 2 * float(ndtr(-abs(z))))
        )
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
    chi2, df = chi_squared_of(values, model.covariance[np.ix_(chosen, chosen)])
    if not df:
        return blank._replace(reason=ZERO_VARIANCE)
    return blank._replace(statistic=chi2, p=float(chdtrc(df, chi2)), df=df)
