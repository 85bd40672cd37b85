"""Agreement of readers as psych, vcd and R's quantiles have it: see tests/data/campaigns.R."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.bland_altman import limits_of_agreement
from projections.statistics.detectable_change import FORMULAS, sdc_from_change, sdc_from_status, sdc_with_limits
from projections.statistics.intraclass import icc
from projections.statistics.kappa import kappa
from projections.statistics.kappa_of_values import kappa_of_values
from projections.statistics.results import NO_LIMITS, NOTHING_GIVEN, PERFECT, ZERO_VARIANCE, Estimate
from tests.projections.statistics.expected import Row, by_sample, number, rows

READINGS = {
    sample: np.array([[float(cell) for cell in row["readings"].split()] for row in of])
    for sample, of in by_sample("campaign_readings.csv")
}
EXPECTED = rows("campaign_agreement.csv")


def _name(row: Row) -> str:
    return " ".join((row["sample"], row["figure"], row["variant"]))


def _found(row: Row) -> Estimate:
    readings, (figure, *rest) = READINGS[row["sample"]], row["figure"].split("; k = ")
    if figure == "icc":
        return icc(readings, form=row["variant"])  # type: ignore[arg-type]
    first, second = readings.T
    if figure == "kappa":
        return kappa_of_values(first, second)
    if figure.startswith("sdc"):
        sdc = sdc_from_change if figure.endswith("change") else sdc_from_status
        return sdc_with_limits(sdc(first, second, readers=int(rest[0]), level=FORMULAS[row["variant"]]))
    limits = limits_of_agreement(first, second)
    return {"bias": limits.bias, "lower limit": limits.lower, "upper limit": limits.upper}[figure]


@pytest.mark.parametrize("row", EXPECTED, ids=map(_name, EXPECTED))
def test_agreement_of_readers_is_as_r_has_it(row: Row) -> None:
    found = _found(row)

    assert found.value == pytest.approx(number(row["value"]), rel=1e-9)
    assert (found.low, found.high) == pytest.approx((number(row["low"]), number(row["high"])), rel=1e-6)


def test_kappa_names_its_weights_by_what_was_read() -> None:
    assert kappa_of_values(*READINGS["verdict"].T).variant == "unweighted"
    assert kappa_of_values(*READINGS["status"].T).variant == "quadratic"


def test_kappa_of_scores_is_kappa_of_their_square() -> None:
    first, second = READINGS["status"].T.astype(int)
    square = np.zeros((100, 100), dtype=int)
    np.add.at(square, (first, second), 1)

    assert kappa_of_values(first, second).value == pytest.approx(kappa(square.tolist(), weighting="quadratic").value)


def test_kappa_without_disagreement_has_no_limits_and_without_two_scores_no_value() -> None:
    assert kappa_of_values([1, 2, 5], [1, 2, 5])[3:] == (1.0, None, None, "Fleiss–Cohen–Everitt", PERFECT)
    assert kappa_of_values([0], [1])[3:] == (0.0, None, None, "Fleiss–Cohen–Everitt", NO_LIMITS)
    assert kappa_of_values([2, 2], [2, 2]).reason == "one-category-only"
    assert kappa_of_values([], []).reason == "nothing-read-by-both"


def test_a_detectable_change_of_0_and_one_that_there_is_not_have_no_limits() -> None:
    assert sdc_with_limits(sdc_from_change([1, 2], [1, 2]))[3:] == (0.0, None, None, None, ZERO_VARIANCE)
    assert sdc_with_limits(sdc_from_change([], []))[3:] == (None, None, None, None, NOTHING_GIVEN)
