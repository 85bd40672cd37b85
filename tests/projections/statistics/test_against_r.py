"""The same samples as R calculated them: see tests/data/statistics.R."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.goodness_of_fit import goodness_of_fit
from projections.statistics.kaplan_meier import kaplan_meier
from projections.statistics.mann_whitney import mann_whitney
from projections.statistics.mcnemar import mcnemar
from projections.statistics.ordering import Floats, differences
from projections.statistics.proportion_intervals import proportion
from projections.statistics.results import Outcome
from projections.statistics.signed_rank import signed_rank
from projections.statistics.spearman import spearman, spearman_interval
from projections.statistics.t_intervals import one_sample_t, t_interval
from tests.projections.statistics.expected import Row, by_sample, column, number, rows

PAIRS = {name: (column(pairs, "first"), column(pairs, "second")) for name, pairs in by_sample("pairs.csv")}
FOLLOWED = {
    name: (column(patients, "time"), column(patients, "cause").astype(int))
    for name, patients in by_sample("followed.csv")
}
OUTCOMES = rows("paired_outcomes.csv")


def outcome(of: Row, first: Floats, second: Floats) -> Outcome:
    """Our answer to the question that R answered."""
    corrected, exact = of["variant"] == "corrected", "exact" if of["variant"] == "exact" else "normal"
    if of["test"] == "signed-rank":
        return signed_rank(differences(first, second), correction=corrected, p_from=exact)  # type: ignore[arg-type]
    if of["test"] == "mann-whitney":
        return mann_whitney(first, second, correction=corrected, p_from=exact)  # type: ignore[arg-type]
    return one_sample_t(differences(first, second)) if of["test"] == "t" else spearman(first, second)


@pytest.mark.parametrize("row", OUTCOMES, ids=lambda row: f"{row['sample']}-{row['test']}-{row['variant']}")
def test_paired_and_grouped_tests_agree_with_r(row: Row) -> None:
    first, second = PAIRS[row["sample"]]

    found = outcome(row, first, second)

    assert found.statistic == pytest.approx(number(row["statistic"]), rel=1e-10)
    if row["p"]:
        assert found.p == pytest.approx(float(row["p"]), rel=1e-9)
    if row["low"]:
        interval = t_interval(differences(first, second)) if row["test"] == "t" else spearman_interval(first, second)
        assert interval[4:6] == pytest.approx((number(row["low"]), number(row["high"])), rel=1e-9)


@pytest.mark.parametrize("row", rows("count_outcomes.csv"), ids=lambda row: f"{row['b']}-{row['c']}-{row['variant']}")
def test_counts_agree_with_r(row: Row) -> None:
    first, second = int(row["b"]), int(row["c"])

    if row["test"] == "mcnemar":
        found = mcnemar(first, second, variant=row["variant"])  # type: ignore[arg-type]
        assert (found.statistic, found.p) == pytest.approx((number(row["statistic"]), number(row["p"])), rel=1e-12)
    else:
        limits = proportion(first, second, method=row["variant"])  # type: ignore[arg-type]
        assert limits[4:6] == pytest.approx((number(row["low"]), number(row["high"])), abs=1e-12)


@pytest.mark.parametrize("row", rows("goodness_of_fit.csv"), ids=lambda row: row["counts"])
def test_goodness_of_fit_agrees_with_r(row: Row) -> None:
    counts, shares = ([int(cell) for cell in row[name].split()] for name in ("counts", "shares"))

    found = goodness_of_fit(counts, shares=shares)

    assert (found.statistic, found.p) == pytest.approx((number(row["statistic"]), number(row["p"])), rel=1e-12)


@pytest.mark.parametrize("interval", ["log-log", "log", "plain"])
@pytest.mark.parametrize("sample", FOLLOWED)
def test_survival_curves_agree_with_r_to_a_billionth(sample: str, interval: str) -> None:
    times, causes = FOLLOWED[sample]
    theirs = [row for row in rows("survival_curves.csv") if (row["sample"], row["interval"]) == (sample, interval)]

    ours = kaplan_meier(times, causes > 0, interval=interval)  # type: ignore[arg-type]

    assert ours.risk.times.tolist() == column(theirs, "time").tolist()
    assert ours.risk.at_risk.tolist() == column(theirs, "at_risk").tolist()
    assert ours.risk.all_events.tolist() == column(theirs, "events").tolist()
    assert ours.risk.censored.tolist() == column(theirs, "censored").tolist()
    columns = {"survival": ours.survival, "error": ours.errors, "low": ours.lows, "high": ours.highs}
    for name, found in columns.items():
        expected = column(theirs, name)
        all_on_drug = np.isnan(expected) & (ours.survival == 1)  # R leaves log-log limits of 1 open; ours are 1
        np.testing.assert_allclose(found, np.where(all_on_drug, 1.0, expected), rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize(
    "row", rows("survival_quantiles.csv"), ids=lambda row: f"{row['sample']}-{row['interval']}-{row['share']}"
)
def test_median_survival_agrees_with_r(row: Row) -> None:
    times, causes = FOLLOWED[row["sample"]]

    found = kaplan_meier(times, causes > 0, interval=row["interval"]).quantile(float(row["share"]))  # type: ignore[arg-type]

    assert found[3:6] == (number(row["time"]), number(row["low"]), number(row["high"]))


@pytest.mark.parametrize("sample", ["ten", "all-ended", "tied", "days"])
def test_cumulative_incidence_agrees_with_r_to_a_billionth(sample: str) -> None:
    times, causes = FOLLOWED[sample]

    ours = cumulative_incidence(times, causes, n_causes=3)

    for cause in (1, 2, 3):
        key = (sample, str(cause))
        theirs = [row for row in rows("cumulative_incidence.csv") if (row["sample"], row["cause"]) == key]
        columns = {"incidence": ours.incidence, "error": ours.errors, "low": ours.lows, "high": ours.highs}
        for name, found in columns.items():
            np.testing.assert_allclose(found[cause - 1], column(theirs, name), rtol=0, atol=1e-9, err_msg=name)
