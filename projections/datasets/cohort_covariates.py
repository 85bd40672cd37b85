"""One row per member of a cohort and covariate of its models: the number or the word that the models take.

Covariates of several models that are written alike are one. A member of whom one is not known has neither.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.models.asked import Models
from projections.cohort.models.covariate_values import CovariateValues, covariate_values
from projections.columns.arrow import ArrowTable
from projections.columns.coded import Coded, coded
from projections.columns.tables import OF_PATIENT, Table, declared, number, refers, word
from projections.datasets.cohort_members import episode_numbers

COHORT_COVARIATES: Final[Table] = declared(
    "cohort_covariates",
    "member of a cohort and covariate of its models",
    order="cohort patient episode name",
    columns=(
        word("cohort", "name of the cohort's definition"),
        word("patient", "pseudonym"),
        number("episode", "number of the member among the patient's, from 1 by day 0"),
        word("name", "covariate, as the definition writes it"),
        number("value", "the number, null of a word", type_="double", unit="its own"),
        word("word", "the word, null of a number"),
    ),
).keyed("cohort patient episode name", OF_PATIENT, refers("cohort patient episode", "cohort_members"))


def models_of(cohort: Cohort) -> Models | None:
    """Return the models that a cohort's definition asks for, None where it asks for none."""
    asked = next((each.asked for each in cohort.definition.tables if each.name == "models"), None)
    return asked if isinstance(asked, Models) else None


def cohort_covariates(cohort: Cohort, asked: Models) -> ArrowTable:
    """Return the covariates of models as an Arrow table by patient, episode and name. Raises as the models do."""
    by_name = {each.name: each for model in asked.models for each in model.all_covariates}
    found = [covariate_values(cohort, by_name[name]) for name in sorted(by_name)]
    member = np.repeat(np.arange(cohort.n), len(found))
    patients = coded(pa.array(cohort.members, pa.string()))
    names = pa.array(sorted(by_name), pa.string())
    columns = [_column(each) for each in found]
    return COHORT_COVARIATES.of(
        {
            "cohort": pa.array([cohort.definition.name] * len(member), pa.string()),
            "patient": Coded(patients.codes[member], patients.words).array(),
            "episode": pa.array(episode_numbers(cohort)[member]),
            "name": Coded(np.tile(np.arange(len(found), dtype=np.int32), cohort.n), names).array(),
            "value": pa.array([row for rows in zip(*(each[0] for each in columns)) for row in rows], pa.float64()),
            "word": pa.array([row for rows in zip(*(each[1] for each in columns)) for row in rows], pa.string()),
        }
    )


def _column(values: CovariateValues) -> tuple[list[float | None], list[str | None]]:
    """Return a covariate as numbers and as words, one of which has nothing."""
    cells = list(zip(values.known.tolist(), values.numbers.tolist(), strict=True))
    if values.covariate.is_number:
        return [number if known else None for known, number in cells], [None for _ in cells]
    return [None for _ in cells], [values.levels[int(place)] if known else None for known, place in cells]
