"""Intervals of a proportion, by the names of their methods."""

from __future__ import annotations

import pytest

from projections.statistics.proportion_intervals import METHODS, Method, proportion
from projections.statistics.results import NOTHING_GIVEN


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        (50, 107, 37.02, 56.62),
        (220, 341, 59.18, 69.60),
        (167, 251, 60.33, 72.34),
        (53, 90, 48.02, 69.16),
        (0, 9, 0, 33.63),
        (9, 9, 66.37, 100),
    ],
)
def test_the_exact_interval_is_the_default(n: int, of: int, low: float, high: float) -> None:
    found = proportion(n, of)

    assert (100 * found.low, 100 * found.high) == pytest.approx((low, high), abs=0.005)
    assert found.interval == "clopper-pearson"


def test_wilsons_interval_is_another_one() -> None:
    found = proportion(50, 107, method="wilson")

    assert (100 * found.low, 100 * found.high) == pytest.approx((37.55, 56.13), abs=0.005)


@pytest.mark.parametrize("method", METHODS)
def test_of_nothing_there_is_no_proportion(method: Method) -> None:
    assert proportion(0, 0, method=method)[3:] == (None, None, None, method, NOTHING_GIVEN)


@pytest.mark.parametrize(("n", "of"), [(-1, 3), (4, 3)])
def test_more_than_all_is_refused(n: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"{n} of {of} is no proportion"):
        proportion(n, of)
