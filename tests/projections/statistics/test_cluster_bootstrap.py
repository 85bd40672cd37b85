"""The patient-cluster bootstrap beside the interval that takes lesions as independent."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.cluster_bootstrap import _KeptDraws, cluster_bootstrap, reduction, share
from projections.statistics.proportion_intervals import proportion
from projections.statistics.results import NOTHING_GIVEN, ONE_VALUE, RESAMPLES


def test_one_lesion_a_patient_gives_about_the_binomial_interval() -> None:
    rows = [[1, 1]] * 60 + [[0, 1]] * 40

    found = cluster_bootstrap(rows, share)

    assert found[3:6] == pytest.approx((0.6, 0.50, 0.70), abs=0.015)


def test_lesions_that_come_in_patients_widen_the_interval() -> None:
    clustered = cluster_bootstrap([[20, 20]] * 11 + [[0, 20]] * 11, share)
    naive = proportion(220, 440)

    assert clustered.high - clustered.low > 4 * (naive.high - naive.low)


def test_the_limits_are_those_of_a_plain_loop_over_patients() -> None:
    rows = np.random.default_rng(3).integers(0, 40, (22, 2))
    random = np.random.default_rng(7)
    drawn = [reduction(rows[random.integers(0, 22, 22)].sum(axis=0)) for _ in range(20_000)]

    found = cluster_bootstrap(rows, reduction)

    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.02)


def test_the_seed_decides_and_the_order_of_patients_does_not() -> None:
    rows = np.random.default_rng(3).integers(0, 12, (22, 2))

    assert cluster_bootstrap(rows, share) == cluster_bootstrap(rows[::-1], share)
    assert cluster_bootstrap(rows, share)[4:6] != cluster_bootstrap(rows, share, seed=1)[4:6]


@pytest.mark.parametrize("limit", ["CELLS_AT_ONCE", "CELLS_DRAWN_AT_ONCE", "CELLS_KEPT"])
def test_many_patients_are_drawn_in_parts_and_nothing_changes(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(3).integers(0, 12, (22, 2))
    whole = cluster_bootstrap(rows, share)

    monkeypatch.setattr("projections.statistics.cluster_bootstrap.KEPT_DRAWS", _KeptDraws())
    monkeypatch.setattr(f"projections.statistics.cluster_bootstrap.{limit}", 1_000)

    assert cluster_bootstrap(rows, share) == whole


def test_draws_that_had_to_make_room_are_drawn_alike_again(monkeypatch: pytest.MonkeyPatch) -> None:
    few, more = (np.random.default_rng(n).integers(0, 12, (n, 2)) for n in (22, 23))
    alone = [cluster_bootstrap(rows, share) for rows in (few, more)]

    monkeypatch.setattr("projections.statistics.cluster_bootstrap.KEPT_DRAWS", _KeptDraws())
    monkeypatch.setattr("projections.statistics.cluster_bootstrap.CELLS_KEPT", 230_000)

    assert [cluster_bootstrap(rows, share) for rows in (few, more, few, more)] == alone * 2


def test_a_figure_that_many_resamples_do_not_have_has_no_limits() -> None:
    found = cluster_bootstrap([[5, 1]] + [[0, 0]] * 21, reduction)

    assert (found.value, found.low, found.high, found.reason) == (0.8, None, None, RESAMPLES)


def test_no_patient_one_patient_and_nothing_at_baseline() -> None:
    assert cluster_bootstrap(np.empty((0, 2)), share).reason == NOTHING_GIVEN
    assert cluster_bootstrap([[5, 1]], reduction)[3:6] == (0.8, None, None)
    assert cluster_bootstrap([[5, 1]], reduction).reason == ONE_VALUE
    assert cluster_bootstrap([[0, 1], [0, 0]], reduction)[3] is None
