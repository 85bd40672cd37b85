"""Improvement and worsening between two visits, by a percentage of the first value and by units, exactly.

For values of which more is worse. A percentage is compared as `100 x change >= percent x before`, never as a quotient.
A pair with a value missing is missing: what the other value alone would exclude is not considered.
"""

from __future__ import annotations

from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Number, Values


def paired(before: Values, now: Values) -> tuple[Values, Values]:
    """Return both columns with the rows unknown in which either is."""
    return before.where(now.known), now.where(before.known)


def improved(before: Values, now: Values, *, percent: int, units: Number = 0) -> Truths:
    """Return whether a value fell by so many percent and so many units; one that was 0 cannot improve."""
    before, now = paired(before, now)
    fall = before - now
    return (before > 0) & (fall * 100 >= before * percent) & (fall >= units)


def deteriorated(before: Values, now: Values, *, percent: int, units: Number) -> Truths:
    """Return whether a value rose by so many percent and so many units; from 0, every rise is unbounded in percent."""
    rise = now - before
    return (rise > 0) & (rise * 100 >= before * percent) & (rise >= units)
