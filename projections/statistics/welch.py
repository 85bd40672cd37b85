"""Welch's tests of means: two groups or more whose variances need not be equal.

Welch BL. Biometrika 1938;29:350–62 (two groups, t) and 1951;38:330–6 (several, F); degrees of freedom after
Satterthwaite FE. Biometrics 1946;2:110–4, not rounded. Of two groups F is t², and p the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from projections.statistics.ordering import DECIMALS, Numbers, constant, doubles
from projections.statistics.results import (
    LEVEL,
    ONE_VALUE,
    ZERO_VARIANCE,
    Estimate,
    Outcome,
    why_not_compared,
)


def welch_t(first: Numbers, second: Numbers, *, decimals: int = DECIMALS) -> Outcome:
    """Return the two-sided t test of the means of two groups; the statistic is t of first − second.

    >>> found = welch_t([3.1, 4.7, 2.25, 6.5], [8.1, 7.7, 4.4, 9.2, 6.1])
    >>> round(found.statistic, 4), round(found.df, 3), round(found.p, 5)
    (-2.356, 6.569, 0.05297)
    """
    blank = Outcome("Welch t", "unequal variances", len(first) + len(second), len(first) + len(second))
    reason = _undefined([first, second], decimals)
    if reason:
        return blank._replace(reason=reason)
    from scipy.special import stdtr

    difference, error, df = _difference(first, second)
    t = difference / error
    return blank._replace(statistic=t, p=2 * float(stdtr(df, -abs(t))), df=df)


def welch_interval(first: Numbers, second: Numbers, *, level: float = LEVEL, decimals: int = DECIMALS) -> Estimate:
    """Return the mean of the first group minus that of the second, in their unit, with its limits."""
    blank = Estimate("difference of means", "first minus second", len(first) + len(second), interval="Welch t")
    reason = _undefined([first, second], decimals)
    if not len(first) or not len(second):
        return blank._replace(reason=reason)
    if reason:
        return blank._replace(value=float(doubles(first).mean() - doubles(second).mean()), reason=reason)
    from scipy.special import stdtrit

    difference, error, df = _difference(first, second)
    reach = float(stdtrit(df, (1 + level) / 2)) * error
    return blank._replace(value=difference, low=difference - reach, high=difference + reach)


def welch_anova(groups: Sequence[Numbers], *, decimals: int = DECIMALS) -> Outcome:
    """Return the test that the means of all groups are equal; the statistic is F.

    A group needs two values that differ: of a group without any spread the weight would be infinite.

    >>> found = welch_anova([[1, 2, 2, 5], [2, 3, 3, 6, 6], [3, 5, 5, 6, 7, 7]])
    >>> round(found.statistic, 4), found.df, round(found.df_within, 4)
    (3.7423, 2.0, 7.0931)
    """
    n = sum(len(values) for values in groups)
    blank = Outcome("Welch ANOVA", "unequal variances", n, n)
    reason = _undefined(groups, decimals)
    if reason or any(constant(values, decimals=decimals) for values in groups):
        return blank._replace(reason=reason or ZERO_VARIANCE)
    from scipy.special import fdtrc

    sizes = np.array([len(values) for values in groups], dtype=np.float64)
    means = np.array([doubles(values).mean() for values in groups])
    weights = sizes / np.array([doubles(values).var(ddof=1) for values in groups])
    shares, df = weights / weights.sum(), len(groups) - 1.0
    lack = float(np.sum((1 - shares) ** 2 / (sizes - 1))) / (df * (df + 2))
    between = float(np.sum(weights * (means - np.sum(shares * means)) ** 2)) / df
    f, within = between / (1 + 2 * (df - 1) * lack), 1 / (3 * lack)
    return blank._replace(statistic=f, p=float(fdtrc(df, within, f)), df=df, df_within=within)


def _undefined(groups: Sequence[Numbers], decimals: int) -> str | None:
    if reason := why_not_compared([len(values) for values in groups]):
        return reason
    if any(len(values) == 1 for values in groups):
        return ONE_VALUE
    return ZERO_VARIANCE if all(constant(values, decimals=decimals) for values in groups) else None


def _difference(first: Numbers, second: Numbers) -> tuple[float, float, float]:
    """The difference of the means, its standard error, and the degrees of freedom of that."""
    one, other = doubles(first), doubles(second)
    squares = [float(values.var(ddof=1)) / len(values) for values in (one, other)]
    freedom = sum(square**2 / (len(values) - 1) for square, values in zip(squares, (one, other)))
    return float(one.mean() - other.mean()), math.sqrt(sum(squares)), sum(squares) ** 2 / freedom
