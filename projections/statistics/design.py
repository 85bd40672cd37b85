"""The rows of a regression with an intercept, scaled for the search and back; first, what cannot be estimated."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from projections.statistics.newton import dependent_columns
from projections.statistics.ordering import Floats, Numbers, doubles, equally_long
from projections.statistics.results import CONSTANT, DEPENDENT, NO_MORE_CLUSTERS, NOTHING_GIVEN, TOO_FEW


class Observations(NamedTuple):
    """One row a patient or a visit: the outcome, and rows × columns of covariates, without a column for the intercept.

    `clusters` says whose each row is, where a patient may have several.
    """

    outcomes: Numbers
    covariates: Numbers
    clusters: NDArray[Any] | None = None


class Design(NamedTuple):
    """The outcomes, and the covariates around their mean and over their range, the intercept last.

    `back` turns coefficients of these columns into those of the covariates as they came; `clusters` are codes from 0.
    """

    outcomes: Floats
    matrix: Floats
    back: Floats
    clusters: NDArray[np.int64] | None
    reason: str | None
    columns: tuple[int, ...]

    @property
    def n_clusters(self) -> int | None:
        """How many clusters there are, None where rows are not clustered."""
        return None if self.clusters is None else len(np.unique(self.clusters))

    @property
    def too_few_clusters(self) -> str | None:
        """Why clustered errors cannot be told, None where they can: parameters need more clusters than they are."""
        n = self.n_clusters
        return NO_MORE_CLUSTERS if n is not None and n <= self.matrix.shape[1] else None

    def summed(self, rows: Floats) -> Floats:
        """Return rows added up by cluster, or as they are where rows are not clustered."""
        if self.clusters is None:
            return rows
        totals = np.zeros((int(self.clusters.max(initial=-1)) + 1, *rows.shape[1:]))
        np.add.at(totals, self.clusters, rows)
        return totals


def design(observations: Observations) -> Design:
    """Return the design of observations; its `reason` says why no model can be fitted, and for which `columns`.

    Nothing given, no more rows than parameters, a covariate of one value, and covariates that depend on each other.

    Raises:
        ValueError: for a value that is missing, no covariate, and columns of different lengths.
    """
    outcomes, x = doubles(observations.outcomes), doubles(observations.covariates)
    equally_long(outcomes, x)
    if x.ndim != 2 or not x.shape[1]:
        raise ValueError("a model needs covariates, as rows of one value a covariate")
    clusters = None
    if observations.clusters is not None:
        equally_long(outcomes, observations.clusters)
        clusters = np.unique(observations.clusters, return_inverse=True)[1]
    if not len(x):
        return Design(outcomes, x, np.zeros((0, 0)), clusters, NOTHING_GIVEN, ())
    means, ranges = x.mean(axis=0), np.ptp(x, axis=0)
    scaled = (x - means) / np.where(ranges > 0, ranges, 1.0)
    back = np.diag(np.append(1 / np.where(ranges > 0, ranges, 1.0), 1.0))
    back[-1, :-1] = -means * np.diag(back)[:-1]
    matrix = np.column_stack([scaled, np.ones(len(x))])
    return Design(outcomes, matrix, back, clusters, *_undefined(scaled, ranges))


def _undefined(scaled: Floats, ranges: Floats) -> tuple[str | None, tuple[int, ...]]:
    if not ranges.all():
        return CONSTANT, tuple(np.flatnonzero(ranges == 0).tolist())
    if len(scaled) < scaled.shape[1] + 2:
        return TOO_FEW, ()
    dependent = dependent_columns(scaled.T @ scaled)
    return (DEPENDENT, dependent) if dependent else (None, ())
