"""Pearson's chi-squared test of a table of counts: do the groups have the categories in the same shares?

Pearson K. Phil Mag 1900;50:157–75, without Yates's correction. chi2 = sum (observed − expected)² / expected, (rows − 1)
(columns − 1) degrees of freedom. It is an approximation; where an expected count is below 5, `fisher_exact` stands
beside it (Cochran WG. Biometrics 1954;10:417–51).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from projections.statistics.results import ALL_TIED, Outcome, why_not_compared

Counts = Sequence[Sequence[int]] | NDArray[np.int64]


def counts_in_groups(counts: Counts) -> NDArray[np.int64]:
    """Return a table of counts, groups × categories, without the categories that nobody has.

    Raises:
        ValueError: where groups differ in their number of categories, or a count is no whole number from 0.
    """
    if len({len(row) for row in counts}) > 1:
        raise ValueError("every group needs a count of each category")
    table = np.asarray(counts)
    if table.size and (table.dtype.kind not in "iu" or (table < 0).any()):
        raise ValueError("counts have to be whole numbers from 0")
    table = table.astype(np.int64).reshape(len(counts), len(counts[0]) if len(counts) else 0)
    return table[:, table.any(axis=0)]


def untestable(table: NDArray[np.int64]) -> str | None:
    """Return why groups cannot be compared, None where they can."""
    return why_not_compared(table.sum(axis=1).tolist())


def chi_squared(counts: Counts) -> Outcome:
    """Return the test of counts, one row a group and one column a category; the statistic is chi-squared.

    Categories that nobody has are no part of it. Where everybody has the same one, p is 1, with the reason.

    >>> found = chi_squared([[12, 5], [3, 9]])
    >>> round(found.statistic, 4), found.df, round(found.p, 4)
    (5.8548, 1, 0.0155)

    Raises:
        ValueError: as `counts_in_groups` does.
    """
    table = counts_in_groups(counts)
    blank = Outcome("chi-squared", "pearson, uncorrected", int(table.sum()), int(table.sum()))
    reason = untestable(table)
    if reason:
        return blank._replace(reason=reason)
    if table.shape[1] == 1:
        return blank._replace(p=1.0, reason=ALL_TIED)
    from scipy.special import chdtrc

    expected = _expected(table)
    chi2, df = float(np.sum((table - expected) ** 2 / expected)), (len(table) - 1) * (table.shape[1] - 1)
    return blank._replace(statistic=chi2, p=float(chdtrc(df, chi2)), df=df)


def least_expected(counts: Counts) -> float | None:
    """Return the smallest expected count of a table, None where nothing can be expected.

    >>> least_expected([[3, 1], [1, 4]])
    1.7777777777777777

    Raises:
        ValueError: as `counts_in_groups` does.
    """
    table = counts_in_groups(counts)
    return None if untestable(table) else float(_expected(table).min())


def _expected(table: NDArray[np.int64]) -> NDArray[np.float64]:
    expected: NDArray[np.float64] = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    return expected
