"""Spearman's correlation with and without ties, and the n behind a printed p."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projections.statistics.printed_p import sizes_behind
from projections.statistics.results import ALL_TIED, NO_LIMITS, NOTHING_GIVEN, TOO_FEW
from projections.statistics.spearman import p_of_correlation, spearman, spearman_interval

X = [2.1, 3.9, 3.9, 5.0, 1.0, 6.2, 4.4, 2.1]
Y = [10, 18, 12, 20, 4, 33, 15, 15]


def test_ties_get_mid_ranks_by_default() -> None:
    found = spearman(X, Y)

    assert (found.statistic, found.p) == pytest.approx((0.866683, 0.005347), abs=1e-6)
    assert (found.variant, found.ties, found.df) == ("mid-ranks", 6, 6)


def test_the_shortcut_without_ties_is_a_variant_of_its_own() -> None:
    assert spearman(X, Y, variant="tie-free-shortcut").statistic == pytest.approx(0.869048, abs=1e-6)
    assert spearman([1, 2, 3, 4], [2, 1, 3, 4], variant="tie-free-shortcut").statistic == pytest.approx(
        spearman([1, 2, 3, 4], [2, 1, 3, 4]).statistic
    )


def test_the_interval_is_fishers() -> None:
    found = spearman_interval(X, Y)

    assert (found.low, found.high) == pytest.approx((0.416, 0.976), abs=5e-4)


@pytest.mark.parametrize(("rho", "n", "p"), [(0.379, 22, 0.082), (0.369, 22, 0.091), (0.626, 22, 0.0018)])
def test_the_p_of_a_correlation_follows_from_n(rho: float, n: int, p: float) -> None:
    assert float(p_of_correlation(rho, n)) == pytest.approx(p, abs=5e-4)


def test_the_printed_p_values_of_22_patients_belong_to_36() -> None:
    behind = [sizes_behind(Decimal("0.379"), Decimal("0.023")), sizes_behind(Decimal("0.369"), Decimal("0.027"))]

    assert behind == [(36,), (36,)]


def test_a_p_that_no_n_gives_has_no_n_behind_it() -> None:
    assert sizes_behind(Decimal("0.00"), Decimal("0.001"), largest=100) == ()
    assert sizes_behind(Decimal("-0.379"), Decimal("0.023")) == (36,)


def test_a_perfect_order_has_a_p_of_0_and_no_limits() -> None:
    assert spearman([1, 2, 3], [10, 30, 20000])[-4:-2] == (1.0, 0.0)
    assert spearman([1, 2, 3, 4], [8, 6, 4, 2]).statistic == -1
    assert spearman_interval([1, 2, 3, 4], [8, 6, 4, 2]).reason == NO_LIMITS


@pytest.mark.parametrize(
    ("first", "second", "rho", "reason"),
    [
        ([], [], None, NOTHING_GIVEN),
        ([1], [2], None, TOO_FEW),
        ([1, 2], [1, 2], 1.0, TOO_FEW),
        ([4, 4, 4], [1, 2, 3], None, ALL_TIED),
    ],
)
def test_where_there_is_no_p_the_reason_is_said(
    first: list[int], second: list[int], rho: float | None, reason: str
) -> None:
    found, interval = spearman(first, second), spearman_interval(first, second)

    assert (found.statistic, found.p, found.reason) == (rho, None, reason)
    assert (interval.value, interval.low, interval.reason) == (rho, None, reason)


def test_three_pairs_have_a_p_and_no_interval() -> None:
    assert spearman([1, 2, 3], [1, 3, 2]).p == pytest.approx(2 / 3)
    assert spearman_interval([1, 2, 3], [1, 3, 2]).reason == TOO_FEW
