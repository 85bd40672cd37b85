"""What instruments make of the measures of each visit: the rows of the table `measures` that were computed.

One row a visit and instrument of which more than half the inputs were taken; the value is null unless all were. A CRP
alone is no ASDAS with gaps. Instruments and their rules are declared in `registry.catalogue.instruments`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.clinical.visit_values import VisitValues
from projections.columns.coded import Rows
from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.instrument import Scores


class Computed(NamedTuple):
    """The rows of one instrument: which visits, the values (NaN where inputs are missing), how many inputs."""

    measure: str
    unit: str
    rule: str
    visits: Rows
    values: npt.NDArray[np.float64]
    n_expected: npt.NDArray[Any]
    n_present: npt.NDArray[Any]


def computed_rows(values: VisitValues) -> list[Computed]:
    """Return the computed rows, instrument by instrument."""
    computed = []
    for name in derived_names():
        scores = values.computed(name)
        rows = input_rows(scores)
        doubles, expected, present = scores.values.doubles()[rows], scores.n_expected[rows], scores.n_present[rows]
        computed.append(Computed(name, instruments()[name].unit, scores.rule, rows, doubles, expected, present))
    return computed


def derived_names() -> list[str]:
    """Return the instruments that follow from what a visit can hold, by name."""
    return [name for name, instrument in instruments().items() if instrument.computable]


def input_rows(scores: Scores) -> Rows:
    """Return the visits at which an instrument was taken: more than half of its inputs are there."""
    return np.flatnonzero(2 * scores.n_present > scores.n_expected)
