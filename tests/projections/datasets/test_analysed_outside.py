"""A data set that is analysed by pandas, SciPy and a few lines of code gives the figures of the tables."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from projections import Facts, LogColumns, facts_at, project
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.export.datasets import write_dataset
from registry import Registry
from registry.simulation import CohortSize, record_simulated, simulated
from tests.projections.cohort.defined import by_address

TEXT = """
cohort = "outside"
[day0]
event = "course"
of = ["TNFi"]
between = ["2000-01-01", "2020-12-31"]
[groups]
by = "sex"
levels = { women = "female", men = "male" }
tests = true
[[time_points]]
name = "baseline"
day = 0
window = [-120, 60]
[[time_points]]
name = "1 year"
day = 365
window = [200, 500]
[[time_points]]
name = "2 years"
day = 730
window = [560, 900]
[[criteria]]
name = "basdai<4"
met = "basdai < 4"
[tables.characteristics]
measures = ["basdai"]
[tables.clinical]
measures = ["basdai"]
[tables.trajectory]
measures = ["basdai"]
[tables.responders]
criteria = ["basdai<4"]
denominator = "known"
impute = ["nri"]
[tables.survival]
days = [365, 730]
[tables.rates]
[tables.progression]
measures = ["basdai"]
threshold = 1
unit = "interval"
[statistics]
resamples = 100
"""
GROUPS = {"women": "female", "men": "male"}
PAIRS = (("baseline", "1 year"), ("1 year", "2 years"))
close = pytest.approx


class Outside:
    """The data set as an analyst has it, and the figures of the tables beside it."""

    def __init__(self, folder: Path, cohort: Cohort) -> None:
        write_dataset(cohort, folder, text=TEXT.encode(), form="csv")
        self.members = pd.read_csv(folder / "cohort_members.csv")
        self.values = pd.read_csv(folder / "cohort_values.csv", low_memory=False)
        self.spans = pd.read_csv(folder / "cohort_spans.csv")
        self.figures: dict[str, Figure] = by_address(cohort)
        self.facts: Facts = cohort.facts

    def wide(self, name: str) -> pd.DataFrame:
        """A row a member with a column a time point, and the group."""
        long = self.values[self.values["name"] == name]
        table = long.pivot(index="patient", columns="timepoint", values="value")
        return table.join(self.members.set_index("patient")[["group", "entry"]])

    def of(self, address: str, group: str = "") -> Figure:
        return self.figures[" / ".join(filter(None, (address, group)))]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """A simulated registry of 150 patients over ten years."""
    folder = tmp_path_factory.mktemp("outside")
    record_simulated(simulated(CohortSize(150, 10, 7)), str(folder / "registry.db"))
    with Registry.open(str(folder / "registry.db"), actor="lindner") as registry:
        facts = facts_at(LogColumns.read(registry.log))
        yield Outside(folder / "data", Cohort.of(parsed(TEXT.encode(), catalogue=facts.catalogue), facts))


def each_group(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "", table
    for group in GROUPS:
        yield group, table[table["group"] == group]


@pytest.mark.parametrize("name", ["baseline", "1 year", "2 years"])
def test_means_medians_and_their_limits_are_those_of_pandas_and_scipy(outside: Outside, name: str) -> None:
    for group, table in each_group(outside.wide("basdai")):
        known = table[name].dropna()
        at = f"trajectory / basdai / {name}"
        mean = outside.of(f"{at} / mean", group)
        low, high = stats.t.interval(0.95, len(known) - 1, known.mean(), stats.sem(known))
        assert (mean.value, mean.ci_low, mean.ci_high) == close((known.mean(), low, high), rel=1e-12)
        assert outside.of(f"{at} / sd", group).value == close(known.std(), rel=1e-12)
        for share, statistic in ((0.25, "lower quartile"), (0.5, "median"), (0.75, "upper quartile")):
            assert outside.of(f"{at} / {statistic}", group).value == close(known.quantile(share), rel=1e-12)
        assert outside.of(f"{at} / n", group).value == len(known) > 15
        assert outside.of(f"clinical / basdai / {name} / mean", group).value == close(known.mean(), rel=1e-12)


@pytest.mark.parametrize("name", ["baseline", "1 year", "2 years"])
def test_tests_and_differences_between_groups_are_those_of_scipy(outside: Outside, name: str) -> None:
    table = outside.wide("basdai")
    women, men = (table.loc[table["group"] == group, name].dropna() for group in GROUPS)

    at = f"clinical / basdai / {name}"
    welch = stats.ttest_ind(men, women, equal_var=False)
    assert outside.of(f"{at} / p of mean between groups").p_value == close(welch.pvalue, rel=1e-9)
    ranks = stats.mannwhitneyu(men, women, use_continuity=False, method="asymptotic")
    assert outside.of(f"{at} / p of median between groups").p_value == close(ranks.pvalue, rel=1e-9)
    difference = outside.of(f"{at} / difference of mean", "men")
    low, high = welch.confidence_interval()
    assert (difference.value, difference.ci_low, difference.ci_high) == close(
        (men.mean() - women.mean(), low, high), rel=1e-9
    )
    apart = (men.mean() - women.mean()) / math.sqrt((men.var() + women.var()) / 2)
    assert outside.of(f"{at} / standardised difference of mean", "men").value == close(apart, rel=1e-9)


def test_changes_of_the_same_patients_are_those_of_scipy(outside: Outside) -> None:
    for group, table in each_group(outside.wide("basdai")):
        both = table[["baseline", "2 years"]].dropna()
        fall = (both["baseline"] - both["2 years"]).round(9)
        at = "clinical / basdai / baseline → 2 years"
        difference = outside.of(f"{at} / mean difference", group)
        low, high = stats.t.interval(0.95, len(fall) - 1, fall.mean(), stats.sem(fall))
        assert (difference.value, difference.ci_low, difference.ci_high) == close((fall.mean(), low, high), rel=1e-9)
        signed = stats.wilcoxon(fall, zero_method="wilcox", correction=False, method="asymptotic")
        assert outside.of(f"{at} / p", group).p_value == close(signed.pvalue, rel=1e-9)


def test_characteristics_are_those_of_the_members(outside: Outside) -> None:
    for group, table in each_group(outside.members):
        age = outside.of("characteristics / age / day 0 / mean", group)
        assert age.value == close(table["age"].mean(), rel=1e-9)
        for sex in GROUPS.values():
            found = outside.of(f"characteristics / sex: {sex} / day 0 / percent", group)
            assert found.value == close(100 * (table["sex"] == sex).mean(), rel=1e-12)


@pytest.mark.parametrize("name", ["1 year", "2 years"])
def test_responders_are_those_who_meet_the_criterion_of_all_who_answered_and_were_seen_from_day_0_on(
    outside: Outside, name: str
) -> None:
    seen = outside.wide("basdai<4")
    seen = seen[seen["entry"] == 0]
    counts = []
    for group, table in each_group(seen):
        known = table[name].dropna()
        found = outside.of(f"responders / basdai<4 / {name} / responders", group)
        exact = stats.binomtest(int(known.sum()), len(known)).proportion_ci(method="exact")
        assert (found.numerator, found.denominator) == (known.sum(), len(known))
        assert (found.ci_low, found.ci_high) == close((100 * exact.low, 100 * exact.high), rel=1e-9)
        imputed = outside.of(f"responders / basdai<4, nri / {name} / responders", group)
        assert (imputed.numerator, imputed.denominator) == (known.sum(), len(table))
        counts.append([len(known) - known.sum(), known.sum()])
    chi2 = stats.chi2_contingency(counts[1:], correction=False)
    test = outside.of(f"responders / basdai<4 / {name} / p of responders between groups")
    assert test.p_value == close(chi2.pvalue, rel=1e-9)


def at_risk(table: pd.DataFrame, day: float) -> pd.DataFrame:
    return table[(table["entry"] < day) & (table["exit"] >= day)]


def retention(table: pd.DataFrame, until: int) -> float:
    """Kaplan and Meier's product over the days on which a treatment ended."""
    kept = 1.0
    for day in sorted(table.loc[table["event"] & (table["exit"] <= until), "exit"].unique()):
        kept *= 1 - (table["event"] & (table["exit"] == day)).sum() / len(at_risk(table, day))
    return kept


