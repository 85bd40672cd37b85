"""One row per score of a reading: totals and counts, of all locations and of each segment.

A count that could not be made everywhere is made of the locations where it could; a total is null unless every location
was graded. How many of how many is said in every row.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Coded, coded
from projections.columns.lookups import looked_up
from projections.columns.tables import Table, declared, frame, number, word
from projections.grading.graded_readings import Spread
from projections.grading.grades import METHODS_REMEMBERED, NOT_ASSESSED, Grading, Methods, contributions
from projections.stated.readings import OF_READING, ORDER, ORDER_COLUMNS
from registry.catalogue.method import Method, Score

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

SCORES: Final[Table] = declared(
    "scores",
    "score of a reading",
    order=f"{ORDER} score",
    edition=2,
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
            "complete-only: null unless all locations count; assessed: over those that count, null where none does",
            "complete-only",
            "assessed",
        ),
    ),
).keyed(
    "patient reading_id score",
    *OF_READING,
    never_null=f"{ORDER} method_version n_expected n_assessed policy",
)


SUMS: Final = np.dtype([("value", np.float64), ("n", np.int16)])


class Column(NamedTuple):
    """One score of a method over some of its locations."""

    name: str
    score: Score
    over: npt.NDArray[np.bool_]


class Slots(NamedTuple):
    """What the rows of a reading say whatever was graded, method after method.

    With fewer locations than `n_required` the policy forbids the value.
    """

    name: Coded
    policy: Coded
    n_expected: ArrowArray
    n_required: ArrowArray


def scores(facts: Facts) -> pd.DataFrame:
    """Return the scores as a frame, one row a score of a reading; columns as declared in `SCORES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the scores as an Arrow table by the key of the reading, score."""
    readings = facts.readings
    spread = Spread.of(readings, lambda method: len(method_scores(method)))
    sums = readings.ragged(_sums).values
    slots = _slots(readings.methods)
    required = spread.slots.column(slots.n_required).to_numpy()
    return SCORES.of(
        {
            **spread.rows.columns({**readings.key, "method_version": readings.column("method_version")}),
            **spread.slots.columns({"score": slots.name, "n_expected": slots.n_expected, "policy": slots.policy}),
            "value": pa.array(sums["value"], mask=sums["n"] < required),
            "n_assessed": pa.array(sums["n"]),
        }
    )


@cache
def method_scores(method: Method) -> tuple[Column, ...]:
    """Return every score of a method, whole and by segment, in the order of their names."""
    segments = np.array([location.segment for location in method.locations])
    whole = [Column(score.name, score, np.ones(len(segments), dtype=bool)) for score in method.scores]
    parts = [
        Column(score.by_segment(segment), score, segments == segment)
        for score in method.scores
        for segment in method.segments
    ]
    return tuple(sorted((*whole, *parts), key=lambda column: column.name))


def _sums(grading: Grading) -> npt.NDArray[Any]:
    """Return the sums over the locations of each score, and how many locations count; readings × scores."""
    columns = method_scores(grading.method)
    combinations = np.ascontiguousarray(grading.combinations().T)  # summed location by location, all readings at once
    sums = np.empty((len(grading.rows), len(columns)), dtype=SUMS)
    for score in grading.method.scores:
        of_score = [place for place, column in enumerate(columns) if column.score is score]
        over = np.array([columns[place].over for place in of_score], dtype=np.float32)
        added = contributions(grading.method, score)
        for field, counted in (("value", np.where(added == NOT_ASSESSED, 0, added)), ("n", added != NOT_ASSESSED)):
            sums[field][:, of_score] = (over @ looked_up(counted.astype(np.float32), combinations)).T
    return sums


@lru_cache(METHODS_REMEMBERED)
def _slots(methods: Methods) -> Slots:
    every = [column for method in methods for column in method_scores(method)]
    expected = [int(each.over.sum()) for each in every]
    required = [n if each.score.policy == "complete-only" else 1 for each, n in zip(every, expected)]
    return Slots(
        coded(pa.array([each.name for each in every], pa.string())),
        coded(pa.array([each.score.policy for each in every], pa.string())),
        pa.array(expected, pa.int16()),
        pa.array(required, pa.int16()),
    )


def over_all(methods: Iterable[Method]) -> frozenset[tuple[str, str]]:
    """Return the code of the method and the name of each score that is over all its locations, none of a segment's."""
    return frozenset((method.code, score.name) for method in methods for score in method.scores)
