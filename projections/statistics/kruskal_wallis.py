"""The Kruskal–Wallis test: do the values of several groups tend to be greater in one than in another?

Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47:583–621. All values get mid-ranks together; H, divided by its correction
for ties, is compared with chi-squared of groups − 1 degrees of freedom. Of two groups it is Mann–Whitney's z².
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from projections.statistics.ordering import DECIMALS, Numbers, doubles, ordered, tied
from projections.statistics.permutations import doubled_ranks
from projections.statistics.results import ALL_TIED, Outcome, why_not_compared


def kruskal_wallis(groups: Sequence[Numbers], *, decimals: int = DECIMALS) -> Outcome:
    """Return the test of all groups; the statistic is H. Where all values are equal, p is 1, with the reason.

    Values are compared exactly, doubles after rounding to `decimals`.

    >>> found = kruskal_wallis([[1, 2, 2, 5], [2, 3, 3, 6, 6], [3, 5, 5, 6, 7, 7]])
    >>> round(found.statistic, 4), found.df, round(found.p, 4)
    (5.7942, 2, 0.0552)
    """
    sizes = np.array([len(values) for values in groups], dtype=np.int64)
    n = int(sizes.sum())
    blank = Outcome("Kruskal-Wallis", "corrected for ties", n, n)
    if reason := why_not_compared(sizes.tolist()):
        return blank._replace(reason=reason)
    together = ordered(_joined(groups), decimals=decimals)
    blank = blank._replace(ties=tied(together))
    if np.all(together == together[0]):
        return blank._replace(statistic=0.0, p=1.0, df=len(groups) - 1, reason=ALL_TIED)
    from scipy.special import chdtrc

    ranks = doubled_ranks(together) / 2
    means = np.array([part.mean() for part in np.split(ranks, sizes.cumsum()[:-1])])
    h = float(np.sum(sizes * (means - (n + 1) / 2) ** 2) / ranks.var(ddof=1))
    return blank._replace(statistic=h, p=float(chdtrc(len(groups) - 1, h)), df=len(groups) - 1)


def _joined(groups: Sequence[Numbers]) -> Numbers:
    if any(isinstance(values, np.ndarray) for values in groups):
        return np.concatenate([doubles(values) for values in groups])
    return list(chain.from_iterable(groups))
