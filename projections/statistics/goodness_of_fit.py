"""Pearson's chi-squared test of goodness of fit: do counts follow given shares?

Pearson K. Phil Mag 1900;50:157–75. chi2 = sum (observed − expected)² / expected, categories − 1 degrees of freedom. It
is an approximation; Cochran WG (Biometrics 1954;10:417–51) wants the smallest expected count at 5 or more.
"""

from __future__ import annotations

from collections.abc import Sequence

from projections.statistics.ordering import Number, doubles
from projections.statistics.results import EXPECTED_ZERO, NOTHING_GIVEN, TOO_FEW, Outcome


def goodness_of_fit(counts: Sequence[int], *, shares: Sequence[Number] | None = None) -> Outcome:
    """Return the test of counts against shares, by default equal ones; the statistic is chi-squared.

    Shares need not add up to 1. A share of 0 leaves the test undefined, and so does a single category.

    >>> test = goodness_of_fit([18, 55, 27], shares=[1, 2, 1])
    >>> test.statistic, test.df, round(test.p, 4)
    (2.62, 2, 0.2698)

    Raises:
        ValueError: where counts and shares differ in number, or a count or a share is below 0.
    """
    observed = doubles(counts)
    weights = doubles([1] * len(counts) if shares is None else shares)
    if len(observed) != len(weights):
        raise ValueError(f"{len(observed)} counts need as many shares, and have {len(weights)}")
    if (observed < 0).any() or (weights < 0).any():
        raise ValueError("counts and shares have to be 0 or more")
    n = int(observed.sum())
    blank = Outcome("chi-squared goodness of fit", "pearson", n, n)
    if not n:
        return blank._replace(reason=NOTHING_GIVEN)
    if len(observed) < 2:
        return blank._replace(reason=TOO_FEW)
    if not weights.all():
        return blank._replace(reason=EXPECTED_ZERO)
    from scipy.special import chdtrc

    expected = n * weights / weights.sum()
    chi2, df = float(((observed - expected) ** 2 / expected).sum()), len(observed) - 1
    return blank._replace(statistic=chi2, p=float(chdtrc(df, chi2)), df=df)


def smallest_expected(n: int, shares: Sequence[Number]) -> float:
    """Return the smallest expected count; below 5 the test is a rough one."""
    weights = doubles(shares)
    return float(n * weights.min() / weights.sum())
