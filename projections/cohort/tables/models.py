"""Regression models: hazard, odds and risk ratios, and differences, by an exposure, adjusted for covariates.

Cox's model of retention, with late entries; logistic regression or Poisson's with robust errors of a response; a linear
mixed model or estimating equations of a measure over time points. What ends retention and who responds is as in the
tables of survival and of responders. No covariate is chosen by what the data say. Models are of all members, whatever
groups there are: `exposure = "group"` compares these. The kernels are those of `projections.statistics`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import ALONE, AT, Column, Layout, Panel, Sectioned
from projections.cohort.members.cohort import Cohort
from projections.cohort.models.asked import Models
from projections.cohort.models.coefficient_figures import DIFFERENCE, RATIOS, P
from projections.cohort.models.fitted import fitted
from projections.cohort.models.misfits import misfits
from projections.cohort.models.model_figures import HAZARDS, model_figures
from projections.cohort.models.model_keys import read_models
from projections.cohort.table import CohortTable

ESTIMATES: Final = (*RATIOS.values(), DIFFERENCE)

LAYOUT: Final[Layout] = (
    Panel(
        "The models",
        (
            Column("n", ALONE, "n"),
            Column("events", ALONE, "events"),
            Column("converged", ALONE, "fit"),
            Column(HAZARDS, ALONE, "p, hazards"),
            *(Column(each, AT, f"{each}, {{at}}") for each in ("n", "events", "converged")),
        ),
        rows="(?:(?!: ).)+",
        as_recorded=True,
    ),
    Sectioned(
        (
            Column("n", ALONE, "n"),
            *(Column(each, ALONE, f"{each} (CI)") for each in ESTIMATES),
            Column(P, ALONE, "p"),
            Column(f"{P} of interaction with time", ALONE, "p, with time"),
            Column(HAZARDS, ALONE, "p, hazards"),
        )
    ),
)


def figures(cohort: Cohort, request: Models) -> Iterator[Figure]:
    """Yield the figures of each model."""
    for model in request.models:
        yield from model_figures(cohort, fitted(cohort, model))


TABLE: Final = CohortTable(
    read_models,
    figures,
    LAYOUT,
    rests_on_time=True,
    by_default=False,
    listed=True,
    of_all=True,
    clustered=True,
    misfits=misfits,
)
