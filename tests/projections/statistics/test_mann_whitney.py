"""The Mann–Whitney test of two groups."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from projections.statistics.mann_whitney import mann_whitney
from projections.statistics.results import ALL_TIED, EMPTY_GROUP, NOTHING_GIVEN, TOO_MANY
from projections.statistics.signed_rank import PS_FROM, PFrom


def test_the_exact_p_of_separate_groups_is_twice_one_choice_of_all() -> None:
    found = mann_whitney([1, 2, 3], [4, 5, 6, 7], p_from="exact")

    assert (found.statistic, found.p) == (0, pytest.approx(2 / 35))


def test_the_exact_p_with_ties_is_that_of_all_choices_listed() -> None:
    ranks = [1.5, 3.5, 3.5, 1.5, 5, 6.5, 6.5]
    sums = [sum(chosen) for chosen in combinations(ranks, 3)]
    observed = 1.5 + 3.5 + 3.5

    found = mann_whitney([1, 2, 2], [1, 3, 4, 4], p_from="exact")

    assert found.p == pytest.approx(2 * sum(total <= observed for total in sums) / len(sums))
    assert (found.statistic, found.ties) == (observed - 6, 6)


def test_groups_change_places_and_u_becomes_its_complement() -> None:
    one, other = mann_whitney([1, 5, 9, 2], [4, 4, 8]), mann_whitney([4, 4, 8], [1, 5, 9, 2])

    assert one.p == other.p
    assert (one.statistic, other.statistic) == (5, 7)


@pytest.mark.parametrize("p_from", PS_FROM)
def test_values_that_are_all_equal_have_a_p_of_1_with_the_reason(p_from: PFrom) -> None:
    found = mann_whitney([3, 3], [3, 3, 3], p_from=p_from)

    assert (found.statistic, found.p, found.reason) == (3, 1, ALL_TIED)


@pytest.mark.parametrize(
    ("first", "second", "reason"), [([], [], NOTHING_GIVEN), ([1], [], EMPTY_GROUP), ([], [1, 2], EMPTY_GROUP)]
)
def test_an_empty_group_has_no_p(first: list[int], second: list[int], reason: str) -> None:
    found = mann_whitney(first, second)

    assert (found.n, found.statistic, found.p, found.reason) == (len(first + second), None, None, reason)


def test_too_many_values_for_an_exact_p_are_said() -> None:
    found = mann_whitney(np.arange(150), np.arange(100), p_from="exact")

    assert (found.p, found.reason) == (None, TOO_MANY)


def test_doubles_and_arrays_are_compared_without_noise() -> None:
    found = mann_whitney(np.array([0.1 + 0.2, 1.0]), [0.3, 2.0])

    assert found.ties == 2