def test_retention_and_the_log_rank_test_are_those_of_a_few_lines(outside: Outside) -> None:
    members = outside.members[outside.members["entry"].notna()]
    members = members[(members["exit"] > members["entry"]) | (members["entry"] == 0)]
    for day, (group, table) in itertools.product((365, 730), list(each_group(members))):
        found = outside.of(f"survival / retention / day {day} / retention", group)
        assert found.value == close(100 * retention(table, day), rel=1e-9)
    excess = variance = 0.0
    for day in members.loc[members["event"], "exit"].unique():
        risk = at_risk(members, day)
        n, n_men = len(risk), (risk["group"] == "men").sum()
        ended = members[members["event"] & (members["exit"] == day)]
        d, d_men = len(ended), (ended["group"] == "men").sum()
        excess += d_men - d * n_men / n
        variance += d * n_men / n * (1 - n_men / n) * (n - d) / (n - 1) if n > 1 else 0
    test = outside.of("survival / retention /  / p of retention between groups")
    assert test.p_value == close(stats.chi2.sf(excess**2 / variance, 1), rel=1e-9)


def test_rates_are_events_within_the_stretches_of_observed_time(outside: Outside) -> None:
    events = pd.DataFrame(project("adverse_events", outside.facts).to_pydict())
    members = outside.members.set_index("patient")
    zero = pd.to_datetime(members["day_zero"])
    events = events[events["patient"].isin(members.index)]
    events["day"] = (pd.to_datetime(events["started_on"]) - events["patient"].map(zero)).dt.days
    joined = events.merge(outside.spans, on="patient")
    within = joined[
        ((joined["start"] < joined["day"]) & (joined["day"] <= joined["stop"]))
        | ((joined["day"] == 0) & (joined["start"] == 0))
    ]
    for group in ("", *GROUPS):
        own = members.index if not group else members.index[members["group"] == group]
        years = outside.spans.loc[outside.spans["patient"].isin(own)].eval("stop - start").sum() / 365.25
        n = within["patient"].isin(own).sum()
        found = outside.of("rates / adverse events / from day 0 / per 100 patient-years", group)
        assert (found.numerator, found.denominator) == close((n, years), rel=1e-9)
        assert found.value == close(100 * n / years, rel=1e-9)
        assert found.ci_low == close(100 * stats.chi2.ppf(0.025, 2 * n) / 2 / years, rel=1e-9)


