"""Squares of counts from two columns of grades, and the kappa of a large table of ratings.

The kernel of kappa is in `kappa`; here are ratings as a projection has them: two columns of many grades.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from projections.statistics.kappa import NOTHING_READ, Weighting, kappa
from projections.statistics.ordering import equally_long
from projections.statistics.results import Estimate

Grades = NDArray[np.integer]


def square_of_grades(first: Grades, second: Grades, *, n_grades: int) -> NDArray[np.int64]:
    """Return how often the readers gave each two of the grades 0 to n_grades − 1: rows by the first reader.

    Raises:
        ValueError: for a grade outside 0 to n_grades − 1.
    """
    equally_long(first, second)
    for grades in (first, second):
        if len(grades) and not 0 <= grades.min() <= grades.max() < n_grades:
            raise ValueError(f"grades have to be from 0 to {n_grades - 1}")
    both = np.asarray(first, dtype=np.int64) * n_grades + np.asarray(second, dtype=np.int64)
    return np.bincount(both, minlength=n_grades**2).reshape(n_grades, n_grades)


def kappa_of_grades(first: Grades, second: Grades, *, n_grades: int, weighting: Weighting = "unweighted") -> Estimate:
    """Return the kappa of two columns of grades, one row a location or patient; undefined as `kappa` says.

    >>> one, other = np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2])
    >>> kappa_of_grades(one, other, n_grades=3, weighting="linear").value
    0.7142857142857143
    """
    blank = Estimate("kappa", weighting, len(first))
    if not len(first):
        return blank._replace(reason=NOTHING_READ)
    agreement = kappa(square_of_grades(first, second, n_grades=n_grades).tolist(), weighting=weighting)
    return blank._replace(value=agreement.value, reason=agreement.reason)
