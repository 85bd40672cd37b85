"""Intraclass correlation of two-way ratings: how much of the variance is between patients.

Shrout PE, Fleiss JL. Psychol Bull 1979;86:420–8, whose forms these are; McGraw KO, Wong SP. Psychol Methods 1996;1:
30–46 for the limits by F. With the mean squares of rows (patients), columns (readers) and error, of n patients × k
readers:

2,1  (MSR − MSE) / (MSR + (k − 1) MSE + k (MSC − MSE) / n)  absolute agreement of single readers, the default
3,1  (MSR − MSE) / (MSR + (k − 1) MSE)                      consistency: a reader may be higher throughout
2,k  (MSR − MSE) / (MSR + (MSC − MSE) / n)                  absolute agreement of means of the k readers
3,k  (MSR − MSE) / MSR                                      consistency of means of the k readers
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from projections.statistics.ordering import GREATEST, Floats, Numbers, doubles
from projections.statistics.results import (
    LEVEL,
    NO_LIMITS,
    NOTHING_GIVEN,
    ONE_VALUE,
    PERFECT,
    TOO_FEW,
    ZERO_VARIANCE,
    Estimate,
)

Form = Literal["2,1", "3,1", "2,k", "3,k"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
NOISE: Final = 1e-12  # of the greatest rating, squared: less variance than that is none

Limits = tuple[float, float]


class MeanSquares(NamedTuple):
    """The two-way analysis of variance of n patients × k readers, without interaction."""

    rows: float
    columns: float
    error: float
    n: int
    k: int


def mean_squares(ratings: Floats) -> MeanSquares:
    """Return the mean squares of n ≥ 2 patients (rows) × k ≥ 2 readers (columns)."""
    n, k = ratings.shape
    centred = ratings - ratings.mean()
    by_row, by_column = centred.mean(axis=1), centred.mean(axis=0)
    left = centred - by_row[:, None] - by_column
    least = (NOISE * float(np.abs(ratings).max())) ** 2
    squares = (
        k * float(by_row @ by_row) / (n - 1),
        n * float(by_column @ by_column) / (k - 1),
        float(np.einsum("ij,ij->", left, left)) / ((n - 1) * (k - 1)),
    )
    rows, columns, error = (square if square > least else 0.0 for square in squares)
    return MeanSquares(rows, columns, error, n, k)


def icc(ratings: Numbers, *, form: Form = "2,1", level: float = LEVEL) -> Estimate:
    """Return the ICC of complete ratings, patients × readers, with its limits by F.

    None where all ratings are equal, or where the form divides by 0; perfect agreement and no variance between the
    patients leave no limits.

    >>> coefficient = icc([[10, 12], [4, 5], [22, 20], [0, 1], [15, 15], [7, 10], [30, 27], [3, 3]])
    >>> round(coefficient.value, 4), round(icc([[1, 2], [3, 4], [7, 8]], form="3,1").value, 4)
    (0.9811, 1.0)

    Raises:
        ValueError: where the ratings are no table of complete rows.
    """
    table = doubles(ratings)
    blank = Estimate("ICC", form, len(table), interval="F")
    if not len(table):
        return blank._replace(reason=NOTHING_GIVEN)
    if table.ndim != 2:
        raise ValueError("ratings need one row a patient and one column a reader")
    if table.shape[1] < 2:
        return blank._replace(reason=TOO_FEW)
    if len(table) == 1:
        return blank._replace(reason=ONE_VALUE)
    squares = mean_squares(table)
    value = _value(squares, form)
    if value is None:
        return blank._replace(reason=ZERO_VARIANCE)
    limits = _limits(squares, form, level)
    if limits is None:
        return blank._replace(value=value, reason=PERFECT if value == 1 else NO_LIMITS)
    return blank._replace(value=value, low=limits[0], high=limits[1])


def _value(of: MeanSquares, form: Form) -> float | None:
    single = form.endswith("1")
    below = of.rows + (of.k - 1) * of.error * single
    if form.startswith("2"):
        below += (of.k if single else 1) * (of.columns - of.error) / of.n
    return (of.rows - of.error) / below if below > 0 else None


def _limits(of: MeanSquares, form: Form, level: float) -> Limits | None:
    if not of.error or not of.rows:
        return None
    single = (_agreement if form.startswith("2") else _consistency)(of, (1 - level) / 2)
    if single is None or form.endswith("1"):
        return single
    below = [1 + (of.k - 1) * limit for limit in single]
    return (of.k * single[0] / below[0], of.k * single[1] / below[1]) if min(below) > 0 else None  # Spearman–Brown


def _consistency(of: MeanSquares, tail: float) -> Limits:
    quantile = _quantile(tail)
    freedom = (of.n - 1) * (of.k - 1)
    f = of.rows / of.error
    low, high = f / quantile(of.n - 1, freedom), f * quantile(freedom, of.n - 1)
    return (low - 1) / (low + of.k - 1), (high - 1) / (high + of.k - 1)


def _agreement(of: MeanSquares, tail: float) -> Limits | None:
    quantile = _quantile(tail)
    n, k = of.n, of.k
    value = (of.rows - of.error) / (of.rows + (k - 1) * of.error + k * (of.columns - of.error) / n)
    a, b = k * value, n * (1 + (k - 1) * value) - k * value
    f, between = of.columns / of.error, of.rows / of.error
    freedom = (k - 1) * (n - 1) * (a * f + b) ** 2 / ((n - 1) * (a * f) ** 2 + b**2)
    upper, lower = quantile(n - 1, freedom), quantile(freedom, n - 1)
    if not (0 < upper < GREATEST and 0 < lower < GREATEST):  # hardly any degree of freedom is left
        return None
    within = k * f + k * n - k - n
    low = n * (between - upper) / (upper * within + n * between)
    return low, n * (lower * between - 1) / (within + n * lower * between)


def _quantile(tail: float) -> Callable[[float, float], float]:
    from scipy.special import fdtri

    return lambda above, below: float(fdtri(above, below, 1 - tail))
