"""A model fitted on its rows, or the reason why there is none; the kernels are those of `projections.statistics`."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.members.cohort import Cohort
from projections.cohort.models.asked import Model
from projections.cohort.models.model_rows import ModelRows, model_rows
from projections.statistics.binary_regression import logistic, robust_poisson
from projections.statistics.cox import Episodes, cox
from projections.statistics.design import Observations
from projections.statistics.gee import Family, gee
from projections.statistics.mixed_model import mixed_model
from projections.statistics.proportional_hazards import ProportionalHazards, proportional_hazards
from projections.statistics.regression import Regression
from projections.statistics.results import ROWS_DEPENDENT, Outcome

UNFITTED: Final = {  # what a model is called that was not fitted
    "cox": ("Cox", "ties by Efron"),
    "logistic": ("logistic", "errors by likelihood"),
    "poisson": ("Poisson", "errors robust (HC0)"),
    "mixed": ("linear mixed", "REML, random intercept"),
    "gee": ("GEE", "errors sandwich"),
}
Labels = npt.NDArray[Any]


class Fitted(NamedTuple):
    """A model with its rows; `named` are the covariates of which a reason speaks.

    `hazards` are the tests of proportional hazards, None of another model and with the exact likelihood.
    """

    model: Model
    rows: ModelRows
    regression: Regression
    hazards: ProportionalHazards | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The covariates of which the reason speaks."""
        if self.rows.reason:
            return self.rows.named
        return tuple(dict.fromkeys(map(self.rows.name_of, self.regression.columns)))


def fitted(cohort: Cohort, model: Model) -> Fitted:
    """Return a model fitted on the cohort's members. Raises as `model_rows` does."""
    rows = model_rows(cohort, model)
    if rows.reason:
        events = None if model.of == "measure" else int(rows.outcomes.outcome.sum())
        blank = Regression(*UNFITTED[model.kind], len(rows.outcomes.member), n_events=events, reason=rows.reason)
        return Fitted(model, rows, blank, _untested(rows) if model.kind == "cox" and model.ties == "efron" else None)
    clusters = _clusters(cohort, model, rows)
    if model.kind == "cox":
        return _cox(cohort, model, rows, clusters)
    return Fitted(model, rows, _of_values(model, Observations(rows.outcomes.outcome, rows.columns, clusters), cohort))


def _cox(cohort: Cohort, model: Model, rows: ModelRows, clusters: Labels | None) -> Fitted:
    of = rows.outcomes
    episodes = Episodes(of.exit, of.outcome > 0, rows.columns, of.entry, rows.strata, clusters)
    level = cohort.options.level
    if model.ties == "exact":
        found = cox(episodes._replace(clusters=None), ties="exact", level=level)
        return Fitted(model, rows, _without_coefficients(found) if clusters is not None else found)
    terms = [term.columns for term in rows.terms]
    return Fitted(model, rows, cox(episodes, level=level), proportional_hazards(episodes, terms=terms))


def _untested(rows: ModelRows) -> ProportionalHazards:
    """Return the tests of proportional hazards of a model that there is not."""
    n = len(rows.outcomes.member)
    none = Outcome("proportional hazards", "score test, km", n, n, reason=rows.reason)
    return ProportionalHazards((none,) * len(rows.terms), none)


def _without_coefficients(found: Regression) -> Regression:
    """Return a model whose rows are not independent, and whose errors would be taken as if they were."""
    return found._replace(coefficients=(), tests=(), reason=ROWS_DEPENDENT)


def _of_values(model: Model, observations: Observations, cohort: Cohort) -> Regression:
    level = cohort.options.level
    if model.kind == "logistic":
        return logistic(observations, level=level)
    if model.kind == "poisson":
        return robust_poisson(observations, level=level)
    if model.kind == "mixed":
        return mixed_model(observations, level=level)
    family: Family = "binomial" if model.of == "criterion" else "gaussian"
    return gee(observations, family=family, correlation=model.correlation, level=level)


def _clusters(cohort: Cohort, model: Model, rows: ModelRows) -> Labels | None:
    """Return whose each row is: the patient's over time and where patients repeat, or what the definition names."""
    patients = np.unique(cohort.members, return_inverse=True)[1][rows.outcomes.member]
    if model.kind in ("mixed", "gee"):
        return patients
    if rows.centres is not None:
        return rows.centres
    return patients if cohort.repeats or model.clusters == "patient" else None
