"""Scores that a registry's protocol declares, as instruments over exact columns.

A score is the sum, the mean, the weighted sum or the largest of its items, some of them counted the other way round: as
high + low - value, by the range of the item. By default it stands only where every item does. Where so many items at
most may be missing, each missing one is counted as the mean of the others of that visit, after these were turned round:
the half rule of many questionnaires' manuals, with its limit by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from registry.catalogue.instruments.instrument import Columns, Instrument, Kernel, mean, total
from registry.catalogue.instruments.values import Values
from registry.catalogue.measures import Measure
from registry.catalogue.protocol import ScoreRecord


def own_instrument(score: ScoreRecord, measures: Mapping[str, Measure]) -> Instrument:
    """Return the instrument that a protocol declares; `measures` has its items."""
    low, high = score.range or (None, None)
    return Instrument(
        name=score.name,
        edition=score.edition,
        title=score.label,
        source=score.source,
        unit=score.unit,
        low=low,
        high=high,
        inputs=score.items,
        kernel=kernel_of(score, measures),
        may_lack=_may_lack(score),
        until=score.until,
    )


def kernel_of(score: ScoreRecord, measures: Mapping[str, Measure]) -> Kernel:
    """Return the formula of a score, from columns of its items to a column."""
    turned = {name: _ends(measures[name]) for name in score.reverse}
    weights = [Fraction(score.weights.get(name, Decimal(1))) for name in score.items]
    constant = Fraction(score.constant or 0)
    required = len(score.items) - _may_lack(score)

    def kernel(columns: Columns) -> Values:
        items = [columns[name] * -1 + turned[name] if name in turned else columns[name] for name in score.items]
        others = mean(items, required=required)
        counted = [item.or_else(others).where(others.known) for item in items]
        match score.rule:
            case "mean":
                return others
            case "sum":
                return total(counted)
            case "weighted":
                return total([item * weight for item, weight in zip(counted, weights, strict=True)]) + constant
            case "max":
                return reduce(_larger, counted)

    return kernel


def _may_lack(score: ScoreRecord) -> int:
    """Return how many items may be missing, never all of them."""
    return min(score.missing.at_most, len(score.items) - 1) if score.missing else 0


def _ends(measure: Measure) -> Fraction:
    """Return the sum of the ends of an item's range, by which it is turned round."""
    assert measure.low is not None, f"{measure.name} has no range"
    assert measure.high is not None, f"{measure.name} has no range"
    return Fraction(measure.low) + Fraction(measure.high)


def _larger(one: Values, other: Values) -> Values:
    """Return the larger of two values, row by row."""
    is_larger = (one >= other).certain
    return one.where(is_larger).or_else(other.where(~is_larger & one.known))
