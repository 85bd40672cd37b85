"""Comparisons between groups where there is little to compare, and laws that every one of them keeps."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np
import pytest

from projections.statistics.cluster_bootstrap import bootstrap_between, cluster_bootstrap, per_100_years, share
from projections.statistics.contingency import chi_squared, least_expected
from projections.statistics.fisher import fisher_exact
from projections.statistics.gray import gray
from projections.statistics.groups_at_risk import Grouping
from projections.statistics.kruskal_wallis import kruskal_wallis
from projections.statistics.late_entry import Entry
from projections.statistics.log_rank import log_rank
from projections.statistics.mann_whitney import mann_whitney
from projections.statistics.rate_ratio import EventsInTime, rate_ratio, rate_ratio_of_patients, rate_ratio_test
from projections.statistics.results import (
    ALL_TIED,
    EMPTY_GROUP,
    LATE_ENTRIES,
    NEVER_TOGETHER,
    NO_EVENTS,
    NO_EVENTS_IN_REFERENCE,
    NO_TIME,
    NOTHING_GIVEN,
    ONE_GROUP,
    ONE_VALUE,
    TOO_MANY,
    ZERO_VARIANCE,
    Estimate,
    Outcome,
)
from projections.statistics.standardised_difference import standardised_difference, standardised_difference_of_counts
from projections.statistics.welch import welch_anova, welch_interval, welch_t

Values = list[list[float]]


@pytest.mark.parametrize("test", [welch_anova, kruskal_wallis])
@pytest.mark.parametrize(
    ("groups", "reason"),
    [([], NOTHING_GIVEN), ([[], []], NOTHING_GIVEN), ([[1, 2]], ONE_GROUP), ([[1, 2], [], [3, 4]], EMPTY_GROUP)],
)
def test_groups_without_values_have_no_test(test: Callable[[Values], Outcome], groups: Values, reason: str) -> None:
    found = test(groups)

    assert (found.n, found.statistic, found.p, found.reason) == (sum(map(len, groups)), None, None, reason)


def test_values_that_are_all_equal_have_a_p_of_1_in_ranks_and_no_test_of_means() -> None:
    assert kruskal_wallis([[3, 3], [3], [3]])[7:] == (0.0, 1.0, 2, ALL_TIED)
    assert welch_anova([[3, 3], [3, 3]])[7:] == (None, None, None, ZERO_VARIANCE)


def test_one_group_without_spread_leaves_a_t_and_no_f() -> None:
    assert welch_t([2, 2, 2], [1, 4, 6]).df == pytest.approx(2)
    assert welch_anova([[2, 2, 2], [1, 4, 6], [3, 5]]).reason == ZERO_VARIANCE


def test_one_value_has_a_difference_of_means_without_limits() -> None:
    interval = welch_interval([7], [1, 4, 6])

    assert (interval.value, interval.low, interval.reason) == (pytest.approx(10 / 3), None, ONE_VALUE)
    assert welch_interval([], [1, 2])[3:] == (None, None, None, "Welch t", EMPTY_GROUP)
    assert welch_t([7], [1, 4, 6]).reason == ONE_VALUE


def test_of_two_groups_f_is_the_square_of_t_and_h_that_of_the_z_of_mann_whitney() -> None:
    first, second = [1, 2, 2, 5, 9], [2, 3, 3, 6, 6, 8]

    f, t = welch_anova([first, second]), welch_t(first, second)

    assert t.statistic is not None
    assert (f.statistic, f.p, f.df_within) == pytest.approx((t.statistic**2, t.p, t.df))
    assert kruskal_wallis([first, second]).p == pytest.approx(mann_whitney(first, second).p)


def test_the_noise_of_doubles_breaks_no_tie_between_groups() -> None:
    found = kruskal_wallis([np.array([0.1 + 0.2, 1.0]), np.array([0.3, 2.0])])

    assert found.ties == 2


@pytest.mark.parametrize("test", [chi_squared, fisher_exact])
@pytest.mark.parametrize(
    ("counts", "reason"),
    [([], NOTHING_GIVEN), ([[0, 0], [0, 0]], NOTHING_GIVEN), ([[3, 4]], ONE_GROUP), ([[3, 4], [0, 0]], EMPTY_GROUP)],
)
def test_groups_without_patients_have_no_test(
    test: Callable[[list[list[int]]], Outcome], counts: list[list[int]], reason: str
) -> None:
    found = test(counts)

    assert (found.statistic, found.p, found.reason) == (None, None, reason)
    assert least_expected(counts) is None


@pytest.mark.parametrize("test", [chi_squared, fisher_exact])
def test_a_category_that_all_have_leaves_a_p_of_1_with_the_reason(test: Callable[..., Outcome]) -> None:
    found = test([[3, 0], [5, 0]])

    assert (found.p, found.reason) == (1, ALL_TIED)


def test_a_category_that_nobody_has_is_no_part_of_a_test() -> None:
    assert chi_squared([[3, 0, 4], [5, 0, 1]]) == chi_squared([[3, 4], [5, 1]])
    assert fisher_exact([[3, 0, 4], [5, 0, 1]]) == fisher_exact([[3, 4], [5, 1]])


def test_the_exact_p_of_one_table_is_the_share_of_choices_as_rare() -> None:
    ways = [comb(5, k) * comb(7, 4 - k) for k in range(5)]

    found = fisher_exact([[4, 1], [0, 7]])

    assert found.p == pytest.approx(sum(way for way in ways if way <= ways[4]) / sum(ways))


def test_too_many_tables_with_the_same_margins_leave_the_exact_test_open() -> None:
    found = fisher_exact([[400, 300, 200], [300, 300, 100], [200, 300, 400]])

    assert (found.p, found.reason) == (None, TOO_MANY)


@pytest.mark.parametrize("counts", [[[1, 2], [3]], [[1, -2], [3, 4]], [[1.5, 2], [3, 4]]])
def test_what_is_no_table_of_counts_is_refused(counts: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"every group needs a count of each category|counts have to be whole numbers"):
        chi_squared(counts)


def test_groups_that_are_alike_differ_by_0_and_groups_without_spread_by_nothing_that_can_be_said() -> None:
    assert standardised_difference([4, 4], [4, 4, 4])[3:] == (0.0, None, None, None, ALL_TIED)
    assert standardised_difference([4, 4], [5, 5, 5]).reason == ZERO_VARIANCE
    assert standardised_difference([4], [5, 6, 5]).reason == ONE_VALUE
    assert standardised_difference([], [5, 6, 5]).reason == EMPTY_GROUP
    assert standardised_difference([], []).reason == NOTHING_GIVEN
    assert standardised_difference_of_counts([0, 4], [0, 9])[3:] == (0.0, None, None, None, ALL_TIED)
    assert standardised_difference_of_counts([3, 4, 0], [0, 0, 5]).reason == ZERO_VARIANCE
    assert standardised_difference_of_counts([0, 0], [3, 5]).reason == EMPTY_GROUP
    assert standardised_difference_of_counts([0, 0], [0, 0]).reason == NOTHING_GIVEN


def test_which_category_comes_first_makes_no_difference_to_a_distance() -> None:
    one = standardised_difference_of_counts([3, 5, 9], [8, 5, 2])
    other = standardised_difference_of_counts([9, 3, 5], [2, 8, 5])

    assert one.value == pytest.approx(other.value, rel=1e-12)


def test_relabelling_groups_exchanges_their_places_and_leaves_the_tests() -> None:
    random = np.random.default_rng(20130801)
    times, causes, groups = random.integers(1, 30, 80), random.integers(0, 3, 80), random.integers(0, 3, 80)
    renamed = np.array(["c", "a", "b"])[groups]

    one, other = (log_rank(times, causes > 0, grouping=Grouping(labels)) for labels in (groups, renamed))

    assert other.groups == ("a", "b", "c")
    assert (other.observed, other.n) == tuple((of[1], of[2], of[0]) for of in (one.observed, one.n))
    assert other.test.statistic == pytest.approx(one.test.statistic, rel=1e-10)
    grays = [gray(times, causes, grouping=Grouping(labels)).statistic for labels in (groups, renamed)]
    assert grays[0] == pytest.approx(grays[1], rel=1e-10)


def test_as_many_events_are_expected_as_happened() -> None:
    random = np.random.default_rng(20130802)
    entries = random.integers(0, 10, 60)
    entry = Entry(entries)

    found = log_rank(
        entries + random.integers(1, 20, 60),
        random.integers(0, 2, 60) > 0,
        grouping=Grouping(random.integers(0, 3, 60), random.integers(0, 2, 60), entry),
    )

    assert sum(found.expected) == pytest.approx(sum(found.observed))


@pytest.mark.parametrize(
    ("times", "events", "groups", "reason"),
    [
        ([], [], [], NOTHING_GIVEN),
        ([1, 2], [1, 1], [0, 0], ONE_GROUP),
        ([1, 2], [0, 0], [0, 1], NO_EVENTS),
        ([1, 1], [1, 1], [0, 1], NEVER_TOGETHER),
    ],
)
def test_follow_up_that_compares_nothing_has_no_test(
    times: list[int], events: list[int], groups: list[int], reason: str
) -> None:
    grouping = Grouping(np.array(groups, dtype=int))

    found = log_rank(times, np.array(events, dtype=bool), grouping=grouping).test
    competing = gray(times, np.array(events, dtype=int), grouping=grouping)

    assert (found.statistic, found.p, found.reason) == (None, None, reason)
    assert (competing.p, competing.reason) == (None, reason)


def test_groups_that_are_never_at_risk_together_cannot_be_compared() -> None:
    grouping = Grouping(np.array([0, 0, 1, 1]), entry=Entry([0, 0, 6, 6]))

    found = log_rank([2, 5, 9, 11], np.array([True, True, True, False]), grouping=grouping)

    assert found.test.reason == NEVER_TOGETHER
    assert (found.observed, found.expected) == ((2, 1), (2.0, 1.0))


def test_a_third_group_that_is_never_at_risk_with_the_others_takes_no_degree_of_freedom() -> None:
    times, events = [2, 5, 3, 4, 9, 11], np.array([True, True, True, False, True, False])

    without = log_rank(times[:4], events[:4], grouping=Grouping(np.array([0, 0, 1, 1])))
    beside = log_rank(times, events, grouping=Grouping(np.array([0, 0, 1, 1, 2, 2]), entry=Entry([0, 0, 0, 0, 6, 6])))

    assert (beside.test.df, beside.test.statistic) == (1, pytest.approx(without.test.statistic))


def test_grays_test_is_refused_where_anybody_enters_late() -> None:
    grouping = Grouping(np.array([0, 1, 0, 1]), entry=Entry([0, 0, 0, 3]))

    assert gray([2, 3, 5, 7], np.array([1, 1, 2, 1]), grouping=grouping).reason == LATE_ENTRIES


def test_a_cause_below_0_is_refused() -> None:
    with pytest.raises(ValueError, match="a cause has to be 0"):
        gray([2, 3], np.array([1, -1]), grouping=Grouping(np.array([0, 1])))


def test_a_cause_that_befell_nobody_has_no_test() -> None:
    assert gray([2, 3], np.array([1, 1]), grouping=Grouping(np.array([0, 1])), cause=2).reason == NO_EVENTS


def test_rates_without_time_or_events_have_no_ratio() -> None:
    assert rate_ratio(EventsInTime(0, 3), EventsInTime(0, 4)).reason == NO_EVENTS
    assert rate_ratio_test(EventsInTime(0, 3), EventsInTime(0, 4))[8:] == (1.0, None, NO_EVENTS)
    assert rate_ratio(EventsInTime(2, 0), EventsInTime(1, 4)).reason == NO_TIME
    assert rate_ratio_test(EventsInTime(2, 0), EventsInTime(1, 4)).reason == NO_TIME


def test_patients_with_many_events_widen_the_limits_of_a_ratio() -> None:
    group, reference = [[6, 2.0]] + [[0, 2.0]] * 19, [[1, 2.0]] * 4 + [[0, 2.0]] * 16

    exact, by_patients = rate_ratio(EventsInTime(6, 40), EventsInTime(4, 40)), rate_ratio_of_patients(group, reference)

    assert (by_patients.value, by_patients.n) == (exact.value, 40)
    assert by_patients.low == 0.0
    assert by_patients.high is not None
    assert exact.high is not None
    assert by_patients.high > 4


@pytest.mark.parametrize(
    ("group", "reference", "reason"),
    [
        ([[1, 2]], [[0, 2]], NO_EVENTS_IN_REFERENCE),
        ([[0, 2]], [[0, 2]], NO_EVENTS),
        ([], [[1, 2]], NO_TIME),
        ([[1, 2]], [[1, 2], [0, 1]], ONE_VALUE),
    ],
)
def test_a_ratio_of_patients_that_is_none_says_why(
    group: list[list[int]], reference: list[list[int]], reason: str
) -> None:
    found = rate_ratio_of_patients(group, reference)

    assert (found.low, found.high, found.reason) == (None, None, reason)


def test_patients_in_another_order_have_the_same_limits() -> None:
    group, reference = [[2, 1], [0, 2], [1, 4], [3, 3]], [[1, 4], [1, 2], [0, 1]]

    assert rate_ratio_of_patients(group, reference) == rate_ratio_of_patients(group[::-1], reference[::-1])


def test_one_group_is_resampled_as_by_itself() -> None:
    rows = [[4, 1], [0, 2], [9, 5], [3, 3]]

    assert bootstrap_between([rows], share) == cluster_bootstrap(rows, share)
    assert cluster_bootstrap(rows, per_100_years).value == pytest.approx(1600 / 11)


def test_a_group_without_patients_has_no_limits() -> None:
    assert bootstrap_between([[[1, 2]], []], share).reason == EMPTY_GROUP


@pytest.mark.parametrize(("groups", "reason"), [([[], []], NOTHING_GIVEN), ([[1, 2], []], EMPTY_GROUP)])
def test_two_groups_of_which_one_is_empty_have_the_same_words_in_every_test(groups: Values, reason: str) -> None:
    one, other = groups
    counts = [[len(values), 0] for values in groups]

    answers: list[Outcome | Estimate] = [
        welch_t(one, other),
        welch_interval(one, other),
        welch_anova(groups),
        mann_whitney(one, other),
        kruskal_wallis(groups),
        standardised_difference(one, other),
        standardised_difference_of_counts(*counts),
        chi_squared(counts),
        fisher_exact(counts),
    ]

    assert {answer.reason for answer in answers} == {reason}
