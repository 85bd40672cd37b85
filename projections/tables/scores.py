"""One row per score of a reading: totals and counts, of all locations and of each segment.

A count that could not be made everywhere is made of the locations where it could; a total is null unless every location
was graded. How many of how many is said in every row.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.coded import Coded, Codes, coded_words
from projections.columns import Table, declared, number, word
from projections.frames import frame
from projections.graded_readings import Spread
from projections.grades import NOT_ASSESSED, Grading
from projections.tables.readings import KEY, KEY_COLUMNS
from registry.catalogue.method import Method, Score
from registry.catalogue.methods import methods

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

POLICIES: Final = coded_words(("assessed", "complete-only"))
SCORES: Final[Table] = declared(
    "scores",
    "score of a reading",
    key=f"{KEY} score",
    columns=(
        *KEY_COLUMNS,
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
)


class Column(NamedTuple):
    """One score of a method over some of its locations."""

    name: str
    score: Score
    over: npt.NDArray[np.bool_]


def scores(facts: Facts) -> pd.DataFrame:
    """Return the scores as a frame, one row a score of a reading; columns as declared in `SCORES`."""
    return frame(table(facts))


def table(facts: Facts) -> Any:
    """Return the scores as an Arrow table by the key of the reading, score."""
    spread = Spread(facts.readings, lambda method: len(method_scores(method)))
    values = spread.filled(np.float64, _values)
    expected = spread.filled(np.int16, lambda found: [each.over.sum() for each in method_scores(found.method)])
    assessed = spread.filled(np.int16, _assessed)
    policies = spread.filled(
        np.int32, lambda found: [POLICIES[0][each.score.policy] for each in method_scores(found.method)]
    )
    forbidden = np.where(policies == POLICIES[0]["complete-only"], assessed < expected, assessed == 0)
    return SCORES.of(
        {
            **facts.readings.key(spread.rows),
            "score": Coded(spread.filled(np.int32, _names), NAMES[1]).array(),
            "method_version": facts.readings.columns["method_version"].take(pa.array(spread.rows)),
            "value": pa.array(values, mask=forbidden),
            "n_expected": pa.array(expected),
            "n_assessed": pa.array(assessed),
            "policy": Coded(policies, POLICIES[1]).array(),
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


def _values(found: Grading) -> npt.NDArray[np.float64]:
    return _summed(found, lambda added: np.where(added == NOT_ASSESSED, 0, added))


def _assessed(found: Grading) -> npt.NDArray[np.float64]:
    return _summed(found, lambda added: added != NOT_ASSESSED)


def _summed(found: Grading, counted: Any) -> npt.NDArray[np.float64]:
    """Return the sums over the locations of each score; readings × scores."""
    columns = method_scores(found.method)
    sums = np.empty((len(found.rows), len(columns)))
    for score in found.method.scores:
        of_score = [place for place, column in enumerate(columns) if column.score is score]
        over = np.stack([columns[place].over for place in of_score], axis=1)
        sums[:, of_score] = counted(found.contributions(score)).astype(np.float32) @ over.astype(np.float32)
    return sums


def _names(found: Grading) -> Codes:
    return np.array([NAMES[0][each.name] for each in method_scores(found.method)], dtype=np.int32)


NAMES: Final = coded_words(each.name for method in methods().values() for each in method_scores(method))
