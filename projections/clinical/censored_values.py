"""Values known as a limit only, as a CRP of `<5`: what can still be said of their order and of their changes.

A value is a number with its bound: `BELOW` or `ABOVE` where the true one lies there, `EXACT` where it is the value. No
laboratory value is below 0. Nothing is put in the place of a limit: what the limits decide is said, with `<`, `≤`, `>`
or `≥` where it is a limit itself, and what they do not decide is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from projections.statistics.ordering import over_one_denominator
from projections.statistics.quantiles import quantile
from registry.catalogue.instruments.values import ABOVE, BELOW, EXACT, Number, Values


class CensoredValue(NamedTuple):
    """A value, in whatever unit, and whether the true one is below it, it, or above it."""

    value: Number
    bound: int = EXACT


class CensoredQuantile(NamedTuple):
    """What can be said of a quantile: a value with its sign, empty where it is known; None where it is open."""

    value: Fraction
    sign: str


def censored_quantile(values: Sequence[CensoredValue], share: Fraction) -> CensoredQuantile | None:
    """Return what can be said of a quantile of values, None of no value and where it could lie on either side.

    >>> low, high = CensoredValue(Fraction(5), BELOW), CensoredValue(Fraction(8))
    >>> censored_quantile([low, high, high], Fraction(1, 2)) == (8, "")
    True
    >>> censored_quantile([low, low, high], Fraction(1, 2)) == (5, "<")
    True
    """
    return censored_quantiles(values, (share,))[0]


def censored_quantiles(
    values: Sequence[CensoredValue], shares: Sequence[Fraction]
) -> tuple[CensoredQuantile | None, ...]:
    """Return what can be said of several quantiles of values, as `censored_quantile` says it of each."""
    if not values:
        return (None,) * len(shares)
    numbers, scale = over_one_denominator([value for value, _ in values])
    bounds = [bound for _, bound in values]
    ordered = sorted(zip(numbers, bounds, strict=True))
    top = max(numbers) + scale
    least = sorted(0 if bound == BELOW else number for number, bound in zip(numbers, bounds, strict=True))
    most = sorted(top if bound == ABOVE else number for number, bound in zip(numbers, bounds, strict=True))
    at, edges = [number for number, _ in ordered], [bound for _, bound in ordered]
    return tuple(
        _said(scale, _quantile(edges, share), *(_quantile(each, share) for each in (least, at, most)))
        for share in shares
    )


def _said(scale: int, edge: Fraction, least: Fraction, at: Fraction, most: Fraction) -> CensoredQuantile | None:
    """Return a quantile that lies between the least and the most that it can be; `edge` is the bound where it lies."""
    value = at / scale
    if least < at < most:
        return None
    if least < at:
        return CensoredQuantile(value, "<" if edge < 0 else "≤")
    if at < most:
        return CensoredQuantile(value, ">" if edge > 0 else "≥")
    return CensoredQuantile(value, "")


def smallest_changes(before: Values, after: Values) -> Values:
    """Return the change nearest to 0 that two values allow, pair by pair; 0 where its direction cannot be said.

    >>> fell = smallest_changes(Values.of([20, 7]), Values.of([5, 6], comparators=["<", "<"]))
    >>> fell.fractions()
    [Fraction(-15, 1), Fraction(-1, 1)]
    """
    least_before, least_after = (column.otherwise(0, column.bound == BELOW) for column in (before, after))
    rise = (least_after - before).otherwise(0, before.bound == ABOVE)
    fall = (after - least_before).otherwise(0, after.bound == ABOVE)
    return rise.otherwise(0, rise.numerator < 0) + fall.otherwise(0, fall.numerator > 0)


def _quantile(ordered: Sequence[Number], share: Fraction) -> Fraction:
    value = quantile(ordered, share)
    assert value is not None
    return Fraction(value)
