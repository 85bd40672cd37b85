"""Regressions where there is little to fit, and laws that they keep."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from projections.statistics.binary_regression import logistic, robust_poisson
from projections.statistics.design import Observations
from projections.statistics.gee import gee
from projections.statistics.mixed_model import mixed_model
from projections.statistics.ordering import Floats
from projections.statistics.regression import Regression
from projections.statistics.results import (
    CONSTANT,
    DEPENDENT,
    FEW_CLUSTERS,
    FEWER_EVENTS,
    NO_MORE_CLUSTERS,
    NO_REPEATS,
    NOTHING_GIVEN,
    ONE_OUTCOME,
    SEPARATED,
    TOO_FEW,
    ZERO_VARIANCE,
)

Model = Callable[[Observations], Regression]

OUTCOMES = [0, 1, 0, 1, 1, 0, 1, 1, 0, 0]
GROUP = [[0], [0], [0], [0], [1], [1], [1], [1], [0], [1]]


def marginal(observations: Observations) -> Regression:
    return gee(observations, family="binomial")


def gaussian(observations: Observations) -> Regression:
    return gee(observations, family="gaussian")


def with_patients(observations: Observations, model: Model) -> Observations:
    """The observations of patients of two rows each, where the model needs them."""
    n = len(observations.outcomes)
    return (
        observations._replace(clusters=np.arange(n) // 2)
        if model in (mixed_model, marginal, gaussian)
        else observations
    )


def invented(n: int, *, repeats: int = 3) -> tuple[Floats, Floats, np.ndarray]:
    """Values of patients who differ, two covariates, and whose each row is."""
    random = np.random.default_rng(20130801)
    patients = np.repeat(np.arange(n), repeats)
    covariates = np.column_stack([random.integers(0, 2, n)[patients], random.normal(40, 10, n * repeats)])
    values = covariates @ [1.0, 0.05] + random.normal(0, 1.5, n)[patients] + random.normal(0, 1, n * repeats)
    return values, covariates, patients


def test_the_odds_ratio_of_two_groups_is_that_of_their_table() -> None:
    found = logistic(Observations(OUTCOMES, GROUP))

    assert found.coefficients[0].ratio[0] == pytest.approx((3 * 3) / (2 * 2))
    assert found.coefficients[0].error == pytest.approx(math.sqrt(1 / 3 + 1 / 3 + 1 / 2 + 1 / 2))
    assert found.coefficients[1].value == pytest.approx(math.log(2 / 3))
    assert (found.n, found.n_events, found.tests[0].test, found.tests[0].df) == (10, 5, "likelihood ratio", 1)


def test_the_risk_ratio_of_two_groups_is_that_of_their_shares() -> None:
    found = robust_poisson(Observations(OUTCOMES, GROUP))

    assert found.coefficients[0].ratio[0] == pytest.approx((3 / 5) / (2 / 5))
    assert found.coefficients[0].error == pytest.approx(math.sqrt(2 / (3 * 5) + 3 / (2 * 5)))


@pytest.mark.parametrize("model", [logistic, robust_poisson, marginal])
def test_a_covariate_that_separates_who_has_the_event_has_no_finite_coefficient(model: Model) -> None:
    separating = [[0, 5.0], [1, 2.0], [0, 3.0], [1, 4.0], [1, 1.0], [0, 8.0], [1, 6.0], [1, 7.0], [0, 2.5], [0, 4.5]]

    found = model(with_patients(Observations(OUTCOMES, separating), model))

    assert (found.coefficients, found.reason, found.columns) == ((), SEPARATED, (0,))


@pytest.mark.parametrize("model", [logistic, robust_poisson, marginal, gaussian, mixed_model])
@pytest.mark.parametrize(
    ("outcomes", "covariates", "reason", "columns"),
    [
        ([], np.zeros((0, 2)), NOTHING_GIVEN, ()),
        (OUTCOMES, [[*row, 1] for row in GROUP], CONSTANT, (1,)),
        (OUTCOMES, [[*row, 1 - row[0]] for row in GROUP], DEPENDENT, (1,)),
        ([1] * 10, GROUP, ONE_OUTCOME, ()),
        ([0, 1, 0], [[0, 3], [1, 5], [1, 2]], TOO_FEW, ()),
    ],
    ids=["nobody", "one-value", "all-categories", "one-outcome", "three-rows"],
)
def test_what_no_model_can_tell_is_told(
    model: Model, outcomes: list[int], covariates: list[list[int]], reason: str, columns: tuple[int, ...]
) -> None:
    found = model(with_patients(Observations(outcomes, covariates), model))

    assert (found.reason, found.columns, found.coefficients, found.tests) == (reason, columns, (), ())
    assert found.convergence == "not fitted"


@pytest.mark.parametrize("model", [logistic, robust_poisson])
def test_fewer_events_than_parameters_are_told(model: Model) -> None:
    found = model(Observations([1, 0, 0, 0, 0], [[3], [5], [1], [4], [2]]))

    assert (found.reason, found.n_events) == (FEWER_EVENTS, 1)


def test_of_two_outcomes_the_rarer_counts_in_logistic_regression() -> None:
    observations = Observations([0, 1, 1, 1, 1], [[3], [5], [1], [4], [2]])

    assert logistic(observations).reason == FEWER_EVENTS
    assert robust_poisson(observations).reason is None


@pytest.mark.parametrize("model", [logistic, robust_poisson, marginal])
def test_as_few_clusters_as_parameters_leave_no_errors(model: Model) -> None:
    found = model(Observations(OUTCOMES, GROUP, np.array([1, 1, 1, 1, 1, 2, 2, 2, 2, 2])))

    assert (found.reason, found.n_clusters) == (NO_MORE_CLUSTERS, 2)


def test_a_group_in_which_all_have_the_event_has_a_risk_without_an_error() -> None:
    outcomes, group = [1, 1, 1, 1, 0, 1, 0, 1], [[0]] * 4 + [[1]] * 4

    found = robust_poisson(Observations(outcomes, group))

    assert found.coefficients[0].ratio[0] == pytest.approx(0.5)
    assert found.coefficients[1][1:] == (None, None, None, None, None, ZERO_VARIANCE)


def test_an_outcome_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ValueError, match="an outcome has to be 0"):
        logistic(Observations([0, 2, 1], [[1], [0], [1]]))


@pytest.mark.parametrize("model", [mixed_model, gaussian])
def test_without_patients_models_of_repeated_values_are_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="the patient of each row"):
        model(Observations([0.5, 2, 1], [[1], [0], [1]]))


def test_no_covariate_is_refused() -> None:
    with pytest.raises(ValueError, match="a model needs covariates"):
        logistic(Observations([0, 1], np.zeros((2, 0))))


@pytest.mark.parametrize("patients", [np.arange(10), np.zeros(10)], ids=["one-row-each", "one-patient"])
def test_a_mixed_model_needs_patients_with_several_values(patients: Floats) -> None:
    found = mixed_model(Observations(np.arange(10) % 4, GROUP, patients))

    assert (found.reason, found.coefficients) == (NO_REPEATS, ())


def test_patients_who_differ_no_more_than_their_values_have_no_variance_between_them() -> None:
    values = np.array([1.0, 9.0, 2.0, 8.0, 1.5, 8.5, 2.5, 7.0, 3.0, 8.2])

    found = mixed_model(Observations(values, GROUP, np.arange(10) // 2))

    assert dict(found.parameters)["sd between"] == 0
    assert found.convergence == "converged at no variance between patients"
    ordinary = [values[np.ravel(GROUP) == code] for code in (0, 1)]
    assert found.coefficients[0].value == pytest.approx(ordinary[1].mean() - ordinary[0].mean())
    pooled = sum(float(((group - group.mean()) ** 2).sum()) for group in ordinary) / 8
    assert found.coefficients[0].error == pytest.approx(math.sqrt(pooled * 2 / 5))


@pytest.mark.parametrize("model", [mixed_model, gaussian])
def test_values_that_the_covariates_give_exactly_leave_no_model(model: Model) -> None:
    found = model(Observations(3.5 + 2 * np.ravel(GROUP), GROUP, np.arange(10) // 2))

    assert (found.reason, found.coefficients) == (ZERO_VARIANCE, ())


def test_patients_whose_values_never_change_leave_no_mixed_model() -> None:
    patients = np.arange(12) // 2

    found = mixed_model(Observations(np.array([3.0, 5, 1, 4, 2, 8])[patients], (patients % 2)[:, None], patients))

    assert found.reason == ZERO_VARIANCE


def test_a_balanced_mixed_model_of_one_group_a_patient_is_the_analysis_of_patients_means() -> None:
    values, covariates, patients = invented(30)
    group = covariates[:, :1]

    found = mixed_model(Observations(values, group, patients))

    means, of = values.reshape(30, 3).mean(axis=1), group[::3, 0] > 0
    assert found.coefficients[0].value == pytest.approx(means[of].mean() - means[~of].mean())
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in (means[of], means[~of]))
    error = math.sqrt(squares / 28 * (1 / of.sum() + 1 / (~of).sum()))
    assert found.coefficients[0].error == pytest.approx(error, rel=1e-8)


def test_equations_of_few_patients_are_solved_with_the_warning() -> None:
    values, covariates, patients = invented(39)
    more = invented(40)

    few = gee(Observations(values, covariates, patients), family="gaussian")
    enough = gee(Observations(*more), family="gaussian")

    assert (few.reason, few.n_clusters, len(few.coefficients)) == (FEW_CLUSTERS, 39, 3)
    assert (enough.reason, enough.n_clusters) == (None, 40)


def test_independence_is_the_regression_with_clustered_errors() -> None:
    values, covariates, patients = invented(50)
    observed = Observations(values > values.mean(), covariates, patients)

    equations, regression = gee(observed, family="binomial", correlation="independence"), logistic(observed)

    for one, other in zip(equations.coefficients, regression.coefficients):
        assert one[:2] == pytest.approx(other[:2], rel=1e-8)


def test_equations_that_are_solved_at_once_converged_after_one_step() -> None:
    found = gee(Observations(*invented(50)), family="gaussian", correlation="independence")

    assert found.convergence == "converged after 1 step"


@pytest.mark.parametrize("model", [logistic, robust_poisson, marginal, gaussian, mixed_model])
def test_the_unit_and_the_origin_of_a_covariate_change_only_its_coefficient_and_the_intercept(model: Model) -> None:
    values, covariates, patients = invented(50)
    outcomes = values > values.mean() if model not in (gaussian, mixed_model) else values
    moved = covariates * [1.0, 1000.0] + [0.0, 5e5]

    one, other = (model(Observations(outcomes, x, patients)) for x in (covariates, moved))

    assert other.coefficients[0][:2] == pytest.approx(one.coefficients[0][:2], rel=1e-7)
    assert other.coefficients[1].statistic == pytest.approx(one.coefficients[1].statistic, rel=1e-7)
    assert other.tests[-1].statistic == pytest.approx(one.tests[-1].statistic, rel=1e-7)


@pytest.mark.parametrize("model", [logistic, robust_poisson, marginal, gaussian, mixed_model])
def test_rows_in_another_order_are_the_same_model(model: Model) -> None:
    values, covariates, patients = invented(50)
    outcomes = values > values.mean() if model not in (gaussian, mixed_model) else values
    order = np.random.default_rng(5).permutation(len(values))

    one = model(Observations(outcomes, covariates, patients))
    other = model(Observations(outcomes[order], covariates[order], patients[order]))

    assert [each.p for each in one.coefficients] == pytest.approx([each.p for each in other.coefficients], rel=1e-7)


def test_a_ratio_beyond_what_doubles_hold_is_none() -> None:
    far = logistic(Observations(OUTCOMES, GROUP)).coefficients[0]._replace(value=2.0, low=-800.0, high=800.0)

    assert far.ratio == (pytest.approx(math.e**2), 0.0, None)
