"""Flare after withdrawal of a drug: ASDAS-CRP of 2.1 or more at two consecutive visits, or above 3.5 at any.

Landewé RB, Gensler LS, Poddubnyy D, et al. (COAST-Y). Ann Rheum Dis 2021;80:1022-30; verified. A visit without a score
is a visit: whether the ones before and after it make two consecutive ones depends on what it would have been.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.criteria.criterion import PREVIOUS, Criterion
from registry.catalogue.instruments.asdas import HIGH_UP_TO, LOW_BELOW
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values

SCORE: Final = "asdas_crp"


def withdrawal_flares(asdas: Values, *, series: NDArray[Any]) -> Truths:
    """Return whether the definition is met at each visit, by this score and the one before it in the same series.

    Rows are ordered by series, as one a patient, and by day within it. The flare of a series is the first row that is
    met; the first visit of a series has none before it.
    """
    if not len(asdas):
        return asdas > HIGH_UP_TO
    continued = np.concatenate([[False], series[1:] == series[:-1]])
    earlier = asdas.take(np.arange(len(asdas)) - 1)
    return (asdas > HIGH_UP_TO) | (
        (asdas >= LOW_BELOW) & (earlier >= LOW_BELOW) & Truths(certain=continued, possible=continued)
    )


def of_two_visits(before: Columns, now: Columns) -> tuple[Truths, list[Truths]]:
    """Return whether the later of two consecutive visits meets the definition."""
    met = (now[SCORE] > HIGH_UP_TO) | ((now[SCORE] >= LOW_BELOW) & (before[SCORE] >= LOW_BELOW))
    return met, [met]


CRITERIA: Final = (
    Criterion(
        name="flare-withdrawal",
        rule="flare-withdrawal/1",
        title="flare after withdrawal: ASDAS-CRP 2.1 or more twice in a row, or above 3.5",
        source="Landewé et al., Ann Rheum Dis 2021;80:1022-30",
        against=PREVIOUS,
        inputs=(SCORE,),
        kernel=of_two_visits,
    ),
)
