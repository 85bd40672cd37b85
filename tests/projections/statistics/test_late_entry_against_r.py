"""Curves with late entries, and rates, as R calculated them: see tests/data/late_entry.R."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
from projections.statistics.late_entry import Entry
from projections.statistics.rates import rate
from projections.statistics.results import EMPTIED, NOT_REACHED
from projections.statistics.risk_table import Interval
from tests.projections.statistics.expected import Row, by_sample, column, number, rows

INTERVALS = dict(by_sample("followed_late.csv"))
EMPTIED_AT = {("emptied", 0): 4.0, ("emptied-at-once", 0): 5.0}  # sample, from day: nothing is known from this time
# more at risk raised the log-log limit again; R's quantile sorts it and gives the later time at which it was higher
ROSE_AGAIN = {"event-on-entry-days", "half-flat"}


def entered(sample: str, from_day: float) -> Entry:
    """When the intervals of a sample begin."""
    return Entry(column(INTERVALS[sample], "entry"), column(INTERVALS[sample], "patient"), from_day)


def curve_of(row: Row) -> SurvivalCurve:
    """Our curve of the sample, from the day, with the limits of a row."""
    sample = INTERVALS[row["sample"]]
    entry = entered(row["sample"], float(row["from_day"]))
    interval: Interval = row["interval"]  # type: ignore[assignment]
    return kaplan_meier(column(sample, "time"), column(sample, "cause") > 0, interval=interval, entry=entry)


def by_curve(file: str, *names: str) -> list[list[Row]]:
    """The rows of a CSV that make one curve together."""
    return [list(curve) for _, curve in groupby(rows(file), key=lambda row: [row[name] for name in names])]


def curve_id(curve: list[Row]) -> str:
    """What a curve is of."""
    return "-".join(curve[0][name] for name in ("sample", "from_day", "interval", "cause") if name in curve[0])


@pytest.mark.parametrize("theirs", by_curve("late_survival_curves.csv", "sample", "from_day", "interval"), ids=curve_id)
def test_survival_with_late_entries_agrees_with_r_to_a_billionth(theirs: list[Row]) -> None:
    ours = curve_of(theirs[0])

    assert ours.risk.times.tolist() == column(theirs, "time").tolist()
    assert ours.risk.at_risk.tolist() == column(theirs, "at_risk").tolist()
    assert ours.risk.all_events.tolist() == column(theirs, "events").tolist()
    assert ours.risk.censored.tolist() == column(theirs, "censored").tolist()
    known = ours.risk.times < EMPTIED_AT.get((theirs[0]["sample"], int(theirs[0]["from_day"])), np.inf)
    columns = {"survival": ours.survival, "error": ours.errors, "low": ours.lows, "high": ours.highs}
    for name, mine in columns.items():
        expected = np.where(known, column(theirs, name), np.nan)
        all_on_drug = np.isnan(expected) & (ours.survival == 1)  # R leaves log-log limits of 1 open; ours are 1
        np.testing.assert_allclose(mine, np.where(all_on_drug, 1.0, expected), rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("sample", ["emptied", "emptied-at-once"])
def test_where_r_stays_at_0_with_others_yet_to_enter_nothing_is_known(sample: str) -> None:
    theirs = [row for row in rows("late_survival_curves.csv") if (row["sample"], row["from_day"]) == (sample, "0")]
    since = [row for row in theirs if float(row["time"]) >= EMPTIED_AT[sample, 0]]

    estimates = [curve_of(row).at(float(row["time"])) for row in since]

    assert {row["survival"] for row in since} == {"0"}
    assert max(int(row["at_risk"]) for row in since) == 6
    assert {(found.value, found.low, found.high, found.reason) for found in estimates} == {(None, None, None, EMPTIED)}


def first_below(row: Row) -> float:
    """When R's curve of lower limits first falls to the share who are left."""
    names = ("sample", "from_day", "interval")
    curve = [one for one in rows("late_survival_curves.csv") if all(one[name] == row[name] for name in names)]
    return next(float(one["time"]) for one in curve if float(one["low"] or 1) <= 1 - float(row["share"]))


@pytest.mark.parametrize(
    "row",
    rows("late_survival_quantiles.csv"),
    ids=lambda row: f"{row['sample']}-{row['from_day']}-{row['interval']}-{row['share']}",
)
def test_the_time_by_which_a_share_stopped_agrees_with_r(row: Row) -> None:
    ours = curve_of(row).quantile(float(row["share"]))

    emptied_at = EMPTIED_AT.get((row["sample"], int(row["from_day"])))
    if emptied_at is not None and number(row["time"]) == emptied_at:
        assert (ours.value, ours.reason) == (None, EMPTIED)
    else:
        low = first_below(row) if row["sample"] in ROSE_AGAIN and row["low"] else number(row["low"])
        assert ours[3:6] == (number(row["time"]), low, number(row["high"]))
        assert ours.reason == (None if row["time"] else NOT_REACHED)


@pytest.mark.parametrize(
    "theirs",
    by_curve("late_cumulative_incidence.csv", "sample", "from_day", "cause"),
    ids=curve_id,
)
def test_cumulative_incidence_with_late_entries_agrees_with_r_and_etm_to_a_billionth(theirs: list[Row]) -> None:
    sample, from_day, cause = theirs[0]["sample"], float(theirs[0]["from_day"]), int(theirs[0]["cause"])
    patients = INTERVALS[sample]

    ours = cumulative_incidence(
        column(patients, "time"),
        column(patients, "cause").astype(int),
        n_causes=3,
        entry=entered(sample, from_day),
    )

    known = ours.risk.times < EMPTIED_AT.get((sample, int(from_day)), np.inf)
    assert ours.risk.times.tolist() == column(theirs, "time").tolist()
    columns = {"incidence": ours.incidence, "error": ours.errors, "low": ours.lows, "high": ours.highs}
    for name, mine in columns.items():
        expected = np.where(known, column(theirs, name), np.nan)
        np.testing.assert_allclose(mine[cause - 1], expected, rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("row", rows("rates.csv"), ids=lambda row: f"{row['events']}-{row['years']}-{row['level']}")
def test_rates_have_the_exact_poisson_limits_of_r(row: Row) -> None:
    ours = rate(int(row["events"]), float(row["years"]), level=float(row["level"]))

    per_year = [float(row[name]) for name in ("rate", "low", "high")]
    assert ours[:3] == pytest.approx([100 * value for value in per_year], rel=1e-9, abs=1e-12)
    assert ours.reason is None
