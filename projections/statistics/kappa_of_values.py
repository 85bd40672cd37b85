"""Kappa of two columns of scores with quadratic weights, and its limits: the disagreement of x and y weighs (x − y)².

Cohen J. Psychol Bull 1968;70:213–20; the standard error for large samples is that of Fleiss JL, Cohen J, Everitt BS.
Psychol Bull 1969;72:323–7. Scores need no list of categories, and may lie between whole numbers. Of what is yes or no,
as 1 and 0, it is Cohen's unweighted kappa.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from projections.statistics.kappa import NOTHING_READ, ONE_CATEGORY
from projections.statistics.ordering import Numbers, doubles, equally_long
from projections.statistics.results import LEVEL, NO_LIMITS, PERFECT, Estimate

INTERVAL: Final = "Fleiss–Cohen–Everitt"


def kappa_of_values(first: Numbers, second: Numbers, *, level: float = LEVEL) -> Estimate:
    """Return the kappa of two readers' scores, one row a study, with its limits, which may lie beyond −1 and 1.

    None where all scores are one and the same; perfect agreement leaves no limits, and neither does one study.

    >>> round(kappa_of_values([0, 1, 2, 2], [0, 1, 1, 2]).value, 6)
    0.8
    """
    equally_long(first, second)
    one, other = doubles(first), doubles(second)
    values = np.unique(np.concatenate([one, other]))
    is_binary = bool(np.isin(values, (0.0, 1.0)).all())
    blank = Estimate("kappa", "unweighted" if is_binary else "quadratic", len(one), interval=INTERVAL)
    if not len(one):
        return blank._replace(reason=NOTHING_READ)
    if len(values) == 1:
        return blank._replace(reason=ONE_CATEGORY)
    by_first, by_second = ((each - of.mean()) ** 2 + of.var() for each, of in ((one, other), (other, one)))
    expected, observed = float(by_first.mean()), (one - other) ** 2
    value = 1 - float(observed.mean()) / expected
    if not observed.any() or len(one) == 1:
        return blank._replace(value=value, reason=NO_LIMITS if observed.any() else PERFECT)
    from scipy.special import ndtri

    influence = (1 - value) * ((by_first + by_second) / expected - 1) - observed / expected
    reach = float(ndtri((1 + level) / 2)) * math.sqrt(float(np.mean(influence**2)) / len(one))
    return blank._replace(value=value, low=value - reach, high=value + reach)
