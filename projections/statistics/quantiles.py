"""Quantiles by linear interpolation between the order statistics, exactly.

Hyndman RJ, Fan Y. Am Stat 1996;50:361–5, definition 7: R's default.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def quantile(ordered: Sequence[int | Fraction], share: Fraction) -> Fraction | None:
    """Return a quantile of ascending values, None of nothing.

    >>> quantile([Fraction(each) for each in (1, 2, 3, 4)], Fraction(1, 4))
    Fraction(7, 4)
    """
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
