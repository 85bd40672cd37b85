"""Which models of a cohort are not shown: with few at a level of a covariate, all of the model is hidden.

Each of its figures gives another: a ratio with its limits the events of its level, a level the rest of another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from projections.cohort.figures.figures import Placed
from projections.cohort.models.asked import TERM
from projections.cohort.models.model_figures import FEWEST
from projections.cohort.small_numbers.hiding import is_small

MODELS: Final = "models"  # the table of which they are


def few_in(placed: Iterable[Placed], minimum: int) -> set[str]:
    """Return the names of the models at a level of which there are few patients, events, or patients without one."""
    of_fewest = (each.figure for each in placed if each.table == MODELS and each.figure.statistic == FEWEST)
    return {figure.row for figure in of_fewest if is_small(figure.value, minimum)}


def is_of(each: Placed, models: Iterable[str]) -> bool:
    """Return whether a figure, or a point, is of one of some models."""
    return each.table == MODELS and each.figure.row.partition(TERM)[0] in models
