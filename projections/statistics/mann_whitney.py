"""The Mann–Whitney test of two independent groups, also known as Wilcoxon's rank-sum test.

Mann HB, Whitney DR. Ann Math Stat 1947;18:50–60. All values get mid-ranks together; U is the number of pairs in which
the value of the first group is the greater, equal ones counting one half.

p: `normal` (the default) with the variance reduced for ties, without continuity `correction` unless wanted; `exact` is
twice the smaller tail of the permutation distribution of the mid-ranks.
R's wilcox.test is exact below 50 a group where there are no ties, else normal with correction.
"""

from __future__ import annotations

import numpy as np

from projections.statistics.ordering import DECIMALS, Numbers, doubles, ordered, tied
from projections.statistics.permutations import CHOICES_LIMIT, chosen_sums, doubled_ranks, two_sided
from projections.statistics.results import ALL_TIED, TOO_MANY, Outcome, why_not_compared
from projections.statistics.signed_rank import PFrom


def mann_whitney(
    first: Numbers,
    second: Numbers,
    *,
    correction: bool = False,
    p_from: PFrom = "normal",
    decimals: int = DECIMALS,
) -> Outcome:
    """Return the two-sided test of two groups, which need not be equally large; the statistic is U of the first.

    Values are compared exactly, doubles after rounding to `decimals`. Where all are equal, p is 1, with the reason.
    An exact p has no correction, and is left open beyond 200 values together.

    >>> mann_whitney([1, 2, 3], [4, 5, 6, 7], p_from="exact")[-4:-2]
    (0.0, 0.05714285714285714)
    """
    n = len(first)
    together = ordered(_joined(first, second), decimals=decimals)
    blank = Outcome(
        "Mann-Whitney U",
        ", ".join([p_from, *["continuity-corrected"] * (correction and p_from == "normal")]),
        n=len(together),
        n_used=len(together),
        ties=tied(together),
    )
    if reason := why_not_compared([n, len(together) - n]):
        return blank._replace(reason=reason)
    if np.all(together == together[0]):
        return blank._replace(statistic=n * (len(together) - n) / 2, p=1.0, reason=ALL_TIED)
    ranks = doubled_ranks(together)
    least = int(ranks[:n].sum())
    if p_from == "exact":
        u = (least - n * (n + 1)) / 2
        if len(ranks) > CHOICES_LIMIT:
            return blank._replace(statistic=u, reason=TOO_MANY)
        return blank._replace(statistic=u, p=two_sided(chosen_sums(ranks, n), least))
    from scipy.stats import mannwhitneyu

    test = mannwhitneyu(together[:n], together[n:], use_continuity=correction, method="asymptotic")
    return blank._replace(statistic=float(test.statistic), p=float(test.pvalue))


def _joined(first: Numbers, second: Numbers) -> Numbers:
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return np.concatenate([doubles(first), doubles(second)])
    return [*first, *second]
