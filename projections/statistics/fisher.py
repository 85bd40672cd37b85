"""Fisher's exact test of a table of counts, of any number of groups and categories.

Fisher RA. J R Stat Soc 1935;98:39–82; Freeman GH, Halton JH. Biometrika 1951;38:141–9. p is the probability, all
margins being fixed, of the tables that are not more probable than the one seen. All tables with the margins are listed,
category by category; where they are too many, the test is left open.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from projections.statistics.contingency import Counts, counts_in_groups, untestable
from projections.statistics.ordering import Floats
from projections.statistics.results import ALL_TIED, TOO_MANY, Outcome

TABLES_LIMIT: Final = 1_000_000  # a second
EQUAL: Final = 1e-7  # relative: as R has it, tables as probable as this count as equally probable

Whole = NDArray[np.int64]


def fisher_exact(counts: Counts, *, limit: int = TABLES_LIMIT) -> Outcome:
    """Return the two-sided exact test of counts, one row a group and one column a category; it has no statistic.

    Beyond so many tables with the same margins it is left open, with the reason. Where everybody has the same category,
    p is 1, with the reason.

    >>> round(fisher_exact([[3, 1], [1, 4]]).p, 4)
    0.2063

    Raises:
        ValueError: as `counts_in_groups` does.
    """
    table = counts_in_groups(counts)
    blank = Outcome("Fisher", "exact, two-sided", int(table.sum()), int(table.sum()))
    reason = untestable(table)
    if reason:
        return blank._replace(reason=reason)
    if table.shape[1] == 1:
        return blank._replace(p=1.0, reason=ALL_TIED)
    chances = _log_chances(table[:, np.argsort(table.sum(axis=0), kind="stable")], limit)
    if chances is None:
        return blank._replace(reason=TOO_MANY)
    probable = np.exp(chances - chances.max())
    seen = np.exp(-_log_factorials(table).sum() - chances.max())
    return blank._replace(p=min(1.0, float(probable[probable <= seen * (1 + EQUAL)].sum() / probable.sum())))


def _log_chances(table: Whole, limit: int) -> Floats | None:
    """The logarithm of the chance of each table with these margins, but for a constant; None beyond the limit."""
    left, chances = table.sum(axis=1)[None, :], np.zeros(1)
    for total in table.sum(axis=0)[:-1].tolist():
        to_place = np.full(len(left), total)
        for group in range(left.shape[1]):
            after = left[:, group + 1 :].sum(axis=1)
            least, most = np.maximum(to_place - after, 0), np.minimum(to_place, left[:, group])
            choices = most - least + 1
            if choices.sum() > limit:
                return None
            origin = np.repeat(np.arange(len(left)), choices)
            cells = least[origin] + np.arange(len(origin)) - np.repeat(choices.cumsum() - choices, choices)
            left, to_place = left[origin], to_place[origin] - cells
            left[:, group] -= cells
            chances = chances[origin] - _log_factorials(cells)
    return np.asarray(chances - _log_factorials(left).sum(axis=1))


def _log_factorials(cells: Whole) -> Floats:
    from scipy.special import gammaln

    return np.asarray(gammaln(cells + 1.0))
