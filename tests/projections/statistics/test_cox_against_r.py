"""Cox's model as R's survival fitted it: see tests/data/cox.R."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from projections.statistics.cox import Episodes, cox
from projections.statistics.proportional_hazards import proportional_hazards
from tests.projections.statistics.expected import Row, by_sample, column, rows

SAMPLES = dict(by_sample("cox_samples.csv"))
MODELS = {(row["sample"], row["variant"], row["test"]): float(row["statistic"]) for row in rows("cox_models.csv")}


def episodes(sample: str, variant: str) -> Episodes:
    """The episodes of a sample, as a variant has them."""
    one = SAMPLES[sample]
    covariates = np.column_stack([column(one, f"x{i}") for i in range(1, 6) if one[0][f"x{i}"]])
    return Episodes(
        column(one, "time"),
        column(one, "event") > 0,
        covariates,
        column(one, "entry"),
        column(one, "stratum") if "stratified" in variant else None,
        column(one, "patient") if "clustered" in variant else None,
    )


def by_model() -> list[list[Row]]:
    """The rows of the coefficients of each model."""
    listed = groupby(rows("cox_coefficients.csv"), key=lambda row: (row["sample"], row["variant"]))
    return [list(model) for _, model in listed]


@pytest.mark.parametrize("theirs", by_model(), ids=lambda model: f"{model[0]['sample']}-{model[0]['variant']}")
def test_coefficients_errors_and_tests_agree_with_r(theirs: list[Row]) -> None:
    key = sample, variant = theirs[0]["sample"], theirs[0]["variant"]

    ours = cox(episodes(sample, variant), ties="exact" if variant.startswith("exact") else "efron")

    assert [each.value for each in ours.coefficients] == pytest.approx(column(theirs, "value"), rel=1e-8, abs=1e-10)
    assert [each.error for each in ours.coefficients] == pytest.approx(column(theirs, "error"), rel=1e-8)
    assert ours.loglik_null == pytest.approx(MODELS[*key, "null"], rel=1e-10)
    assert ours.loglik == pytest.approx(MODELS[*key, "fitted"], rel=1e-10)
    assert ours.tests[1].statistic == pytest.approx(MODELS[*key, "score"], rel=1e-8)
    assert ours.tests[2].statistic == pytest.approx(MODELS[*key, "wald"], rel=1e-8)


@pytest.mark.parametrize("key", sorted({key[:2] for key in MODELS if key[2] == "zph-x1"}), ids="-".join)
def test_proportional_hazards_agree_with_r(key: tuple[str, str]) -> None:
    given, terms = episodes(*key), None
    if key[1] == "line":
        given, terms = given._replace(covariates=np.asarray(given.covariates)[:, [0, 3, 4]]), [[0], [1, 2]]

    ours = proportional_hazards(given, terms=terms)

    names = ["x1", "line"] if terms else [f"x{i + 1}" for i in range(len(ours.terms))]
    assert [each.statistic for each in ours.terms] == pytest.approx(
        [MODELS[*key, f"zph-{name}"] for name in names], rel=1e-8
    )
    assert ours.together.statistic == pytest.approx(MODELS[*key, "zph-GLOBAL"], rel=1e-8)
