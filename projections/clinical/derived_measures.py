"""What instruments make of the measures of each visit: the rows of the table `measures` that were computed.

One row a visit and instrument that has a value, or of which more than half the inputs were taken; the value is null
unless all were, or so many as a score of the registry's own asks for. A CRP alone is no ASDAS with gaps. Where rows of
one day complete each other the computed row stands once, at the visit that `projections.clinical.joined_inputs` names.
Instruments are declared in `registry.catalogue.instruments`, own ones in the registry's protocol.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.clinical.visit_values import CriterionInputs
from projections.columns.coded import Rows
from registry.catalogue.instruments.instrument import Scores
from registry.catalogue.instruments.values import EXACT


class Computed(NamedTuple):
    """The rows of one instrument: which visits, the values (NaN where inputs are missing), how many inputs.

    `marks` is -1 or 1 where the value rests on one given as below or above a limit, else 0.
    """

    measure: str
    unit: str
    rule: str
    visits: Rows
    values: npt.NDArray[np.float64]
    n_expected: npt.NDArray[Any]
    n_present: npt.NDArray[Any]
    marks: npt.NDArray[np.int8]


def computed_rows(inputs: CriterionInputs, *, names: Iterable[str] | None = None) -> list[Computed]:
    """Return the computed rows, instrument by instrument, by default of all."""
    return [_computed(name, inputs) for name in (inputs.catalogue.computable if names is None else names)]


def _computed(name: str, inputs: CriterionInputs) -> Computed:
    scores, joined = inputs.computed(name)
    rows = input_rows(scores)
    if joined is not None:
        rows = rows[~joined.beside[rows]]
    return Computed(
        measure=name,
        unit=inputs.catalogue.instruments[name].unit,
        rule=scores.rule,
        visits=rows,
        values=scores.values.doubles()[rows],
        n_expected=scores.n_expected[rows],
        n_present=scores.n_present[rows],
        marks=np.where(scores.values.known, scores.marks, EXACT)[rows].astype(np.int8),
    )


def input_rows(scores: Scores) -> Rows:
    """Return the visits at which an instrument was taken: it has a value, or more than half of its inputs are there."""
    return np.flatnonzero(scores.values.known | (2 * scores.n_present > scores.n_expected))
