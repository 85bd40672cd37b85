"""McNemar's test of paired proportions: have more patients lost the feature than gained it?

McNemar Q. Psychometrika 1947;12:153–7. Only pairs that changed count: `b` from yes to no, `c` from no to yes.

uncorrected (the default, as printed in most papers and by most packages): chi2 = (b − c)² / (b + c)
corrected (Edwards AL. Psychometrika 1948;13:185–7): chi2 = max(0, |b − c| − 1)² / (b + c)
exact: p = min(1, 2 P(X ≤ min(b, c))), X binomial with b + c and 1/2
mid-p (Fagerland MW, Lydersen S, Laake P. BMC Med Res Methodol 2013;13:91): the exact p − P(X = min(b, c)),
  and 1 − P(X = b) / 2 where b = c
"""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from projections.statistics.ordering import equally_long
from projections.statistics.results import NO_DISCORDANCE, NOTHING_GIVEN, Outcome

Variant = Literal["uncorrected", "corrected", "exact", "mid-p"]
NAME: Final = "McNemar"
VARIANTS: Final[tuple[Variant, ...]] = get_args(Variant)


class PairedAnswers(NamedTuple):
    """Pairs by what changed: `b` from yes to no, `c` from no to yes, `concordant` not at all."""

    b: int
    c: int
    concordant: int


def paired_answers(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> PairedAnswers:
    """Return the pairs of two columns of yes and no, one row a patient."""
    equally_long(before, after)
    b, c = int(np.sum(before & ~after)), int(np.sum(~before & after))
    return PairedAnswers(b, c, len(before) - b - c)


def mcnemar(b: int, c: int, *, concordant: int = 0, variant: Variant = "uncorrected") -> Outcome:
    """Return McNemar's test; `concordant` pairs change only the n that is reported, as `zeros`.

    The statistic is chi-squared with one degree of freedom; of `exact` and `mid-p` it is min(b, c). Where no pair
    changed, p is 1, with the reason.

    >>> round(mcnemar(9, 0).p, 4), round(mcnemar(9, 0, variant="exact").p, 4)
    (0.0027, 0.0039)
    """
    changed = b + c
    blank = Outcome(NAME, variant, changed + concordant, changed, zeros=concordant)
    if not changed:
        known = blank._replace(p=1.0, reason=NO_DISCORDANCE)
        return known if concordant else blank._replace(reason=NOTHING_GIVEN)
    if variant in ("exact", "mid-p"):
        return blank._replace(statistic=float(min(b, c)), p=_binomial(b, c, mid=variant == "mid-p"))
    from scipy.special import chdtrc

    off = max(0, abs(b - c) - (variant == "corrected"))
    chi2 = off * off / changed
    return blank._replace(statistic=chi2, p=float(chdtrc(1, chi2)), df=1)


def fewer_changed(statistic: float, changed: int, variant: Variant) -> int:
    """Return min(b, c) of a test from its statistic and how many pairs changed.

    >>> fewer_changed(mcnemar(7, 1).statistic, 8, "uncorrected")
    1
    """
    if variant in ("exact", "mid-p"):
        return round(statistic)
    off = round(math.sqrt(statistic * changed))
    apart = off + (variant == "corrected" and (off > 0 or changed % 2 == 1))
    return (changed - apart) // 2


def _binomial(b: int, c: int, *, mid: bool) -> float:
    from scipy.stats import binom

    least, changed = min(b, c), b + c
    exact = min(1.0, 2.0 * float(binom.cdf(least, changed, 0.5)))
    observed = float(binom.pmf(least, changed, 0.5))
    return exact - (observed / 2 if b == c else observed) if mid else exact
