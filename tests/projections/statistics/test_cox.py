"""Cox's model where there is little to fit, and how it agrees with the log-rank test."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.cox import Episodes, cox
from projections.statistics.groups_at_risk import Grouping
from projections.statistics.late_entry import Entry
from projections.statistics.log_rank import log_rank
from projections.statistics.proportional_hazards import proportional_hazards
from projections.statistics.regression import contrast, wald_test
from projections.statistics.results import (
    CONSTANT,
    DEPENDENT,
    FEWER_EVENTS,
    NO_EVENTS,
    NO_MORE_CLUSTERS,
    NOTHING_GIVEN,
    SEPARATED,
    TOO_MANY,
    ZERO_VARIANCE,
)

YES, NO = True, False


def invented(n: int, seed: int = 20130801) -> Episodes:
    """Episodes of three groups, as two columns, some of which begin late."""
    random = np.random.default_rng(seed)
    entries, group = random.integers(0, 12, n), random.integers(0, 3, n)
    times = entries + random.integers(1, 15, n)
    return Episodes(times, random.integers(0, 2, n) > 0, np.stack([group == 1, group == 2], axis=1), entries)


def test_the_exact_score_test_of_groups_is_the_log_rank_test() -> None:
    episodes = invented(90)
    assert episodes.entries is not None
    groups = np.asarray(episodes.covariates) @ [1, 2]

    score = cox(episodes, ties="exact").tests[1]

    log_ranks = log_rank(episodes.times, episodes.events, grouping=Grouping(groups, entry=Entry(episodes.entries))).test
    assert (score.statistic, score.df, score.p) == pytest.approx((log_ranks.statistic, log_ranks.df, log_ranks.p))


def test_without_ties_the_exact_likelihood_is_efrons() -> None:
    episodes = Episodes([4, 7, 9, 11, 12], np.array([YES, YES, NO, YES, YES]), [[0], [1], [0], [1], [0]])

    assert cox(episodes, ties="exact").coefficients == cox(episodes).coefficients


def test_an_event_that_befalls_one_group_only_has_no_finite_coefficient() -> None:
    covariates = [[1, 30], [1, 50], [1, 41], [0, 38], [0, 62], [0, 47], [1, 39]]
    events = np.array([YES, YES, YES, NO, NO, NO, YES])

    found = cox(Episodes([2, 3, 4, 5, 6, 7, 5], events, covariates))

    assert (found.coefficients, found.reason, found.columns) == ((), SEPARATED, (0,))
    assert found.convergence.startswith("not converged after ")
    assert [
        test.reason for test in proportional_hazards(Episodes([2, 3, 4, 5, 6, 7, 5], events, covariates)).terms
    ] == [SEPARATED] * 2


def test_a_covariate_in_the_order_of_the_events_has_no_finite_coefficient() -> None:
    found = cox(Episodes([1, 2, 3, 4], np.array([YES] * 4), [[9.5], [7.0], [4.0], [0.5]]))

    assert found.reason == SEPARATED


@pytest.mark.parametrize(
    ("episodes", "reason", "columns"),
    [
        (Episodes([], np.zeros(0, bool), np.zeros((0, 1))), NOTHING_GIVEN, ()),
        (Episodes([3, 4], np.array([NO, NO]), [[1], [0]]), NO_EVENTS, ()),
        (Episodes([3, 4, 5], np.array([YES, NO, NO]), [[1, 4], [0, 2], [0, 7]]), FEWER_EVENTS, ()),
        (Episodes([3, 4, 5], np.array([YES, YES, NO]), [[1, 4], [1, 2], [1, 7]]), CONSTANT, (0,)),
        (Episodes([3, 4, 5], np.array([YES, YES, NO]), [[1, 2], [0, 0], [3, 6]]), DEPENDENT, (1,)),
        (
            Episodes([3, 4, 5, 6], np.array([YES] * 4), [[1], [1], [0], [0]], strata=np.array(["a", "a", "b", "b"])),
            CONSTANT,
            (0,),
        ),
        (Episodes([3, 5, 5], np.array([YES, YES, NO]), [[1], [0], [1]], entries=[3, 5, 2]), NO_EVENTS, ()),
    ],
    ids=["nobody", "no-events", "fewer-events", "one-value", "multiples", "one-value-a-stratum", "never-at-risk"],
)
def test_what_no_model_can_tell_is_told(episodes: Episodes, reason: str, columns: tuple[int, ...]) -> None:
    found = cox(episodes)

    assert (found.reason, found.columns, found.coefficients, found.tests) == (reason, columns, (), ())
    assert found.convergence == "not fitted"
    assert proportional_hazards(episodes).together.reason == reason


def test_an_exact_likelihood_of_too_many_choices_is_left_open() -> None:
    n = 5_000
    random = np.random.default_rng(20130801)
    episodes = Episodes(random.integers(1, 20, n), np.ones(n, dtype=bool), random.normal(size=(n, 20)))

    assert cox(episodes, ties="exact").reason == TOO_MANY


def test_an_interval_that_ends_where_it_begins_is_never_at_risk() -> None:
    episodes = Episodes([4, 7, 9, 11], np.array([YES, YES, NO, YES]), [[0], [1], [0], [1]], [0, 1, 0, 2])
    with_empty = Episodes([4, 7, 9, 11, 7], np.append(episodes.events, YES), [[0], [1], [0], [1], [0]], [0, 1, 0, 2, 7])

    assert cox(with_empty).n == 4
    assert cox(with_empty).coefficients[0].value == pytest.approx(cox(episodes).coefficients[0].value)


def test_an_empty_interval_adds_nothing_to_clustered_errors() -> None:
    patients = np.array([1, 1, 2, 3, 3])
    episodes = Episodes(
        [4, 7, 9, 11, 7], np.array([YES, YES, NO, YES, YES]), [[0], [1], [0], [1], [0]], [0, 4, 0, 2, 7]
    )

    found = cox(episodes._replace(clusters=patients))

    kept = [column[:4] for column in (episodes.times, episodes.events, episodes.covariates, episodes.entries)]  # type: ignore[index]
    without = cox(Episodes(*kept, clusters=patients[:4]))
    assert found.n_clusters == 3
    assert found.coefficients[0].error == pytest.approx(without.coefficients[0].error)


def test_the_unit_of_a_covariate_scales_its_coefficient_and_nothing_else() -> None:
    episodes = invented(60)
    thousandfold = episodes._replace(covariates=np.asarray(episodes.covariates) * [1000.0, 1.0])

    one, other = cox(episodes), cox(thousandfold)

    assert other.coefficients[0].value == pytest.approx(one.coefficients[0].value / 1000, rel=1e-9)
    assert other.coefficients[0].p == pytest.approx(one.coefficients[0].p, rel=1e-9)
    assert other.loglik == pytest.approx(one.loglik, rel=1e-12)


def test_a_contrast_of_one_coefficient_is_that_coefficient_and_of_two_their_difference() -> None:
    model = cox(invented(60))

    assert contrast(model, [1, 0]) == model.coefficients[0]
    difference = contrast(model, [1, -1])
    assert difference is not None
    assert difference.value == pytest.approx(model.coefficients[0].value - model.coefficients[1].value)
    columns = np.asarray(invented(60).covariates)
    other = cox(invented(60)._replace(covariates=np.stack([1.0 - columns.sum(axis=1), columns[:, 0]], axis=1)))
    assert difference.error == pytest.approx(other.coefficients[1].error, rel=1e-8)


def test_walds_test_of_all_columns_is_that_of_the_model() -> None:
    model = cox(invented(60))

    assert wald_test(model, [0, 1]) == model.tests[2]
    none = cox(Episodes([3, 4], np.array([NO, NO]), [[1], [0]]))
    assert (wald_test(none, [0]).reason, contrast(none, [1])) == (NO_EVENTS, None)


@pytest.mark.parametrize(
    ("episodes", "said"),
    [
        (Episodes([3, -1], np.array([YES, NO]), [[1], [0]]), "an entry has to be from 0"),
        (Episodes([3, 4], np.array([YES, NO]), [[1], [0]], [4, 0]), "an entry has to be from 0"),
        (Episodes([3, 4], np.array([YES, NO]), [[1], [float("nan")]]), "a value is missing"),
        (Episodes([3, 4], np.array([YES, NO]), np.zeros((2, 0))), "a model needs covariates"),
        (Episodes([3, 4], np.array([YES]), [[1], [0]]), "columns of one length"),
    ],
)
def test_what_are_no_episodes_is_refused(episodes: Episodes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cox(episodes)


@pytest.mark.parametrize(
    ("patients", "reason"), [([1, 1, 1, 2, 2, 2, 3, 3, 3], NO_MORE_CLUSTERS), ([1, 1, 1, 2, 2, 2, 3, 3, 4], None)]
)
def test_as_many_clusters_as_coefficients_leave_neither_errors_nor_a_test_of_hazards(
    patients: list[int], reason: str | None
) -> None:
    covariates = [[0, 3, 1], [1, 1, 0], [0, 2, 0], [1, 5, 1], [1, 0, 1], [0, 4, 0], [0, 1, 1], [1, 2, 0], [0, 5, 0]]
    episodes = Episodes([4, 9, 7, 11, 12, 5, 10, 3, 8], np.array([YES] * 9), covariates)

    clustered = episodes._replace(clusters=np.array(patients))

    assert cox(episodes).reason is None
    assert cox(clustered).reason == reason
    assert [test.reason for test in proportional_hazards(clustered).terms] == [reason] * 3
    assert proportional_hazards(clustered).together.reason == reason


def test_the_exact_likelihood_with_clusters_is_refused() -> None:
    episodes = Episodes([3, 4], np.array([YES, YES]), [[1], [0]], clusters=np.array([1, 2]))

    with pytest.raises(ValueError, match="the exact likelihood has no clustered errors"):
        cox(episodes, ties="exact")


def test_an_outlier_of_a_covariate_is_no_separation() -> None:
    random = np.random.default_rng(20130801)
    doses = np.append(random.normal(100, 10, 59), 1e6)
    times, events = random.integers(1, 40, 60), random.random(60) < 0.7
    times[-1] = 20

    found = cox(Episodes(times, events, doses[:, None]))

    assert found.reason is None
    assert found.convergence.startswith("converged after ")


def test_hazards_that_differ_widely_lose_no_digits_to_late_entries() -> None:
    entries, times = [0, 0, 0, 5, 6, 6, 7], [2, 3, 4, 8, 9, 10, 11]
    events = np.array([YES, YES, YES, YES, NO, YES, YES])
    early, late = [40.0, 41.0, 39.5], [0.0, 1.0, 0.5, 1.5]

    found = cox(Episodes(times, events, np.array([*early, *late])[:, None], entries))

    moved = cox(Episodes(times, events, np.array([*(value - 39 for value in early), *late])[:, None], entries))
    assert found.coefficients[0].value == pytest.approx(moved.coefficients[0].value, rel=1e-9)
    assert found.coefficients[0].error == pytest.approx(moved.coefficients[0].error, rel=1e-9)


def test_without_a_change_in_time_there_is_no_test_of_proportional_hazards() -> None:
    episodes = Episodes([5, 5, 5, 7, 8], np.array([YES, YES, YES, NO, NO]), [[1], [0], [1], [0], [1]])

    found = proportional_hazards(episodes)

    assert cox(episodes).reason is None
    assert (found.together.p, found.together.reason) == (None, ZERO_VARIANCE)
