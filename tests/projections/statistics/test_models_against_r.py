"""Regressions as R's glm with sandwich, nlme and geepack fitted them: see tests/data/models.R."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from projections.statistics.binary_regression import logistic, robust_poisson
from projections.statistics.design import Observations
from projections.statistics.gee import gee
from projections.statistics.mixed_model import mixed_model
from projections.statistics.regression import Regression
from tests.projections.statistics.expected import Row, by_sample, column, rows

SAMPLES = dict(by_sample("model_samples.csv"))
PARAMETERS = {
    (row["sample"], row["model"], row["variant"], row["name"]): float(row["value"])
    for row in rows("model_parameters.csv")
}
CLOSE = {"logistic": 1e-8, "poisson": 1e-8, "mixed": 1e-6, "gee-gaussian": 1e-6, "gee-binomial": 1e-6}


def fitted(sample: str, model: str, variant: str) -> Regression:
    """Our model of a sample."""
    one = SAMPLES[sample]
    time = column(one, "time")
    x = np.column_stack([column(one, "sex"), column(one, "age"), *(time == later for later in np.unique(time)[1:])])
    outcome, patients = column(one, "outcome"), column(one, "patient")
    clusters = patients if variant == "clustered" else None
    if model == "logistic":
        return logistic(Observations(outcome, x, clusters))
    if model == "poisson":
        return robust_poisson(Observations(outcome, x, clusters))
    if model == "mixed":
        return mixed_model(Observations(column(one, "value"), x, patients))
    family = model.removeprefix("gee-")
    observed = Observations(outcome if family == "binomial" else column(one, "value"), x, patients)
    return gee(observed, family=family, correlation=variant)  # type: ignore[arg-type]


def by_model() -> list[list[Row]]:
    """The rows of the coefficients of each model."""
    listed = groupby(rows("model_coefficients.csv"), key=lambda row: (row["sample"], row["model"], row["variant"]))
    return [list(model) for _, model in listed]


@pytest.mark.parametrize(
    "theirs", by_model(), ids=lambda of: "-".join(of[0][n] for n in ("sample", "model", "variant"))
)
def test_coefficients_and_errors_agree_with_r(theirs: list[Row]) -> None:
    sample, model, variant = (theirs[0][name] for name in ("sample", "model", "variant"))
    theirs = [*theirs[1:], theirs[0]]  # the intercept last

    ours = fitted(sample, model, variant)

    close = CLOSE[model]
    assert [each.value for each in ours.coefficients] == pytest.approx(column(theirs, "value"), rel=close, abs=close)
    assert [each.error for each in ours.coefficients] == pytest.approx(column(theirs, "error"), rel=close)


@pytest.mark.parametrize("key", PARAMETERS, ids="-".join)
def test_other_parameters_agree_with_r(key: tuple[str, str, str, str]) -> None:
    ours = fitted(*key[:3])

    name = {"between": "sd between", "within": "sd within"}.get(key[3], key[3])
    found = dict(ours.parameters)[name] if name != "loglik" else ours.loglik
    assert found == pytest.approx(PARAMETERS[key], rel=1e-6)
