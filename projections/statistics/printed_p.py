"""The number of pairs behind a printed correlation: does its p belong to the n that the paper states?

A p of a correlation follows from rho and n alone, so each printed pair of them leaves only some n open. Several
correlations of one table whose n agree on a number that is not the number of patients tell of a slip.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import numpy as np

from projections.statistics.spearman import p_of_correlation

LARGEST: Final = 10_000


def sizes_behind(rho: Decimal, p: Decimal, *, largest: int = LARGEST) -> tuple[int, ...]:
    """Return every n from 3 to `largest` at which some rho that rounds to the printed one has the printed p.

    Both as printed: their decimals say how they were rounded.

    >>> sizes_behind(Decimal("0.379"), Decimal("0.023"))
    (36,)
    """
    size, off = abs(rho), _half(rho)
    n = np.arange(3, largest + 1, dtype=np.float64)
    greatest = p_of_correlation(float(max(size - off, Decimal(0))), n)
    least = p_of_correlation(float(min(size + off, Decimal(1))), n)
    fits = (least <= float(p + _half(p))) & (greatest >= float(p - _half(p)))
    return tuple(int(size) for size in n[fits])


def sizes_below(rho: Decimal, limit: Decimal, *, largest: int = LARGEST) -> tuple[int, ...]:
    """Return every n from 3 to `largest` at which some rho that rounds to the printed one has a p below `limit`.

    >>> sizes_below(Decimal("0.626"), Decimal("0.001"))[0]
    25
    """
    n = np.arange(3, largest + 1, dtype=np.float64)
    least = p_of_correlation(float(min(abs(rho) + _half(rho), Decimal(1))), n)
    return tuple(int(size) for size in n[least < float(limit)])


def _half(printed: Decimal) -> Decimal:
    return Decimal(5).scaleb(int(printed.as_tuple().exponent) - 1)
