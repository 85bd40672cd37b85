"""How values are distributed: mean, standard deviation, median, quartiles and range, each a figure.

SD with n − 1 below it, none of a single value. Quartiles by linear interpolation between the order statistics
(Hyndman RJ, Fan Y. Am Stat 1996;50:361–5, definition 7: R's default). Exact until the last step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from projections.cohort.figures.figures import Figure
from projections.statistics.quantiles import quantile
from projections.statistics.results import NOTHING_GIVEN, ONE_VALUE
from projections.statistics.rounding import decimals_of, fixed, half_up

QUARTILES = "type 7 (linear interpolation)"


def described(at: tuple[str, str], values: Sequence[Fraction], *, note: str, unit: str = "") -> Iterator[Figure]:
    """Yield `mean`, `sd`, `median`, `lower quartile`, `upper quartile`, `lowest` and `highest` of known values.

    `note` says whose values are left out and why. The text of `mean` is as `6.4 ± 1.3`, that of `median` as
    `31 (14–65)`.
    """
    n = len(values)
    ordered, decimals = sorted(values), decimals_of(unit)
    mean = sum(ordered, Fraction(0)) / n if n else None
    sd = spread(ordered)
    for statistic, value, variant in (
        ("mean", mean, "arithmetic"),
        ("sd", sd, "n - 1"),
        ("median", quantile(ordered, Fraction(1, 2)), QUARTILES),
        ("lower quartile", quantile(ordered, Fraction(1, 4)), QUARTILES),
        ("upper quartile", quantile(ordered, Fraction(3, 4)), QUARTILES),
        ("lowest", ordered[0] if n else None, None),
        ("highest", ordered[-1] if n else None, None),
    ):
        text = None if value is None else half_up(value, 2)
        if statistic == "mean" and mean is not None:
            text = fixed(mean, decimals) + (f" ± {fixed(sd, decimals)}" if sd is not None else "")
        elif statistic == "median" and n:
            text = f"{text} ({half_up(ordered[0], 2)}–{half_up(ordered[-1], 2)})"
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


def spread(values: Sequence[Fraction]) -> float | None:
    """Return the standard deviation with n − 1, None of fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    mean = sum(values, Fraction(0)) / n
    return math.sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))
