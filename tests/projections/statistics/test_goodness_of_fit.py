"""The chi-squared test of counts against shares."""

from __future__ import annotations

import pytest

from projections.statistics.goodness_of_fit import goodness_of_fit, smallest_expected
from projections.statistics.results import EXPECTED_ZERO, NOTHING_GIVEN, TOO_FEW


def test_equal_shares_are_the_default() -> None:
    assert goodness_of_fit([10, 20, 30]) == goodness_of_fit([10, 20, 30], shares=[7, 7, 7])
    assert goodness_of_fit([10, 20, 30])[-4:-2] == pytest.approx((10.0, 0.006738), abs=1e-6)


def test_counts_as_expected_have_a_p_of_1() -> None:
    assert goodness_of_fit([5, 10], shares=[1, 2]).p == 1


@pytest.mark.parametrize(
    ("counts", "shares", "reason"),
    [
        ([], None, NOTHING_GIVEN),
        ([0, 0], None, NOTHING_GIVEN),
        ([7], None, TOO_FEW),
        ([7, 1], [1, 0], EXPECTED_ZERO),
    ],
)
def test_what_cannot_be_tested_has_a_reason(counts: list[int], shares: list[int] | None, reason: str) -> None:
    found = goodness_of_fit(counts, shares=shares)

    assert (found.statistic, found.p, found.reason) == (None, None, reason)


def test_counts_and_shares_have_to_match() -> None:
    with pytest.raises(ValueError, match="3 counts need as many shares, and have 2"):
        goodness_of_fit([1, 2, 3], shares=[1, 1])
    with pytest.raises(ValueError, match="0 or more"):
        goodness_of_fit([1, -2])


def test_the_smallest_expected_count() -> None:
    assert smallest_expected(20, [1, 4]) == 4
