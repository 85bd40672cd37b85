"""Bland–Altman limits of agreement: within which range do two readers differ?

Bland JM, Altman DG. Lancet 1986;1:307–10, and Stat Methods Med Res 1999;8:135–60 for the intervals. Differences are
first minus second; the limits are bias ± z SD, z = 1.96 for 95% of the differences. Standard errors: SD / sqrt(n) of
the bias, SD sqrt(1 / n + z² / (2 (n − 1))) of a limit; the intervals take t with n − 1 degrees of freedom.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from projections.statistics.ordering import DECIMALS, Numbers, constant, differences, doubles
from projections.statistics.results import LEVEL, NOTHING_GIVEN, ONE_VALUE, ZERO_VARIANCE, Estimate

COVERAGE: Final = 0.95  # of the differences


class LimitsOfAgreement(NamedTuple):
    """The bias and both limits, each with its interval, and the SD of the differences; all in the ratings' unit."""

    bias: Estimate
    lower: Estimate
    upper: Estimate
    sd: float | None = None


def limits_of_agreement(
    first: Numbers,
    second: Numbers,
    *,
    coverage: float = COVERAGE,
    level: float = LEVEL,
    decimals: int = DECIMALS,
) -> LimitsOfAgreement:
    """Return the limits of agreement of pairs of ratings, one row a patient.

    One pair has a bias alone. Differences that are all equal, to so many decimals, have limits without intervals.

    >>> limits = limits_of_agreement([10, 4, 22, 0, 15], [12, 5, 20, 1, 15])
    >>> limits.bias.value, round(limits.lower.value, 3), round(limits.upper.value, 3)
    (-0.4, -3.372, 2.572)
    """
    differing = differences(first, second)
    n = len(differing)
    blank = Estimate("", f"{100 * coverage:g}% of differences", n, interval="t")
    blanks = LimitsOfAgreement(
        blank._replace(name="bias"),
        blank._replace(name="lower limit of agreement"),
        blank._replace(name="upper limit of agreement"),
    )
    if not n:
        return _each(blanks, reason=NOTHING_GIVEN)
    bias = float(doubles(differing).mean())
    if n == 1:
        alone = _each(blanks, reason=ONE_VALUE)
        return alone._replace(bias=alone.bias._replace(value=bias))
    if constant(differing, decimals=decimals):
        return _each(blanks, value=bias, reason=ZERO_VARIANCE)._replace(sd=0.0)
    from scipy.special import ndtri, stdtrit

    sd = float(doubles(differing).std(ddof=1))
    z, t = float(ndtri((1 + coverage) / 2)), float(stdtrit(n - 1, (1 + level) / 2))
    of_bias, of_limit = t * sd / math.sqrt(n), t * sd * math.sqrt(1 / n + z * z / (2 * (n - 1)))
    return LimitsOfAgreement(
        _around(blanks.bias, bias, of_bias),
        _around(blanks.lower, bias - z * sd, of_limit),
        _around(blanks.upper, bias + z * sd, of_limit),
        sd,
    )


def _each(of: LimitsOfAgreement, *, reason: str, value: float | None = None) -> LimitsOfAgreement:
    bias, lower, upper = (one._replace(value=value, reason=reason) for one in (of.bias, of.lower, of.upper))
    return LimitsOfAgreement(bias, lower, upper)


def _around(blank: Estimate, value: float, reach: float) -> Estimate:
    return blank._replace(value=value, low=value - reach, high=value + reach)
