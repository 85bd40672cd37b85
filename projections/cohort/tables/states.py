"""In which state of disease activity the members were, over the time points: the table behind a figure of stacked bars.

Rows: each state of the ASDAS (Machado et al., Ann Rheum Dis 2011;70:47-53: inactive below 1.3, low below 2.1, high to
3.5, very high above), and `not known` for whom there is no value. At a time point `percent` of all members; the rows
add up to these, so that nobody without a value is lost from sight. ASDAS-CRP and ASDAS-ESR are two scores with one set
of limits and are never mixed; values are judged unrounded.

`point 1`, `point 2`, … are the percentages, one a time point, where the key `points` asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.figures.comparing import share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel, count_and_percent
from projections.cohort.figures.points import with_points
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable
from registry.catalogue.instruments.asdas import ACTIVITY_STATES, activity_states
from registry.toml_keys import Keys

SCORES: Final = ("asdas_crp", "asdas_esr")
NOT_KNOWN: Final = "not known"
LAYOUT: Final[Layout] = (Panel("n (%)", (Column("percent", AT, "{at}", count_and_percent),)),)


class Request(NamedTuple):
    """Whose states, and whether `points` are asked for."""

    measure: str
    points: bool


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `measure` and `points` ask."""
    return Request(keys.word("measure", SCORES, SCORES[0]), keys.yes_no("points", False))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield how many members were in each state at each time point, with points where they are asked for."""
    found = _figures(cohort, request.measure)
    yield from with_points(found, "percent") if request.points else found


def _figures(cohort: Cohort, measure: str) -> Iterator[Figure]:
    for name, values in zip(cohort.names, cohort.values(measure), strict=True):
        states = activity_states(values)
        counts = np.bincount(states + 1, minlength=len(ACTIVITY_STATES) + 1).tolist()
        note = f"{cohort.n} members; {measure} as the values of the cohort say"
        for row, n in zip((*ACTIVITY_STATES, NOT_KNOWN), (*counts[1:], counts[0]), strict=True):
            yield share((row, name, "percent"), n, cohort.n, cohort.options, note=note)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, by_default=False)
