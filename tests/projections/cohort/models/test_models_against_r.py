"""Models through the whole path, from intake tables to figures, as R fitted them: see tests/data/cohort_models.R."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from projections import Facts
from projections.cohort.figures.figures import Figure
from tests.projections.cohort.models.modelled import LINES, Figures, model, of_models
from tests.projections.statistics.expected import Row, rows

REACH = NormalDist().inv_cdf(0.975)
SEX_REFERENCE = 'references = { sex = "female" }'
ASKED = {
    "late entry": 'outcome = "retention"\nexposure = "sex"\nadjust = ["age", "hla_b27"]',
    "strata": 'outcome = "retention"\nexposure = "sex"\nadjust = ["age", "start year", "basdai at baseline"]\n'
    'strata = ["centre"]',
    "exact": 'outcome = "retention"\nexposure = "sex"\nadjust = ["age"]\nties = "exact"',
    "episodes": 'outcome = "retention"\nexposure = "sex"\nadjust = ["age", "line"]',
    "logistic": 'outcome = "basdai<4"\nat = ["6 months"]\nexposure = "sex"\nadjust = ["age"]',
    "poisson": 'outcome = "basdai<4"\nmodel = "poisson"\nat = ["6 months"]\nexposure = "sex"\nadjust = ["age"]',
    "mixed": 'outcome = "basdai"\nexposure = "sex"\nadjust = ["age"]\ninteraction = true',
    "gee": 'outcome = "basdai"\nmodel = "gee"\ncorrelation = "independence"\nexposure = "sex"\nadjust = ["age"]',
}
CLOSE = {"mixed": 1e-6, "gee": 1e-6, "logistic": 1e-6, "poisson": 1e-6}  # of others 1e-8
RATIO = {"logistic": "odds ratio", "poisson": "risk ratio", "mixed": "difference", "gee": "difference"}
EPISODES = LINES.replace('event = "line"', 'event = "line"\nlines = "1.."\nwhich = "all"')


@pytest.fixture(scope="module")
def figures(facts: Facts) -> dict[str, Figures]:
    """The figures of each model, by its name."""
    return {
        name: of_models(facts, model(text, name=name), lines=EPISODES if name == "episodes" else LINES)
        for name, text in ASKED.items()
    }


@pytest.mark.parametrize("row", rows("cohort_model_coefficients.csv"), ids=lambda row: f"{row['model']}: {row['term']}")
def test_every_coefficient_and_its_limits_are_those_of_r(figures: dict[str, Figures], row: Row) -> None:
    found, name = figures[row["model"]], row["model"]
    near = CLOSE.get(name, 1e-8)
    value, error = float(row["value"]), float(row["error"])

    if row["term"].startswith("sd "):
        assert found[f"{name} /  / {row['term']}"].value == pytest.approx(value, rel=near)
        return
    figure = _figure(found, name, row["term"])
    logarithm = "ratio" in figure.statistic
    shown = [math.log(each) if logarithm else each for each in (figure.value, figure.ci_low, figure.ci_high) if each]
    assert shown == pytest.approx([value, value - REACH * error, value + REACH * error], rel=near, abs=near)
    if row["n"] != "0":
        assert found[f"{name} /  / n"].value == int(row["n"])
    if row["events"] != "0":
        assert found[f"{name} /  / events"].value == int(row["events"])


def _figure(found: Figures, name: str, term: str) -> Figure:
    if term == "intercept":
        return found[f"{name}: intercept /  / intercept"]
    level, _, timepoint = term.partition(";")
    return found[f"{name}: {level} / {timepoint} / {RATIO.get(name, 'hazard ratio')}"]


def test_proportional_hazards_are_tested_as_cox_zph_does(figures: dict[str, Figures]) -> None:
    found = figures["late entry"]
    for row in rows("cohort_model_hazards.csv"):
        of = "late entry" if row["term"] == "all" else f"late entry: {row['term']}"
        figure = found[f"{of} /  / p of proportional hazards"]
        assert (figure.value, figure.p_value) == pytest.approx((float(row["statistic"]), float(row["p"])), abs=1e-8)


def test_where_patients_repeat_the_errors_are_clustered_and_nothing_is_taken_away(figures: dict[str, Figures]) -> None:
    ratio = figures["episodes"]["episodes: sex: male /  / hazard ratio"]

    assert ratio.variant == "Cox: ties by Efron, errors clustered"
    assert (ratio.reason, ratio.ci_method) == (None, "Wald, 95%")
    assert figures["episodes"]["episodes: sex: male /  / p"].p_value is not None
    assert figures["episodes"]["episodes /  / clusters"].value == len({row["patient"] for row in _used_patients()})


def _used_patients() -> list[Row]:
    return [row for row in rows("cohort_models/patients.csv") if row["birth_year"]]
