"""Standardised differences between two groups: how far apart are they, whatever the unit and the number of patients?

Means: (mean − mean of the reference) / sqrt of the average of the two variances. Shares likewise, with p (1 − p) as
variance (Austin PC. Stat Med 2009;28:3083–107). Several categories: Mahalanobis's distance of the shares, without the
first category, by the average of the two multinomial covariances (Yang D, Dalton JE. SAS Global Forum 2012, paper 335);
which category is left out makes no difference, and a distance has no sign.
"""

from __future__ import annotations

import math

import numpy as np

from projections.statistics.contingency import counts_in_groups
from projections.statistics.ordering import DECIMALS, Floats, Numbers, constant, doubles
from projections.statistics.results import (
    ALL_TIED,
    ONE_VALUE,
    ZERO_VARIANCE,
    Estimate,
    why_not_compared,
)

NAME = "standardised difference"


def standardised_difference(group: Numbers, reference: Numbers, *, decimals: int = DECIMALS) -> Estimate:
    """Return the standardised difference of means, above 0 where the group's is the greater.

    Where all values of both are equal it is 0, with the reason; where each group has one value of its own, none.

    >>> round(standardised_difference([6, 7, 9], [4, 5, 5, 8]).value, 4)
    1.1227
    """
    blank = Estimate(NAME, "means, average variance", len(group) + len(reference))
    if reason := why_not_compared([len(group), len(reference)]):
        return blank._replace(reason=reason)
    if constant(_joined(group, reference), decimals=decimals):
        return blank._replace(value=0.0, reason=ALL_TIED)
    if min(len(group), len(reference)) == 1:
        return blank._replace(reason=ONE_VALUE)
    if constant(group, decimals=decimals) and constant(reference, decimals=decimals):
        return blank._replace(reason=ZERO_VARIANCE)
    one, other = doubles(group), doubles(reference)
    spread = math.sqrt((float(one.var(ddof=1)) + float(other.var(ddof=1))) / 2)
    return blank._replace(value=float(one.mean() - other.mean()) / spread)


def _joined(group: Numbers, reference: Numbers) -> Numbers:
    if isinstance(group, np.ndarray) and isinstance(reference, np.ndarray):
        return np.concatenate([group, reference])
    return [*group, *reference]


def standardised_difference_of_counts(group: list[int], reference: list[int]) -> Estimate:
    """Return the standardised difference of the shares of categories, both in the same order of categories.

    Of two categories, as no and yes, it has the sign of the difference of the second; of more it is 0 or above. Where
    everybody has the same category it is 0, with the reason; where no category is of both groups, none.

    >>> round(standardised_difference_of_counts([3, 1], [1, 4]).value, 4)
    -1.3195
    >>> round(standardised_difference_of_counts([1, 4, 6], [5, 3, 2]).value, 4)
    1.0767

    Raises:
        ValueError: as `counts_in_groups` does.
    """
    table = counts_in_groups([group, reference])
    blank = Estimate(NAME, "shares, average variance" if len(group) == 2 else "Yang-Dalton", int(table.sum()))
    if reason := why_not_compared(table.sum(axis=1).tolist()):
        return blank._replace(reason=reason)
    if table.shape[1] == 1:
        return blank._replace(value=0.0, reason=ALL_TIED)
    if not (table > 0).all(axis=0).any():
        return blank._replace(reason=ZERO_VARIANCE)
    one, other = (counts[1:] / counts.sum() for counts in table)
    apart = one - other
    distance = math.sqrt(float(apart @ np.linalg.solve((_covariance(one) + _covariance(other)) / 2, apart)))
    return blank._replace(value=math.copysign(distance, apart[0]) if len(group) == 2 else distance)


def _covariance(shares: Floats) -> Floats:
    covariance: Floats = np.diag(shares) - np.outer(shares, shares)
    return covariance
