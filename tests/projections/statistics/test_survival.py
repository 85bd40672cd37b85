"""Drug survival: Kaplan–Meier, and competing reasons for an end."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
from projections.statistics.results import BEYOND, NO_LIMITS, NOT_REACHED, NOTHING_GIVEN

TIMES = [2, 3, 3, 5, 6, 8, 8, 10, 12, 12]
ENDED = np.array([1, 1, 0, 1, 0, 1, 1, 0, 1, 0], dtype=bool)


@pytest.fixture
def curve() -> SurvivalCurve:
    """Ten patients of whom six stopped."""
    return kaplan_meier(TIMES, ENDED)


@pytest.mark.parametrize(
    ("time", "survival", "error"),
    [(2, 0.9, 0.0949), (3, 0.8, 0.1265), (5, 0.685714, 0.1515), (8, 0.411429, 0.1756), (12, 0.205714, 0.1699)],
)
def test_survival_and_its_standard_error(curve: SurvivalCurve, time: int, survival: float, error: float) -> None:
    row = curve.risk.times.tolist().index(time)

    assert curve.survival[row] == pytest.approx(survival, abs=1e-6)
    assert curve.errors[row] == pytest.approx(error, abs=5e-5)


def test_the_log_log_interval_and_the_median(curve: SurvivalCurve) -> None:
    found = curve.at(8)

    assert (found.low, found.high) == pytest.approx((0.1025, 0.7073), abs=5e-5)
    assert curve.quantile().value == 8
    assert found.interval == "log-log"


def test_who_is_censored_at_a_time_is_at_risk_at_it(curve: SurvivalCurve) -> None:
    assert curve.risk.at_risk.tolist() == [10, 9, 7, 6, 5, 3, 2]
    assert curve.risk.censored.tolist() == [0, 1, 0, 1, 0, 1, 1]
    assert curve.risk.all_events.tolist() == [1, 1, 1, 0, 2, 0, 1]


def test_between_two_times_survival_is_that_of_the_earlier(curve: SurvivalCurve) -> None:
    assert curve.at(7.9) == curve.at(5)
    assert curve.at(1.9)[3:6] == (1, 1, 1)


def test_beyond_the_last_time_nothing_is_known(curve: SurvivalCurve) -> None:
    assert curve.at(12.1)[3:] == (None, None, None, "log-log", BEYOND)


def test_when_everybody_has_stopped_survival_stays_0_without_limits() -> None:
    ended = kaplan_meier([1, 2], np.array([True, True]))

    assert ended.at(2)[3:] == (0, None, None, "log-log", NO_LIMITS)
    assert ended.at(99) == ended.at(2)
    assert ended.quantile().value == 1.5


def test_a_median_that_is_not_reached_is_said() -> None:
    found = kaplan_meier([4, 6, 6], np.array([True, False, False])).quantile()

    assert (found.value, found.reason) == (None, NOT_REACHED)


def test_nobody_has_no_curve() -> None:
    empty = kaplan_meier([], np.array([], dtype=bool))

    assert len(empty.survival) == 0
    assert (empty.at(3).reason, empty.quantile().reason) == (NOTHING_GIVEN, NOTHING_GIVEN)
    assert cumulative_incidence([], np.array([], dtype=int), n_causes=2).at(1, 3).reason == NOTHING_GIVEN


def test_survival_is_that_of_scipy(curve: SurvivalCurve) -> None:
    times = np.array(TIMES, dtype=float)

    theirs = ecdf(CensoredData(times[ENDED], right=times[~ENDED])).sf

    assert theirs.evaluate(curve.risk.times) == pytest.approx(curve.survival, abs=1e-12)


def test_causes_add_up_to_all_who_stopped(curve: SurvivalCurve) -> None:
    causes = np.array([1, 2, 0, 1, 0, 2, 1, 0, 3, 0])

    found = cumulative_incidence(TIMES, causes, n_causes=3)

    assert found.incidence.sum(axis=0) == pytest.approx(1 - curve.survival, abs=1e-15)
    assert found.at(3, 11)[3:] == (0, None, None, "log-log", NO_LIMITS)
    assert found.at(3, 12).value == pytest.approx(0.205714, abs=1e-6)
    assert found.at(1, 13).reason == BEYOND


def test_one_cause_alone_is_the_complement_of_survival(curve: SurvivalCurve) -> None:
    found = cumulative_incidence(TIMES, ENDED.astype(int), n_causes=1)

    assert found.errors[0] == pytest.approx(curve.errors, abs=1e-12)


def test_one_minus_kaplan_meier_of_a_cause_is_too_much() -> None:
    causes = np.array([1, 2, 0, 1, 0, 2, 1, 0, 3, 0])

    naive = 1 - kaplan_meier(TIMES, causes == 1).survival

    assert naive[-1] > cumulative_incidence(TIMES, causes, n_causes=3).incidence[0, -1]


@pytest.mark.parametrize(
    ("times", "causes", "match"),
    [([-1], [1], "0 or more"), ([1], [3], "from 1 to 2"), ([1], [-1], "from 1 to 2"), ([1, 2], [1], "one length")],
)
def test_what_is_no_follow_up_is_refused(times: list[int], causes: list[int], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        cumulative_incidence(times, np.array(causes), n_causes=2)
