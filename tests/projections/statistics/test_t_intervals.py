"""Means, their t intervals and t tests, of one sample and of pairs."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from projections.statistics.results import NOTHING_GIVEN, ONE_VALUE, ZERO_VARIANCE
from projections.statistics.t_intervals import one_sample_t, paired_t, paired_t_interval, t_interval

FELL = [12, 12, 2, 10, 18, 3, 0, 16]


def test_the_interval_and_the_p_of_a_paired_difference() -> None:
    baseline, followup = [value + 5 for value in FELL], [5] * 8

    interval, test = paired_t_interval(baseline, followup), paired_t(baseline, followup)

    assert interval[3:6] == pytest.approx((9.125, 3.5179, 14.7321), abs=5e-5)
    assert test.p == pytest.approx(0.006307, abs=1e-6)
    assert (test.df, test.zeros, test.n_used) == (7, 1, 8)


def test_the_printed_interval_of_22_patients_is_a_t_interval() -> None:
    off = 9.92 * math.sqrt(21 / 22)
    found = t_interval([11.5 - off, 11.5 + off] * 11)

    assert (found.value, found.low, found.high) == pytest.approx((11.5, 7.1, 15.9), abs=0.05)


def test_a_mean_is_tested_against_another_value() -> None:
    assert one_sample_t(FELL, mean=9.125).p == 1


def test_no_value_one_value_and_equal_values_have_no_interval_and_the_reason() -> None:
    assert t_interval([]).reason == NOTHING_GIVEN
    assert t_interval([7])[3:] == (7, None, None, "t", ONE_VALUE)
    assert t_interval([0.3, 0.1 + 0.2]).reason == ZERO_VARIANCE
    assert [one_sample_t(values).reason for values in ([], [7], [7, 7])] == [NOTHING_GIVEN, ONE_VALUE, ZERO_VARIANCE]


def test_improvements_that_are_equal_but_for_noise_have_no_variance() -> None:
    assert paired_t([5.8, 2.0], [5.6, 1.8]).reason == ZERO_VARIANCE
    assert paired_t([Decimal("5.8"), 2], [Decimal("5.6"), Decimal("1.8")]).reason == ZERO_VARIANCE
