"""How values are distributed: mean, standard deviation, median, quartiles and range, each a figure.

SD with n − 1 below it, none of a single value. Quartiles by linear interpolation between the order statistics
(Hyndman RJ, Fan Y. Am Stat 1996;50:361–5, definition 7: R's default). Exact until the last step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from projections.cohort.figures.figures import Figure
from projections.statistics.ordering import over_one_denominator, sum_of_squares
from projections.statistics.quantiles import quantile
from projections.statistics.results import NOTHING_GIVEN, ONE_VALUE
from projections.statistics.rounding import decimals_of, fixed, from_to, half_up
from registry.catalogue.instruments.values import Number, Values

QUARTILES: Final = "type 7 (linear interpolation)"
SHARES: Final = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(0), Fraction(1))


def described(at: tuple[str, str], values: Sequence[Number] | Values, *, note: str, unit: str = "") -> Iterator[Figure]:
    """Yield `mean`, `sd`, `median`, `lower quartile`, `upper quartile`, `lowest` and `highest` of known values.

    `note` says whose values are left out and why. The text of `mean` is as `6.4 ± 1.3`, that of `median` as
    `31 (14–65)`.
    """
    n, decimals = len(values), decimals_of(unit)
    whole, scale = over_one_denominator(values)
    whole.sort()
    mean = Fraction(sum(whole), n * scale) if n else None
    sd = _spread(whole, scale)
    median, lower, upper, lowest, highest = (_quantile(whole, scale, share) for share in SHARES)
    for statistic, value, variant in (
        ("mean", mean, "arithmetic"),
        ("sd", sd, "n - 1"),
        ("median", median, QUARTILES),
        ("lower quartile", lower, QUARTILES),
        ("upper quartile", upper, QUARTILES),
        ("lowest", lowest, None),
        ("highest", highest, None),
    ):
        text = None if value is None else half_up(value, 2)
        if statistic == "mean" and mean is not None:
            text = fixed(mean, decimals) + (f" ± {fixed(sd, decimals)}" if sd is not None else "")
        elif statistic == "median" and n:
            text = f"{text} ({from_to(half_up(lowest, 2), half_up(highest, 2))})"
        yield Figure(
            *at,
            statistic,
            value=None if value is None else float(value),
            text=text,
            denominator=n,
            denominator_note=note,
            variant=variant,
            n_patients=n,
            unit=unit,
            reason=None if value is not None else ONE_VALUE if n else NOTHING_GIVEN,
        )


def _quantile(whole: Sequence[int], scale: int, share: Fraction) -> Fraction | None:
    found = quantile(whole, share)
    return None if found is None else Fraction(found) / scale


def _spread(whole: Sequence[int], scale: int) -> float | None:
    """Return the standard deviation with n − 1 of whole numbers over a denominator, None of fewer than two."""
    n = len(whole)
    if n < 2:
        return None
    squares = n * sum_of_squares(whole) - sum(whole) ** 2
    return math.sqrt(Fraction(squares, n * (n - 1) * scale * scale))
