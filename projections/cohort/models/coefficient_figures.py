"""The coefficients of a model as figures: ratios or differences with limits, and their p by Wald.

A reference is a ratio of 1 or a difference of 0, without limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.figures.comparing import limits_text
from projections.cohort.figures.figures import Figure
from projections.cohort.models.fitted import Fitted
from projections.statistics.regression import Coefficient, contrast
from projections.statistics.results import NO_LIMITS
from projections.statistics.rounding import decimals_of, fixed, half_up, p_text

RATIOS: Final = {"cox": "hazard ratio", "logistic": "odds ratio", "poisson": "risk ratio"}
DIFFERENCE: Final = "difference"
P: Final = "p"
RATIO_DECIMALS: Final = 2


class Said(NamedTuple):
    """What all figures of a model share: the statistic of a coefficient, the note, the variant, and the reason.

    `n_members` are the members that were used, of so many patients.
    """

    statistic: str
    unit: str
    note: str
    variant: str
    reason: str | None
    level: float
    n_members: int
    n_patients: int

    @property
    def is_ratio(self) -> bool:
        """Whether coefficients are logarithms of ratios."""
        return self.statistic != DIFFERENCE


def coefficient_figures(
    fitted: Fitted, row: str, column: int | None, said: Said, *, exposure: bool
) -> Iterator[Figure]:
    """Yield a coefficient with its p; of an exposure that time changes, one at each time point.

    `column` is None of a word that nobody has.
    """
    crossed = fitted.rows.crossed if exposure else ()
    if column is None or not crossed:
        yield from _estimated(row, "", None if column is None else _of_columns(fitted, (column,)), said)
        return
    place = fitted.rows.terms[0].columns.index(column)
    time = fitted.rows.terms[-1]
    for number, name in enumerate(time.levels):
        with_time = () if name == time.reference else (crossed[number - 1][place],)
        yield from _estimated(row, name, _of_columns(fitted, (column, *with_time)), said)


def _of_columns(fitted: Fitted, columns: tuple[int, ...]) -> Coefficient | None:
    """Return the sum of the coefficients of some columns, None without a model."""
    regression = fitted.regression
    if len(columns) == 1:
        return regression.coefficients[columns[0]] if regression.coefficients else None
    weights = np.zeros(len(regression.coefficients))
    weights[[each for each in columns if each < len(weights)]] = 1
    return contrast(regression, weights.tolist())


def _estimated(row: str, timepoint: str, found: Coefficient | None, said: Said) -> Iterator[Figure]:
    at = (row, timepoint)
    yield estimate(at, found, said)
    reason = (found.reason if found else None) or said.reason
    yield Figure(
        *at,
        P,
        value=found and found.statistic,
        text=p_text(found.p if found else None),
        p_value=found and found.p,
        denominator=said.n_members,
        denominator_note=said.note,
        variant=f"{said.variant}; Wald",
        n_patients=said.n_patients,
        reason=reason,
    )


def estimate(at: tuple[str, str], found: Coefficient | None, said: Said) -> Figure:
    """Return a coefficient as a figure, a ratio where it is one; with the reason where there is none."""
    figure = Figure(
        *at,
        said.statistic,
        denominator=said.n_members,
        denominator_note=said.note,
        variant=said.variant,
        n_patients=said.n_patients,
        unit=said.unit,
        reason=said.reason,
    )
    if found is None:
        return figure
    value, low, high = found.ratio if said.is_ratio else (found.value, found.low, found.high)
    figure = figure._replace(value=value, text=_text(value, low, high, said), reason=found.reason or said.reason)
    if value is None or low is None or high is None:
        return figure._replace(reason=figure.reason or NO_LIMITS)
    return figure._replace(ci_low=low, ci_high=high, ci_method=f"Wald, {half_up(100 * said.level, 1)}%")


def _text(value: float | None, low: float | None, high: float | None, said: Said) -> str | None:
    decimals = RATIO_DECIMALS if said.is_ratio else decimals_of(said.unit) + 1
    if value is None:
        return None
    limits = "" if low is None or high is None else f" ({limits_text(low, high, decimals)})"
    return f"{fixed(value, decimals)}{limits}"


def reference_figure(fitted: Fitted, row: str, said: Said) -> Figure:
    """Return the figure of a reference; without a model it has none either."""
    if not fitted.regression.coefficients:
        return estimate((row, ""), None, said)
    value = 1 if said.is_ratio else 0
    return Figure(
        row,
        "",
        said.statistic,
        value=value,
        text=f"{value} (reference)",
        denominator=said.n_members,
        denominator_note=said.note,
        variant=said.variant,
        n_patients=said.n_patients,
        unit=said.unit,
    )
