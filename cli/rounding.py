"""Rounding as papers do it: half up, on the decimals that a person sees, and only for display."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.visit_summaries import VisitSummary


def median_and_range(row: VisitSummary) -> str:
    """Return a summary as papers print it: the median, and the range in brackets, with at most two decimals."""
    return f"{half_up(row.median, 2)} ({half_up(row.low, 2)}–{half_up(row.high, 2)})"


def half_up(value: float | None, decimals: int) -> str:
    """Return a value with at most so many decimals, without trailing zeros; a dot for nothing.

    >>> half_up(3.475, 2), half_up(60.0, 2), half_up(None, 2)
    ('3.48', '60', '·')
    """
    if value is None:
        return "·"
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
