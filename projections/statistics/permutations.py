"""Exact distributions of rank sums under the null hypothesis, for any mid-ranks.

Ranks come doubled, so that mid-ranks are whole numbers. The distributions are counted up rank by rank instead of
listing all 2^n signs or all choices: what Streitberg B, Röhmel J. Stat Software Newsletter 1986;12:10–18 call the shift
algorithm. Every step adds positive numbers only, which costs no digits.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from projections.statistics.ordering import Floats

SIGNS_LIMIT: Final = 1_000  # ranks; half a second
CHOICES_LIMIT: Final = 200

Ranks = NDArray[np.int64]


def doubled_ranks(values: Floats) -> Ranks:
    """Return twice the mid-rank of each value, smallest first."""
    _, place, n = np.unique(values, return_inverse=True, return_counts=True)
    doubled: Ranks = (2 * np.cumsum(n) - n + 1)[place]
    return doubled


def signed_sums(doubled: Ranks) -> Floats:
    """Return the probability of each sum 0, 1, 2, … of the ranks that get a plus, each with probability 1/2."""
    chances = np.zeros(int(doubled.sum()) + 1)
    chances[0] = 1.0
    reach = 0
    for rank in np.sort(doubled).tolist():
        halved = chances[: reach + 1] / 2
        chances[: reach + 1] = halved
        chances[rank : rank + reach + 1] += halved
        reach += rank
    return chances


def chosen_sums(doubled: Ranks, choose: int) -> Floats:
    """Return the probability of each sum 0, 1, 2, … of so many ranks, all choices being equally likely."""
    ways = np.zeros((choose + 1, int(np.sort(doubled)[len(doubled) - choose :].sum()) + 1))
    ways[0, 0] = 1.0
    for rank in doubled.tolist():
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank]
    counted: Floats = ways[choose] / ways[choose].sum()
    return counted


def two_sided(chances: Floats, observed: int) -> float:
    """Return twice the smaller tail, the observed sum included, 1 at most."""
    tails = chances[: observed + 1].sum(), chances[observed:].sum()
    return min(1.0, 2.0 * float(min(tails)))
