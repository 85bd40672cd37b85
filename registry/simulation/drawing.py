"""Numbers at random that are the same on every machine.

Only the bit generator and single operations of IEEE arithmetic are used. NumPy keeps the stream of PCG64 for ever;
its normal and exponential variates rest on the machine's logarithm, and may differ in the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Yes = NDArray[np.bool_]
Shape = int | tuple[int, ...]


class Draw:
    """The numbers of one part of a cohort, by the cohort's seed and the part's own number.

    Each part has a stream of its own, so that a new part leaves the others as they were.
    """

    def __init__(self, seed: int, part: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, part]))

    def even(self, shape: Shape) -> Floats:
        """Return numbers from 0 to below 1, each as likely."""
        number = int(np.prod(shape))
        raw: NDArray[Any] = self._bits.random_raw(number)
        return ((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)

    def whole(self, low: int | Whole, high: int | Whole, shape: Shape) -> Whole:
        """Return whole numbers from `low` to `high`, both included, each as likely."""
        span = np.asarray(high) - np.asarray(low) + 1
        drawn: Whole = np.asarray(low) + np.floor(self.even(shape) * span).astype(np.int64)
        return drawn

    def yes(self, share: float | Floats, shape: Shape) -> Yes:
        """Return yes for a share of the places."""
        return self.even(shape) < share

    def bell(self, shape: Shape) -> Floats:
        """Return numbers from -2 to 2 about 0, bell-shaped: four even ones added up; standard deviation 0.58."""
        total = self.even(shape)
        for _ in range(3):
            total = total + self.even(shape)
        return total - 2.0

    def one_of(self, weights: Sequence[int], shape: Shape) -> Whole:
        """Return places in a list, by their weights."""
        ends = np.array(list(accumulate(weights)))
        places: Whole = np.searchsorted(ends, self.even(shape) * ends[-1], side="right").astype(np.int64)
        return places
