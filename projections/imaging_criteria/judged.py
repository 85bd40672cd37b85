"""What a criterion says of readings, and the comparison of exact values that leave something open."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Rows
from projections.grading.grades import Grading
from projections.grading.score_values import ScoreValues, score_values, whole_column
from projections.imaging_criteria.open_grades import Between
from registry.catalogue.imaging.scores import Score
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values


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
