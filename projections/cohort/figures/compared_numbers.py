"""Numbers of groups compared: Welch's test of means, the test of ranks, differences from the reference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from projections.cohort.figures.compared import Compared, Numbers
from projections.cohort.figures.comparison import Comparison, apart_from
from projections.cohort.figures.figures import Figure
from projections.columns.coded import Rows
from projections.statistics import ordering
from projections.statistics.kruskal_wallis import kruskal_wallis
from projections.statistics.mann_whitney import mann_whitney
from projections.statistics.results import Estimate, Outcome
from projections.statistics.standardised_difference import standardised_difference
from projections.statistics.welch import welch_anova, welch_interval, welch_t
from registry.catalogue.instruments.values import Number, Values

TWO = 2


def number_figures(comparison: Comparison, compared: Compared, of: Numbers) -> Iterator[Figure]:
    """Yield the tests of means and of ranks, then what each group is against the reference."""
    groups, scale = in_groups(of.values, comparison.rows)
    note = comparison.counted([len(values) for values in groups])
    yield from comparison.test(compared, _means(comparison, groups), note=note)
    if of.ranks is not None:
        yield from comparison.test(compared, _ranks(comparison, groups), note=note, statistic=of.ranks)
    reference = groups[comparison.reference] if groups else []
    for place, name in comparison.others:
        difference = _scaled(welch_interval(groups[place], reference, level=comparison.options.level), scale)
        yield comparison.against(
            compared, difference, statistic=f"difference of {compared.statistic}", group=name, note=note, unit=of.unit
        )
        apart = standardised_difference(groups[place], reference)
        yield comparison.against(compared, apart, statistic=apart_from(compared.statistic), group=name, note=note)


def in_groups(values: Sequence[Number | None] | Values, rows: Sequence[Rows]) -> tuple[list[ordering.Numbers], int]:
    """Return the known values of each group ascending, as whole numbers over their least common denominator, and that.

    Statistics of order, spread and shape are the same of these as of the values. Where 53 bits do not suffice they are
    the values themselves, and the denominator is 1.
    """
    column = ordering.exact_column(values)
    each = [column.take(own[column.known[own]]) for own in rows]
    joined = np.concatenate([group.numerator for group in each]) if each else np.zeros(0, dtype=np.int64)
    if joined.dtype == object or np.any(np.abs(joined) > ordering.LARGEST):
        return [sorted(value for value in group.fractions() if value is not None) for group in each], 1
    common = math.gcd(int(np.gcd.reduce(joined)), column.denominator)
    return [np.sort(group.numerator // common) for group in each], column.denominator // common


def _means(comparison: Comparison, groups: Sequence[ordering.Numbers]) -> Outcome:
    if len(groups) == TWO:
        return welch_t(*_other_first(comparison, groups))
    return welch_anova(_in_order(groups))


def _ranks(comparison: Comparison, groups: Sequence[ordering.Numbers]) -> Outcome:
    if len(groups) != TWO:
        return kruskal_wallis(_in_order(groups))
    return mann_whitney(*_other_first(comparison, groups))


def _other_first(comparison: Comparison, groups: Sequence[ordering.Numbers]) -> list[ordering.Numbers]:
    """Return the other of two groups, then the reference."""
    return [groups[1 - comparison.reference], groups[comparison.reference]]


def _in_order(groups: Sequence[ordering.Numbers]) -> list[ordering.Numbers]:
    """Return groups in an order of what is in them."""
    return sorted(groups, key=lambda values: (len(values), list(values)))


def _scaled(estimate: Estimate, scale: int) -> Estimate:
    """Return a difference of numbers over a denominator in the unit of the values."""
    own = (estimate.value, estimate.low, estimate.high)
    value, low, high = (None if each is None else each / scale for each in own)
    return estimate._replace(variant="group minus reference", value=value, low=low, high=high)
