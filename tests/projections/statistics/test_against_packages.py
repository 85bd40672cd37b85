"""The same figures from pingouin and statsmodels: see tests/data/agreement.py."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.intraclass import icc
from projections.statistics.kappa import kappa
from projections.statistics.mcnemar import mcnemar
from projections.statistics.proportion_intervals import proportion
from tests.projections.statistics.expected import Row, by_sample, number, rows

SQUARE = [[50, 4, 1, 0], [6, 20, 5, 0], [1, 3, 15, 2], [0, 0, 2, 11]]
RATINGS = {
    sample: np.array([[float(cell) for cell in row["ratings"].split()] for row in table])
    for sample, table in by_sample("ratings.csv")
}


def chosen(figure: str) -> list[Row]:
    """The rows of one figure."""
    return [row for row in rows("agreement.csv") if row["figure"] == figure]


def name(row: Row) -> str:
    """What the row is of."""
    return f"{row['sample']} {row['variant']}"


@pytest.mark.parametrize("row", chosen("icc"), ids=name)
def test_the_icc_and_its_limits_agree_with_pingouin(row: Row) -> None:
    found = icc(RATINGS[row["sample"]], form=row["variant"])  # type: ignore[arg-type]

    assert found[3:6] == pytest.approx(tuple(number(row[cell]) for cell in ("value", "low", "high")), rel=1e-9)


@pytest.mark.parametrize("row", chosen("kappa"), ids=name)
def test_kappa_agrees_with_statsmodels(row: Row) -> None:
    found = kappa(SQUARE, weighting=row["variant"])  # type: ignore[arg-type]

    assert found.value == pytest.approx(number(row["value"]), rel=1e-12)


@pytest.mark.parametrize("row", chosen("mcnemar"), ids=name)
def test_mcnemar_agrees_with_statsmodels(row: Row) -> None:
    b, c = map(int, row["sample"].split())

    found = mcnemar(b, c, variant=row["variant"])  # type: ignore[arg-type]

    assert found.p == pytest.approx(number(row["value"]), rel=1e-12)


@pytest.mark.parametrize("row", chosen("proportion"), ids=name)
def test_intervals_of_proportions_agree_with_statsmodels(row: Row) -> None:
    n, of = map(int, row["sample"].split())

    found = proportion(n, of, method=row["variant"])  # type: ignore[arg-type]

    assert found[4:6] == pytest.approx((number(row["low"]), number(row["high"])), abs=1e-12)
