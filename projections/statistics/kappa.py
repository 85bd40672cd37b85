"""Agreement of two readers beyond chance: Cohen's kappa, unweighted and weighted.

Cohen J. Educ Psychol Meas 1960;20:37–46, and Psychol Bull 1968;70:213–20 for the weights. Disagreement between the
categories i and j weighs 1 unweighted, |i − j| linearly, (i − j)² quadratically; kappa is 1 minus the ratio of the
observed to the expected disagreement. Where chance alone leaves no disagreement, kappa is undefined, and is never
called 0 or 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

Weighting = Literal["unweighted", "linear", "quadratic"]
WEIGHTS: Final[dict[Weighting, Callable[[int, int], int]]] = {
    "unweighted": lambda i, j: int(i != j),
    "linear": lambda i, j: abs(i - j),
    "quadratic": lambda i, j: (i - j) ** 2,
}
NOTHING_READ: Final = "nothing-read-by-both"
ONE_CATEGORY: Final = "one-category-only"
REASONS: Final = (NOTHING_READ, ONE_CATEGORY)

Square = Sequence[Sequence[int]]


class Kappa(NamedTuple):
    """Kappa, from below 0 to 1; None with the `reason` where it is undefined."""

    value: float | None
    reason: str | None = None


def kappa(counts: Square, *, weighting: Weighting = "unweighted") -> Kappa:
    """Return the kappa of a square of counts: rows by what one reader said, columns by what the other did.

    Weighted kappa takes the categories in the order of the square. Calculated exactly and rounded once.

    >>> round(kappa([[20, 5], [10, 15]]).value, 3)
    0.4
    """
    weigh = WEIGHTS[weighting]
    rows = [sum(row) for row in counts]
    columns = [sum(column) for column in zip(*counts, strict=True)]
    places = range(len(counts))
    n = sum(rows)
    if not n:
        return Kappa(None, NOTHING_READ)
    expected = sum(weigh(i, j) * rows[i] * columns[j] for i in places for j in places)
    if not expected:
        return Kappa(None, ONE_CATEGORY)
    observed = sum(weigh(i, j) * counts[i][j] for i in places for j in places)
    return Kappa(float(1 - Fraction(n * observed, expected)))


def square_of_words(pairs: Iterable[tuple[str, str]], categories: Sequence[str]) -> list[list[int]]:
    """Return how often the first and the second reader said each two of the categories, in their order."""
    said = Counter(pairs)
    return [[said[first, second] for second in categories] for first in categories]
