"""A data set that is analysed again outside gives the figures of the models."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from projections import Facts
from projections.cohort.members.cohort import Cohort
from projections.export.datasets import write_dataset
from projections.statistics.binary_regression import logistic
from projections.statistics.cox import Episodes, cox
from projections.statistics.design import Observations
from projections.statistics.mixed_model import mixed_model
from tests.projections.cohort.defined import by_address, cohort
from tests.projections.cohort.models.modelled import LINES, defined, model
from tests.projections.cohort.models.test_models import with_who

MODELS = (
    model('outcome = "retention"\nexposure = "sex"\nadjust = ["age", "start year", "basdai at baseline"]', name="cox"),
    model('outcome = "basdai<4"\nat = ["6 months"]\nexposure = "sex"\nadjust = ["basdai"]', name="logistic"),
    model('outcome = "basdai"\nexposure = "sex"\nadjust = ["age"]', name="mixed"),
)
EPISODES = 'event = "line"\nlines = "1.."\nwhich = "all"'
COHORTS = {
    "all": LINES,
    "two centres": with_who('\n[who]\ncentres = ["A", "B"]\n'),
    "the older": with_who('\n[who]\nage = "35.."\n'),
    "of lines": LINES.replace('event = "line"', EPISODES),
    "incident": LINES + '\n[observation]\nentry = "incident"\n',
    "years": LINES + '\n[statistics]\nduration = "whole-years"\n',
}


class DataSet:
    """The files of a data set, read as an analyst reads them; nothing of the cohort is known here."""

    def __init__(self, whole: Cohort, folder: Path) -> None:
        write_dataset(whole, folder, text=b"", form="csv")
        self.members = self._rows(folder / "cohort_members.csv")
        self.covariates = self._rows(folder / "cohort_covariates.csv")
        self.values = {
            (row["patient"], row["episode"], row["timepoint"], row["name"]): float(row["value"])
            for row in self._rows(folder / "cohort_values.csv")
            if row["value"]
        }

    @staticmethod
    def _rows(file: Path) -> list[dict[str, str]]:
        with file.open(newline="", encoding="utf-8") as written:
            return list(csv.DictReader(written))

    def value(self, row: dict[str, str], point: str, name: str) -> float | None:
        return self.values.get((row["patient"], row["episode"], point, name))


@pytest.fixture(params=COHORTS)
def whole(request: pytest.FixtureRequest, facts: Facts) -> Cohort:
    """A cohort of the invented patients with three models."""
    return cohort(defined(*MODELS, lines=COHORTS[request.param]), facts)


def test_a_data_set_that_is_fitted_again_gives_the_coefficients_of_every_model(whole: Cohort, tmp_path: Path) -> None:
    figures, data = by_address(whole), DataSet(whole, tmp_path / "data")

    for name, statistic, found in (
        ("cox", "hazard ratio", _cox(data)),
        ("logistic", "odds ratio", _logistic(data)),
        ("mixed", "difference", _mixed(data)),
    ):
        figure = figures[f"models / {name}: sex: male /  / {statistic}"]
        shown = [
            each if statistic == "difference" else math.log(each) for each in (figure.value, figure.ci_low) if each
        ]
        assert shown == pytest.approx(found, rel=1e-7, abs=1e-7), name


def test_a_data_set_has_each_covariate_of_the_models_as_they_take_it(whole: Cohort, tmp_path: Path) -> None:
    data = DataSet(whole, tmp_path / "data")

    covariates = {(row["patient"], row["episode"], row["name"]): row for row in data.covariates}
    assert {name for _, _, name in covariates} == {"age", "basdai", "basdai at baseline", "sex", "start year"}
    for row in data.members:
        of = {name: covariates[row["patient"], row["episode"], name] for name in ("age", "sex", "start year", "basdai")}
        assert of["age"]["value"] == row["age"]
        assert of["sex"]["word"] == row["sex"]
        assert of["start year"]["value"] == row["day_zero"][:4]
        basdai = data.value(row, "baseline", "basdai")
        assert of["basdai"]["value"] == ("" if basdai is None else f"{basdai:g}")


def _cox(data: DataSet) -> list[float]:
    rows = [
        (row, age, basdai)
        for row in data.members
        if row["entry"] and row["age"] and (basdai := data.value(row, "baseline", "basdai")) is not None
        for age in [float(row["age"])]
    ]
    x = [[row["sex"] == "male", age, date.fromisoformat(row["day_zero"]).year, basdai] for row, age, basdai in rows]
    times, entries = ([float(row[name]) for row, _, _ in rows] for name in ("exit", "entry"))
    patients = [row["patient"] for row, _, _ in rows]
    repeated = len({row["patient"] for row in data.members}) < len(data.members)
    events = np.array([row["event"] == "true" for row, _, _ in rows])
    clusters = np.array(patients) if repeated else None
    found = cox(Episodes(times, events, x, entries, clusters=clusters)).coefficients[0]
    assert found.low is not None
    return [found.value, found.low]


def _logistic(data: DataSet) -> list[float]:
    rows = [
        (row, met, basdai)
        for row in data.members
        if row["entry"] == "0"
        and (met := data.value(row, "6 months", "basdai<4")) is not None
        and (basdai := data.value(row, "baseline", "basdai")) is not None
    ]
    repeated = len({row["patient"] for row in data.members}) < len(data.members)
    clusters = np.array([row["patient"] for row, _, _ in rows]) if repeated else None
    x = [[row["sex"] == "male", basdai] for row, _, basdai in rows]
    found = logistic(Observations([met for _, met, _ in rows], x, clusters)).coefficients[0]
    assert found.low is not None
    return [found.value, found.low]


def _mixed(data: DataSet) -> list[float]:
    rows = [
        (row, point, value)
        for row in data.members
        for point in ("6 months", "1 year")
        if row["age"] and (value := data.value(row, point, "basdai")) is not None
    ]
    x = [[row["sex"] == "male", float(row["age"]), point == "1 year"] for row, point, _ in rows]
    patients = np.array([row["patient"] for row, _, _ in rows])
    found = mixed_model(Observations([value for _, _, value in rows], x, patients)).coefficients[0]
    assert found.low is not None
    return [found.value, found.low]
