"""Wilcoxon's signed-rank test of paired differences.

Wilcoxon F. Biometrics Bull 1945;1:80–3. The sizes of the differences get mid-ranks; T is the smaller of the sums of the
ranks of the positive and of the negative ones.

Zeros: `wilcox` (the default) drops them; `pratt` ranks and then drops them (Pratt JW. J Am Stat Assoc 1959;54:655–67);
`zsplit` gives half of their ranks to either sum.
p: `normal` (the default) with the variance reduced for ties, without continuity `correction` unless wanted: what SPSS
prints. `exact` is the permutation distribution of the mid-ranks of the differences that are not 0.
R's wilcox.test is exact below n = 50 where there are neither ties nor zeros, else normal with correction.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np

from projections.statistics.ordering import DECIMALS, Floats, Given, ordered, tied
from projections.statistics.permutations import SIGNS_LIMIT, doubled_ranks, signed_sums, two_sided
from projections.statistics.results import NO_DIFFERENCE, NOTHING_GIVEN, TOO_MANY, Outcome

ZeroHandling = Literal["wilcox", "pratt", "zsplit"]
PFrom = Literal["normal", "exact"]
ZERO_HANDLINGS: Final[tuple[ZeroHandling, ...]] = get_args(ZeroHandling)
PS_FROM: Final[tuple[PFrom, ...]] = get_args(PFrom)


def signed_rank(
    differences: Given,
    *,
    zeros: ZeroHandling = "wilcox",
    correction: bool = False,
    p_from: PFrom = "normal",
    decimals: int = DECIMALS,
) -> Outcome:
    """Return the two-sided signed-rank test of paired differences; the statistic is T.

    Differences are taken exactly, doubles after rounding to `decimals`. Where all are 0, p is 1, with the reason. An
    exact p has no correction, and is left open beyond 1,000 differences.

    >>> test = signed_rank([4, 0, 5, -1, 2, 5, 0, 5, -1, 6])
    >>> test.n_used, test.zeros, test.ties, test.statistic, round(test.p, 6)
    (8, 2, 5, 3.0, 0.034566)
    """
    signed = ordered(differences, decimals=decimals)
    changed = signed[signed != 0]
    blank = Outcome(
        "Wilcoxon signed-rank",
        ", ".join([zeros, p_from, *["continuity-corrected"] * (correction and p_from == "normal")]),
        n=len(signed),
        n_used=len(signed) if zeros == "zsplit" else len(changed),
        zeros=len(signed) - len(changed),
        ties=tied(np.abs(changed)),
    )
    if not len(changed):
        known = blank._replace(statistic=0.0, p=1.0, reason=NO_DIFFERENCE)
        return known if len(signed) else blank._replace(reason=NOTHING_GIVEN)
    if p_from == "exact":
        return _exact(blank, signed, zeros)
    from scipy.stats import wilcoxon

    test = wilcoxon(signed, zero_method=zeros, correction=correction, method="asymptotic")
    return blank._replace(statistic=float(test.statistic), p=float(test.pvalue))


def _exact(blank: Outcome, signed: Floats, zeros: ZeroHandling) -> Outcome:
    ranked = signed[signed != 0] if zeros == "wilcox" else signed
    ranks = doubled_ranks(np.abs(ranked))
    plus, minus, none = (int(ranks[np.sign(ranked) == sign].sum()) for sign in (1, -1, 0))
    least = min(plus, minus)
    statistic = (least + none / 2 if zeros == "zsplit" else least) / 2
    counted = ranks[ranked != 0]
    if len(counted) > SIGNS_LIMIT:
        return blank._replace(statistic=statistic, reason=TOO_MANY)
    return blank._replace(statistic=statistic, p=two_sided(signed_sums(counted), least))
