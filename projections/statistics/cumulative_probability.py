"""The cumulative probability plot: every patient's change in order, so that nobody hides in a mean.

Landewé R, van der Heijde D. Arthritis Rheum 2004;50:699–706. Changes ascend on the y axis; patient i of n stands at
i / n (the default) or at (i − 0.5) / n (Hazen) on the x axis. Patients with equal changes keep a point each.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from projections.statistics.ordering import DECIMALS, Floats, Number, Numbers, doubles, ordered
from projections.statistics.proportions import Proportion

Position = Literal["i/n", "(i-0.5)/n"]
POSITIONS: Final[tuple[Position, ...]] = get_args(Position)


class ProbabilityPlot(NamedTuple):
    """The points of the plot, one a patient: `changes` ascending, in their unit, at `shares` from 0 to 1."""

    changes: Floats
    shares: Floats
    position: Position


def probability_plot(changes: Numbers, *, position: Position = "i/n") -> ProbabilityPlot:
    """Return the points of the cumulative probability plot; none of no changes.

    >>> probability_plot([2, -1, 0, 0]).shares.tolist()
    [0.25, 0.5, 0.75, 1.0]
    """
    ascending = np.sort(doubles(changes))
    off = 0.0 if position == "i/n" else 0.5
    return ProbabilityPlot(ascending, (np.arange(1, len(ascending) + 1) - off) / max(1, len(ascending)), position)


def changes_at_least(changes: Numbers, limit: Number, *, decimals: int = DECIMALS) -> Proportion:
    """Return how many changes are the limit or more, exactly or with doubles rounded to so many decimals.

    >>> changes_at_least([-1, 0, 0.1 + 0.2, 3], 0.3)
    Proportion(n=2, of=4)
    """
    places = ordered([*changes, limit], decimals=decimals)
    return Proportion(int((places[:-1] >= places[-1]).sum()), len(changes))
