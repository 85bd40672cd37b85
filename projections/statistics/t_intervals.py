"""Student's t for one sample of values or of paired differences: the mean, its interval and its test.

Student. Biometrika 1908;6:1–25. mean ± t(1 − alpha/2; n − 1) · SD / sqrt(n). A paired t is that of the differences,
first minus second: baseline minus follow-up gives an improvement above 0 where a higher value is worse.
"""

from __future__ import annotations

import math

from projections.statistics.ordering import DECIMALS, Given, constant, differences, doubles, ordered
from projections.statistics.results import LEVEL, NOTHING_GIVEN, ONE_VALUE, ZERO_VARIANCE, Estimate, Outcome


def t_interval(values: Given, *, level: float = LEVEL, decimals: int = DECIMALS) -> Estimate:
    """Return the mean and its t interval, in the unit of the values.

    One value, or values that are all equal to so many decimals, have a mean and no interval.

    >>> interval = t_interval([12, 12, 2, 10, 18, 3, 0, 16])
    >>> interval.value, round(interval.low, 4), round(interval.high, 4)
    (9.125, 3.5179, 14.7321)
    """
    n = len(values)
    blank = Estimate("mean", "one-sample", n, interval="t")
    if not n:
        return blank._replace(reason=NOTHING_GIVEN)
    mean = float(doubles(values).mean())
    reason = _undefined(values, decimals)
    if reason:
        return blank._replace(value=mean, reason=reason)
    from scipy.special import stdtrit

    reach = float(stdtrit(n - 1, (1 + level) / 2)) * _standard_error(values)
    return blank._replace(value=mean, low=mean - reach, high=mean + reach)


def paired_t_interval(first: Given, second: Given, *, level: float = LEVEL, decimals: int = DECIMALS) -> Estimate:
    """Return the mean of first − second and its t interval."""
    estimate = t_interval(differences(first, second), level=level, decimals=decimals)
    return estimate._replace(name="mean difference", variant="paired")


def one_sample_t(values: Given, *, mean: float = 0.0, decimals: int = DECIMALS) -> Outcome:
    """Return the two-sided t test of the mean of the values against `mean`; the statistic is t."""
    n = len(values)
    blank = Outcome("Student t", "one-sample", n, n)
    reason = _undefined(values, decimals) if n else NOTHING_GIVEN
    if reason:
        return blank._replace(reason=reason)
    from scipy.special import stdtr

    t = (float(doubles(values).mean()) - mean) / _standard_error(values)
    return blank._replace(statistic=t, p=2 * float(stdtr(n - 1, -abs(t))), df=n - 1)


def paired_t(first: Given, second: Given, *, decimals: int = DECIMALS) -> Outcome:
    """Return the two-sided paired t test of first − second; `zeros` counts the differences of 0, which stay in."""
    differing = differences(first, second)
    none = int((ordered(differing, decimals=decimals) == 0).sum())
    return one_sample_t(differing, decimals=decimals)._replace(variant="paired", zeros=none)


def _undefined(values: Given, decimals: int) -> str | None:
    if len(values) == 1:
        return ONE_VALUE
    return ZERO_VARIANCE if constant(values, decimals=decimals) else None


def _standard_error(values: Given) -> float:
    return float(doubles(values).std(ddof=1)) / math.sqrt(len(values))
