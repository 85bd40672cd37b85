"""Comparisons between groups as R calculated them: see tests/data/groups.R."""

from __future__ import annotations

import pytest

from projections.statistics.contingency import chi_squared, least_expected
from projections.statistics.fisher import fisher_exact
from projections.statistics.gray import gray
from projections.statistics.groups_at_risk import Grouping
from projections.statistics.kruskal_wallis import kruskal_wallis
from projections.statistics.late_entry import Entry
from projections.statistics.log_rank import log_rank
from projections.statistics.ordering import Floats
from projections.statistics.rate_ratio import EventsInTime, rate_ratio, rate_ratio_test
from projections.statistics.results import NO_EVENTS, NO_EVENTS_IN_REFERENCE
from projections.statistics.standardised_difference import standardised_difference, standardised_difference_of_counts
from projections.statistics.welch import welch_anova, welch_interval, welch_t
from tests.projections.statistics.expected import Row, by_sample, column, number, rows

FOLLOWED = dict(by_sample("group_followed.csv"))
VALUES = dict(by_sample("group_values.csv"))


def grouping(row: Row) -> Grouping:
    """How the sample of a row is compared."""
    sample = FOLLOWED[row["sample"]]
    strata = column(sample, "stratum") if row["variant"] == "stratified" else None
    return Grouping(column(sample, "group"), strata, Entry(column(sample, "entry"), column(sample, "patient")))


@pytest.mark.parametrize(
    "row", rows("group_curves.csv"), ids=lambda row: f"{row['sample']}-{row['test']}-{row['variant']}"
)
def test_log_rank_and_gray_agree_with_r_to_a_billionth(row: Row) -> None:
    times, causes = (column(FOLLOWED[row["sample"]], name) for name in ("time", "cause"))

    if row["test"] == "log-rank":
        found = log_rank(times, causes > 0, grouping=grouping(row)).test
    else:
        found = gray(times, causes.astype(int), grouping=grouping(row), cause=int(row["test"][-1]))

    assert found.statistic == pytest.approx(number(row["statistic"]), rel=1e-9, abs=1e-12)
    assert found.p == pytest.approx(number(row["p"]), rel=1e-9)
    assert (found.df, found.reason) == (number(row["df"]), None)


def values_of(sample: str) -> list[Floats]:
    """The values of each group of a sample."""
    group, value = (column(VALUES[sample], name) for name in ("group", "value"))
    return [value[group == code] for code in range(int(group.max()) + 1)]


@pytest.mark.parametrize("row", rows("group_tests.csv"), ids=lambda row: f"{row['sample']}-{row['test']}")
def test_several_means_and_ranks_agree_with_r(row: Row) -> None:
    test = welch_anova if row["test"] == "welch" else kruskal_wallis

    found = test(values_of(row["sample"]))

    assert (found.statistic, found.p) == pytest.approx((number(row["statistic"]), number(row["p"])), rel=1e-9)
    assert found.df == number(row["df"])
    assert found.df_within == (pytest.approx(float(row["df_within"]), rel=1e-9) if row["df_within"] else None)


@pytest.mark.parametrize("row", rows("group_differences.csv"), ids=lambda row: row["sample"])
def test_two_means_agree_with_r(row: Row) -> None:
    reference, group = values_of(row["sample"])[:2]

    test, interval = welch_t(group, reference), welch_interval(group, reference)

    theirs = [number(row[name]) for name in ("statistic", "df", "p", "difference", "low", "high", "standardised")]
    ours = [test.statistic, test.df, test.p, interval.value, interval.low, interval.high]
    assert [*ours, standardised_difference(group, reference).value] == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("row", rows("group_counts.csv"), ids=lambda row: row["counts"])
def test_counts_in_groups_agree_with_r(row: Row) -> None:
    table = [[int(count) for count in group.split()] for group in row["counts"].split("/")]

    test = chi_squared(table)

    assert (test.statistic, test.p, test.df) == pytest.approx([number(row[name]) for name in ("statistic", "p", "df")])
    assert least_expected(table) == pytest.approx(number(row["smallest_expected"]), rel=1e-12)
    assert fisher_exact(table).p == pytest.approx(number(row["fisher"]), rel=1e-8)
    apart = standardised_difference_of_counts(table[-1], table[0])
    assert apart.value == pytest.approx(number(row["standardised"]), rel=1e-9)


@pytest.mark.parametrize(
    "row",
    rows("rate_ratios.csv"),
    ids=lambda row: f"{row['events']}-{row['reference_events']}-{row['level']}",
)
def test_rate_ratios_agree_with_r(row: Row) -> None:
    group = EventsInTime(int(row["events"]), float(row["years"]))
    reference = EventsInTime(int(row["reference_events"]), float(row["reference_years"]))

    ratio = rate_ratio(group, reference, level=float(row["level"]))

    theirs = [number(row[name]) for name in ("ratio", "low", "high")]
    assert list(ratio[3:6]) == [value if value is None else pytest.approx(value, rel=1e-9) for value in theirs]
    assert rate_ratio_test(group, reference).p == pytest.approx(float(row["p"]), rel=1e-9)
    without = NO_EVENTS if not group.events else NO_EVENTS_IN_REFERENCE
    assert ratio.reason == (None if reference.events else without)
