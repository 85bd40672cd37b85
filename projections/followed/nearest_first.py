"""Which day stands for which scheduled visit: one for one, the nearest pair first.

Of all pairs that are possible the one with the fewest days between is made, then of the rest the next; of pairs as near
as each other the one whose visit is due earlier, then the one with the earlier day.
"""

from __future__ import annotations

import numpy as np

from projections.columns.coded import Rows, Truth, in_order
from projections.columns.partial_days import Days


def nearest_first(expected: Rows | Days, seen: Rows | Days, *, due: Days, day: Days) -> Rows:
    """Return which of possible pairs are made: rows of pairs, in any order.

    `expected` and `seen` number the two sides of each pair, each number one thing; `due` and `day` are the days of the
    two sides.
    """
    order = in_order(np.abs(day - due), due, day)
    made = [np.zeros(0, dtype=np.int64)]
    while len(order):
        chosen = order[_is_first(expected[order]) & _is_first(seen[order])]
        made.append(chosen)
        taken = np.isin(expected[order], expected[chosen]) | np.isin(seen[order], seen[chosen])
        order = order[~taken]
    return np.concatenate(made)


def _is_first(numbers: Rows | Days) -> Truth:
    """Return which rows have a number that no row before has."""
    first = np.zeros(len(numbers), dtype=bool)
    first[np.unique(numbers, return_index=True)[1]] = True
    return first
