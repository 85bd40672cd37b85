"""One row per score of a reading: totals and counts, of all locations and of each segment.

What becomes of locations that could not be assessed is the score's policy, and how many of how many count is said in
every row. The numbers are those of `projections.grading.score_values`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import score_policies
from projections.columns.coded import Coded, coded
from projections.columns.tables import Table, declared, frame, number, word
from projections.grading.graded_readings import Spread
from projections.grading.grades import METHODS_REMEMBERED, Grading, Methods
from projections.grading.score_values import score_columns, score_values
from projections.stated.readings import OF_READING, ORDER, ORDER_COLUMNS
from registry.catalogue.imaging.method import Method

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

SCORES: Final[Table] = declared(
    "scores",
    "score of a reading",
    order=f"{ORDER} score",
    edition=2,
    function_of="patient",
    columns=(
        *ORDER_COLUMNS,
        word("score", "which score; of one segment as cervical or active-erosions:cervical"),
        word("reading_id", "reference of the reading"),
        number("method_version", "edition of the method's declaration"),
        number("value", "the total or count, null where the policy forbids it", type_="double"),
        number("n_expected", "number of locations that the score is over"),
        number("n_assessed", "number of these locations that count: of which the grades say what they add"),
        word(
            "policy",
            "what becomes of locations that do not count. complete-only: no value; assessed: left out, no value where "
            "none counts; impute, prorate: made up from the others within the limit; selected: as complete-only, over "
            "the groups that the reader selected",
            listed=score_policies,
        ),
        number("n_imputed", "number of locations that the policy made up, of a value that there is"),
    ),
).keyed(
    "patient reading_id score",
    *OF_READING,
    never_null=f"{ORDER} method_version n_expected n_assessed policy n_imputed",
    betrays={
        "reference": "reading_id",
        "none": "score method_version value n_expected n_assessed policy n_imputed",
    },
)


VALUES: Final = np.dtype([("value", np.float64), ("n", np.int16), ("n_imputed", np.int16), ("known", np.bool_)])


class Slots(NamedTuple):
    """What the rows of a reading say whatever was graded, method after method."""

    name: Coded
    policy: Coded
    n_expected: ArrowArray


def scores(facts: Facts) -> pd.DataFrame:
    """Return the scores as a frame, one row a score of a reading; columns as declared in `SCORES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the scores as an Arrow table by the key of the reading, score."""
    readings = facts.readings
    spread = Spread.of(readings, lambda method: len(score_columns(method)))
    found = readings.ragged(_values).values
    slots = _slots(readings.methods)
    return SCORES.of(
        {
            **spread.rows.columns({**readings.key, "method_version": readings.column("method_version")}),
            **spread.slots.columns({"score": slots.name, "n_expected": slots.n_expected, "policy": slots.policy}),
            "value": pa.array(found["value"], mask=~found["known"]),
            "n_assessed": pa.array(found["n"]),
            "n_imputed": pa.array(found["n_imputed"]),
        }
    )


@lru_cache(METHODS_REMEMBERED)
def _slots(methods: Methods) -> Slots:
    every = [column for method in methods for column in score_columns(method)]
    return Slots(
        coded(pa.array([each.name for each in every], pa.string())),
        coded(pa.array([each.score.policy.name for each in every], pa.string())),
        pa.array([each.n_expected for each in every], pa.int16()),
    )


def _values(grading: Grading) -> npt.NDArray[Any]:
    """Return the scores of each reading of a method; readings × scores."""
    found = score_values(grading, score_columns(grading.method))
    values = np.empty(found.known.shape, dtype=VALUES)
    for field, of_readings in (
        ("value", found.values),
        ("known", found.known),
        ("n", found.n),
        ("n_imputed", found.n_imputed),
    ):
        values[field] = of_readings
    return values


def headlines(methods: Iterable[Method]) -> frozenset[tuple[str, str]]:
    """Return the code of the method and the name of each score that stands for a reading where there is little room."""
    return frozenset((method.code, score.name) for method in methods for score in method.scores if score.headline)


def over_all(methods: Iterable[Method]) -> frozenset[tuple[str, str]]:
    """Return the code of the method and the name of each score that is over all its locations, none of a segment's."""
    return frozenset((method.code, score.name) for method in methods for score in method.scores)
