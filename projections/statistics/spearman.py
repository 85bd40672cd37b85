"""Spearman's rank correlation, its test and its interval.

Spearman C. Am J Psychol 1904;15:72–101. rho is Pearson's correlation of the mid-ranks (the default). The shortcut
1 − 6 sum d² / (n (n² − 1)) is the same without ties and wrong with them; it is here under its name `tie-free-shortcut`
for figures that were printed by it.
p from t = rho sqrt((n − 2) / (1 − rho²)) with n − 2 degrees of freedom; the interval by Fisher's z, whose standard
error is 1 / sqrt(n − 3).
"""

from __future__ import annotations

import math
from typing import Final, Literal, get_args

import numpy as np

from projections.statistics.ordering import DECIMALS, Floats, Numbers, equally_long, ordered, tied
from projections.statistics.results import (
    ALL_TIED,
    LEVEL,
    NO_LIMITS,
    NOTHING_GIVEN,
    TOO_FEW,
    Estimate,
    Outcome,
)

Variant = Literal["mid-ranks", "tie-free-shortcut"]
VARIANTS: Final[tuple[Variant, ...]] = get_args(Variant)


def spearman(first: Numbers, second: Numbers, *, variant: Variant = "mid-ranks", decimals: int = DECIMALS) -> Outcome:
    """Return the correlation of pairs and its two-sided p; the statistic is rho, from −1 to 1.

    `ties` counts values that share theirs with another, on both sides together. Below 3 pairs there is no p; where
    one side is constant, there is no rho.

    >>> test = spearman([2.1, 3.9, 3.9, 5.0, 1.0, 6.2, 4.4, 2.1], [10, 18, 12, 20, 4, 33, 15, 15])
    >>> round(test.statistic, 6), round(test.p, 6)
    (0.866683, 0.005347)
    """
    equally_long(first, second)
    x, y = ordered(first, decimals=decimals), ordered(second, decimals=decimals)
    n = len(x)
    blank = Outcome("Spearman", variant, n, n, ties=tied(x) + tied(y))
    if n < 2:
        return blank._replace(reason=TOO_FEW if n else NOTHING_GIVEN)
    if np.all(x == x[0]) or np.all(y == y[0]):
        return blank._replace(reason=ALL_TIED)
    rho = _rho(x, y, variant)
    if n < 3:
        return blank._replace(statistic=rho, reason=TOO_FEW)
    return blank._replace(statistic=rho, p=float(p_of_correlation(rho, n)), df=n - 2)


def spearman_interval(
    first: Numbers,
    second: Numbers,
    *,
    variant: Variant = "mid-ranks",
    level: float = LEVEL,
    decimals: int = DECIMALS,
) -> Estimate:
    """Return rho with its Fisher-z interval; there is none below 4 pairs, nor where rho is 1 or −1."""
    test = spearman(first, second, variant=variant, decimals=decimals)
    rho = Estimate("Spearman rho", variant, test.n, value=test.statistic, interval="fisher-z", reason=test.reason)
    if test.statistic is None:
        return rho
    if test.n < 4:
        return rho._replace(reason=TOO_FEW)
    if abs(test.statistic) == 1:
        return rho._replace(reason=NO_LIMITS)
    from scipy.special import ndtri

    z, reach = math.atanh(test.statistic), float(ndtri((1 + level) / 2)) / math.sqrt(test.n - 3)
    return rho._replace(low=math.tanh(z - reach), high=math.tanh(z + reach))


def p_of_correlation(rho: float | Floats, n: int | Floats) -> Floats:
    """Return the two-sided p of a correlation of n ≥ 3 pairs; numbers or arrays; 0 where rho is 1 or −1."""
    from scipy.special import stdtr

    freedom = np.asarray(n, dtype=np.float64) - 2
    with np.errstate(divide="ignore"):
        t = np.abs(rho) * np.sqrt(freedom / (1 - np.square(rho)))
    return np.asarray(2 * stdtr(freedom, -t))


def _rho(x: Floats, y: Floats, variant: Variant) -> float:
    from scipy.stats import rankdata

    ranks, others = np.asarray(rankdata(x)), np.asarray(rankdata(y))
    n = len(ranks)
    if variant == "tie-free-shortcut":
        return float(1 - 6 * np.sum(np.square(ranks - others)) / (n * (n * n - 1)))
    middle = (n + 1) / 2
    ranks, others = 2 * (ranks - middle), 2 * (others - middle)  # whole numbers, so that 1 is exactly 1
    together = float(np.sum(ranks * others))
    return together / math.sqrt(float(np.sum(ranks * ranks)) * float(np.sum(others * others)))
