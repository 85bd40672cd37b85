"""What a criterion says of readings, and the comparison of exact values that leave something open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Rows
from projections.grading.grades import Grading
from projections.grading.score_values import ScoreValues, score_values, whole_column
from projections.imaging_criteria.open_grades import Between
from registry.catalogue.imaging.scores import Score
from registry.catalogue.imaging_criteria.requirements import Changed, Limit, Relation, ScoreIs
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values

COMPARED: Final[dict[Relation, Callable[[Values, Limit], Truths]]] = {
    "below": lambda value, limit: value < limit,
    "at most": lambda value, limit: value <= limit,
    "at least": lambda value, limit: value >= limit,
}


class Judged(NamedTuple):
    """Whether a criterion is met, the number that it judges, and how many locations of that were made up.

    One entry a reading, or a pair. The number may be known where the answer is open, and the other way round.
    """

    met: Truths
    value: Values
    n_imputed: npt.NDArray[np.int16]

    @classmethod
    def without_imputing(cls, met: Truths, value: Values) -> Judged:
        """Return answers of which nothing was made up."""
        return cls(met, value, np.zeros(len(met), dtype=np.int16))

    def take(self, rows: Rows) -> Judged:
        """Return the answers at some rows."""
        met = Truths(self.met.certain[rows], self.met.possible[rows])
        return Judged(met, self.value.take(rows), self.n_imputed[rows])


class ExactScores(NamedTuple):
    """A score of readings: the values that its policy gives, and how many locations that made up."""

    value: Values
    n_imputed: npt.NDArray[np.int16]

    @classmethod
    def of(cls, found: ScoreValues) -> ExactScores:
        """Return the only column of scores."""
        of_column = Values.counted(found.numerators[:, 0], known=found.known[:, 0])
        return cls(of_column.each_over(found.denominators[:, 0]), found.n_imputed[:, 0])

    def take(self, rows: Rows) -> ExactScores:
        """Return the scores of some readings."""
        return ExactScores(self.value.take(rows), self.n_imputed[rows])


def exact_scores(grading: Grading, score: Score) -> ExactScores:
    """Return a score of all readings of a grading."""
    return ExactScores.of(score_values(grading, (whole_column(grading.method, score),)))


def limit_of(requires: ScoreIs | Changed) -> Callable[[Values], Truths]:
    """Return whether values, or changes, are on the side of the limit that is required."""
    if isinstance(requires, ScoreIs):
        relation, limit = requires.relation, requires.limit
    else:
        relation, limit = "at least" if requires.by > 0 else "at most", requires.by
    return partial(_on_the_side, relation, limit)


def _on_the_side(relation: Relation, limit: Limit, value: Values) -> Truths:
    return COMPARED[relation](value, limit)


def compared(value: Values, between: Between, met_by: Callable[[Values], Truths]) -> Truths:
    """Return whether values meet a limit; one that the policy does not give is judged by the least and the most.

    `met_by` holds above a limit, or below it.
    """
    said = met_by(value)
    low, high = (met_by(end) for end in between.values())
    return Truths(
        np.where(value.known, said.certain, low.certain & high.certain),
        np.where(value.known, said.possible, low.possible | high.possible),
    )