def rises(table: pd.DataFrame, pair: tuple[str, str]) -> pd.Series[Any]:
    """Later minus earlier, of the patients with both."""
    both = table[list(pair)].dropna()
    return (both[pair[1]] - both[pair[0]]).round(9)


def test_progression_is_who_rises_by_the_threshold_between_two_time_points_and_over_all(outside: Outside) -> None:
    for group, table in each_group(outside.wide("basdai")):
        for pair in PAIRS:
            rise = rises(table, pair)
            at = f"progression / basdai / {' → '.join(pair)}"
            met = outside.of(f"{at} / met", group)
            assert (met.numerator, met.denominator) == ((rise >= 1).sum(), len(rise))
            assert outside.of(f"{at} / mean change", group).value == close(rise.mean(), rel=1e-9)
            assert outside.of(f"{at} / median", group).value == close(rise.median(), abs=1e-9)
        pooled = pd.concat([rises(table, pair) for pair in PAIRS])
        met = outside.of("progression / basdai / all intervals / met", group)
        assert (met.numerator, met.denominator) == ((pooled >= 1).sum(), len(pooled))
        of_patients = (pooled >= 1).groupby(level=0).any()
        with_one = outside.of("progression / basdai / all intervals / patients", group)
        assert (with_one.numerator, with_one.denominator) == (of_patients.sum(), len(of_patients))
        assert np.isclose(outside.of("progression / basdai / all intervals / mean change", group).value, pooled.mean())
