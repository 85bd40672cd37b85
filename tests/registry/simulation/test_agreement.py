"""The formulas by which simulated readers are judged, by examples that are reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.registry.simulation.agreement import deviation, icc, kappa, share


def test_a_reader_who_is_always_one_point_above_the_other_has_an_icc_of_two_thirds() -> None:
    # mean squares: patients 2, readers 3/2, error 0; (2 - 0) / (2 + 0 + 2 (3/2 - 0) / 3)
    assert icc(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])).value == pytest.approx(2 / 3)


def test_kappa_of_20_and_15_alike_of_50_is_0_4() -> None:
    # 25 and 30 positive of 50: by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5 alike, found 35 / 50 = 0.7
    a = np.array([True] * 25 + [False] * 25)
    b = np.array([True] * 20 + [False] * 5 + [True] * 10 + [False] * 15)

    assert kappa(a, b).value == pytest.approx(0.4)


def test_a_share_of_12_7_percent_in_1000_lies_within_2_7_points_of_it() -> None:
    assert share(np.arange(1000) < 154, 0.127).agrees_with(0.127)  # 0.127 ± 2.5758 x 0.01053
    assert not share(np.arange(1000) < 155, 0.127).agrees_with(0.127)


def test_the_error_of_a_deviation_by_four_patients_of_a_hundred_who_change_by_10() -> None:
    # mean 0.4, variance 3.84, fourth moment 0.96 x 0.4^4 + 0.04 x 9.6^4 = 339.763; sqrt((339.763 - 14.746) / 100) / 2 s
    found = deviation(np.array([0.0] * 96 + [10.0] * 4))

    assert found.value == pytest.approx(1.95959, abs=1e-5)
    assert found.error == pytest.approx(0.46, abs=1e-3)
