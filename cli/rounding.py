"""Summaries as papers print them; the rounding itself is `projections.rounding`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.rounding import half_up

if TYPE_CHECKING:
    from projections.clinical.visit_summaries import VisitSummary


def median_and_range(row: VisitSummary) -> str:
    """Return a summary as papers print it: the median, and the range in brackets, with at most two decimals."""
    return f"{half_up(row.median, 2)} ({half_up(row.low, 2)}–{half_up(row.high, 2)})"
