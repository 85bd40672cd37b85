"""Days of the calendar that lie a number of months later, of whole columns at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def months_later(days: NDArray[np.int64], months: int) -> NDArray[np.int64]:
    """Return the days that lie so many months later; days since 1970.

    A day that the later month does not have is its last: a month after 31 January is 28 or 29 February.
    """
    start = days.astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    later = month + months
    last = (later + 1).astype("datetime64[D]") - 1
    moved = np.minimum(later.astype("datetime64[D]") + (start - month.astype("datetime64[D]")), last)
    return np.asarray(moved.astype(np.int64), dtype=np.int64)
