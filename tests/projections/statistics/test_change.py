"""How much change is more than error, and how responsive a score is."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.cumulative_probability import changes_at_least, probability_plot
from projections.statistics.detectable_change import sdc_from_change, sdc_from_status
from projections.statistics.lundex import lundex
from projections.statistics.proportions import Proportion
from projections.statistics.responsiveness import effect_size, guyatt_responsiveness, standardised_response_mean
from projections.statistics.results import NOTHING_GIVEN, ONE_VALUE, ZERO_VARIANCE

A = [-4, 0, -6, -1, -10, 2, -3, 0, -7, -2]
B = [-3, 0, -8, 0, -9, 1, -4, -1, -5, -2]
BASELINE = [12, 3, 20, 5, 28, 6, 10, 2, 18, 7]
MEAN = [(one + other) / 2 for one, other in zip(A, B)]
FOLLOWUP = [before + change for before, change in zip(BASELINE, MEAN)]
PROGRESSION = [-1, 0, 0, 0, 0, 0.5, 1, 2, 3, 4.5]


def test_the_smallest_detectable_change_of_one_reader_and_of_the_mean_of_two() -> None:
    one, two = sdc_from_change(A, B), sdc_from_change(A, B, readers=2)

    assert (one.value, two.value) == pytest.approx((1.7285, 1.2223), abs=5e-5)
    assert two.variant == "from change, mean of 2 readers, 95%"


def test_the_sdc_from_status_is_another_number() -> None:
    found = sdc_from_status(A, B)

    assert found.value == pytest.approx(1.959964 * 1.247219, abs=1e-5)
    assert found.variant == "from status, one reader, 95%"


def test_the_sdc_at_80_percent_is_smaller() -> None:
    assert sdc_from_change(A, B, level=0.8).value == pytest.approx(1.281552 * 1.247219 / 2**0.5, abs=1e-6)


def test_readers_who_always_agree_detect_every_change() -> None:
    assert sdc_from_change(A, A).value == 0
    assert (sdc_from_change([], []).reason, sdc_from_change([1], [2]).reason) == (NOTHING_GIVEN, ONE_VALUE)


def test_a_mean_of_no_readers_is_refused() -> None:
    with pytest.raises(ValueError, match="readers has to be 1 or more, and is 0"):
        sdc_from_change(A, B, readers=0)


def test_the_three_measures_of_responsiveness() -> None:
    stable = [1.494434, -1.494434] * 5 + [0]

    assert standardised_response_mean(BASELINE, FOLLOWUP).value == pytest.approx(-0.8851, abs=5e-5)
    assert effect_size(BASELINE, FOLLOWUP).value == pytest.approx(-0.3668, abs=5e-5)
    assert np.std(stable, ddof=1) == pytest.approx(1.494434)
    assert guyatt_responsiveness(MEAN, stable).value == pytest.approx(-2.0744, abs=5e-5)


def test_change_without_spread_has_no_responsiveness() -> None:
    assert standardised_response_mean([5.8, 2.0], [5.6, 1.8]).reason == ZERO_VARIANCE
    assert effect_size([], []).reason == NOTHING_GIVEN
    assert guyatt_responsiveness(A, [1]).reason == ONE_VALUE


def test_the_cumulative_probability_plot_of_progression() -> None:
    plot = probability_plot(PROGRESSION[::-1])

    assert plot.changes.tolist() == PROGRESSION
    assert plot.shares == pytest.approx(np.arange(1, 11) / 10)
    assert probability_plot(PROGRESSION, position="(i-0.5)/n").shares == pytest.approx(np.arange(0.05, 1, 0.1))
    assert changes_at_least(PROGRESSION, 2) == Proportion(3, 10)


def test_a_plot_of_nobody_has_no_points() -> None:
    assert len(probability_plot([]).shares) == 0
    assert changes_at_least([], 2).percent is None


def test_the_lundex_is_the_product_of_staying_and_responding() -> None:
    found = lundex(0.74, Proportion(62, 100), retention="crude", n=135)

    assert found.value == pytest.approx(0.4588)
    assert found.variant == "retention crude"


def test_a_lundex_without_a_factor_has_a_reason() -> None:
    assert lundex(None, Proportion(1, 2), retention="kaplan-meier", n=9).reason == NOTHING_GIVEN
    assert lundex(0.5, Proportion(0, 0), retention="crude", n=9).reason == NOTHING_GIVEN
    with pytest.raises(ValueError, match=r"from 0 to 1, and is 1\.2"):
        lundex(1.2, Proportion(1, 2), retention="crude", n=9)
