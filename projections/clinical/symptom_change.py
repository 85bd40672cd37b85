"""How a symptom changed between two days: from the visits nearest to them, exactly.

All days are on the clinical clock; values are exact decimals in the canonical unit of their measure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from registry.catalogue.instruments.values import EXACT

MISSING: Final = ("baseline", "followup", "both", "one-visit", "comparator")  # why there is no change
DIRECTIONS: Final = ("down", "same", "up")


class Value(NamedTuple):
    """A value taken at a visit; `mark` says where the true one lies below or above it, or it rests on such a limit."""

    visited_on: date
    visit_id: str
    value: Decimal
    mark: int = EXACT


class Change(NamedTuple):
    """The follow-up value less the baseline value; without an `amount` there is a reason in `missing`."""

    amount: Decimal | None
    missing: str | None = None

    @property
    def direction(self) -> str | None:
        """Whether the value went down, up, or stayed the same."""
        if self.amount is None:
            return None
        return DIRECTIONS[1 + (self.amount > 0) - (self.amount < 0)]

    @property
    def text(self) -> str | None:
        """The amount in full, without an exponent and without trailing zeros.

        >>> Change(Decimal("-10.50")).text, Change(Decimal("1E+1")).text, Change(Decimal("-0.0")).text
        ('-10.5', '10', '0')
        """
        if self.amount is None:
            return None
        return f"{self.amount.normalize():f}" if self.amount else "0"


def nearest(values: Iterable[Value], to: date, *, window_days: int) -> Value | None:
    """Return the value of the visit nearest to a day, at most `window_days` away; of two equally near the earlier."""
    near = [value for value in values if abs((value.visited_on - to).days) <= window_days]
    return min(
        near, key=lambda value: (abs((value.visited_on - to).days), value.visited_on, value.visit_id), default=None
    )


def change(baseline: Value | None, followup: Value | None) -> Change:
    """Return the change from one value to the other, or why it cannot be said."""
    if baseline is None and followup is None:
        return Change(None, "both")
    if baseline is None:
        return Change(None, "baseline")
    if followup is None:
        return Change(None, "followup")
    if baseline.visit_id == followup.visit_id:
        return Change(None, "one-visit")
    if baseline.mark != EXACT or followup.mark != EXACT:
        return Change(None, "comparator")
    return Change(followup.value - baseline.value)
