"""How far two readers agree, and how far a figure may lie from the true one by chance: from the textbooks' formulas.

An interval is of 99%: with the seeds fixed, a figure that leaves it tells of another rate rather than of chance.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Z = 2.5758  # of the normal distribution, 99% two-sided
Numbers = NDArray[np.float64]


class Figure(NamedTuple):
    """A figure with its standard error, from `n` independent patients."""

    value: float
    error: float
    n: int

    def agrees_with(self, published: float) -> bool:
        """Return whether a published figure lies in the interval of 99% around the found one."""
        return abs(self.value - published) <= Z * self.error

    def is_one_of(self, published: float, *, rounded_to: float) -> bool:
        """Return whether it agrees with any number that is printed as the published one."""
        return abs(self.value - published) <= Z * self.error + rounded_to / 2


def share(yes: NDArray[np.bool_], expected: float) -> Figure:
    """Return a share with the binomial standard error under the expected one."""
    return Figure(float(yes.mean()), sqrt(expected * (1 - expected) / len(yes)), len(yes))


def kappa(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> Figure:
    """Return Cohen's kappa of two verdicts (Educ Psychol Meas 1960;20:37-46, with its standard error)."""
    observed = float((a == b).mean())
    by_chance = float(a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean()))
    error = sqrt(observed * (1 - observed) / len(a)) / (1 - by_chance)
    return Figure((observed - by_chance) / (1 - by_chance), error, len(a))


def mean(x: Numbers) -> Figure:
    """Return the mean with its standard error."""
    return Figure(float(x.mean()), float(x.std(ddof=1)) / sqrt(len(x)), len(x))


def deviation(x: Numbers) -> Figure:
    """Return the standard deviation; the variance of a sample's variance is (m4 - s^4) / n, whatever is distributed."""
    variance = float(x.var())
    fourth = float(((x - x.mean()) ** 4).mean())
    return Figure(sqrt(variance), sqrt((fourth - variance**2) / len(x)) / (2 * sqrt(variance)), len(x))


def icc(a: Numbers, b: Numbers) -> Figure:
    """Return ICC(2,1) of two readers (Shrout and Fleiss, Psychol Bull 1979;86:420-8), its error by the jackknife."""
    sums = np.stack([np.ones(len(a)), a, b, a * a, b * b, a * b])
    whole = sums.sum(axis=1)
    left_out = np.array(_icc(*(whole[:, None] - sums)))
    error = sqrt((len(a) - 1) * float(left_out.var()))
    return Figure(float(_icc(*whole)), error, len(a))


def _icc(n: Numbers, a: Numbers, b: Numbers, aa: Numbers, bb: Numbers, ab: Numbers) -> Numbers:
    """Return ICC(2,1) from the number of patients, the sums of both readers, of their squares and of their product."""
    grand = (a + b) ** 2 / (2 * n)
    between = (aa + bb + 2 * ab) / 2 - grand
    readers = (a * a + b * b) / n - grand
    residual = (aa + bb - grand) - between - readers
    of_patients, of_error = between / (n - 1), residual / (n - 1)
    found: Numbers = (of_patients - of_error) / (of_patients + of_error + 2 * (readers - of_error) / n)
    return found
