"""Chi-squared of several sums that are 0 but for chance, whose variance is known."""

from __future__ import annotations

from typing import Final

import numpy as np

from projections.statistics.ordering import Floats

SINGULAR: Final = 1e-10  # of the variance of sums over their own errors: below it nothing varies


def chi_squared_of(sums: Floats, variance: Floats) -> tuple[float, int]:
    """Return the chi-squared and its degrees of freedom, which are those in which the sums can vary.

    >>> chi, df = chi_squared_of(np.array([2.0, -2.0, 0.0]), np.array([[4.0, -4.0, 0.0], [-4.0, 4.0, 0.0], [0.0] * 3]))
    >>> round(chi, 12), df
    (1.0, 1)
    """
    errors = np.sqrt(np.diag(variance))
    kept = errors > 0
    over = errors[kept]
    sizes, axes = np.linalg.eigh(variance[np.ix_(kept, kept)] / np.outer(over, over))
    varies = sizes > SINGULAR
    along = axes.T[varies] @ (sums[kept] / over)
    return float(np.sum(along**2 / sizes[varies])), int(varies.sum())
