"""What criteria over a score, or over its change, say of the final scores of a campaign.

A final score is one exact number of a whole study. What is judged place by place has none, for a majority of grades
at a location is no reading of anybody. Where there is no final score the answer is open.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from projections.campaigns.exact_values import ExactValues
from projections.cohort.figures.final_readings import FinalReadings
from projections.columns.coded import Rows, Truth
from projections.imaging_criteria.judged import Judged, limit_of
from projections.imaging_criteria.of_two_readings import open_where, within
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging_criteria.requirements import ByGrades, Changed, Requirement, ScoreIs, score_of
from registry.catalogue.instruments.values import Values


def has_finals(requires: Requirement, method: Method) -> bool:
    """Return whether what is required is of a score of which campaigns have final ones: a headline score."""
    name = score_of(requires)
    return any(score.name == name and score.headline for score in method.scores)


def finals_judged(requires: ScoreIs | ByGrades, final: FinalReadings, studies: Rows) -> Judged:
    """Return what is required of a final score, or of a verdict, which is one; of some studies by their places."""
    value, n_imputed = _scores(score_of(requires) or "", final, studies)
    met = limit_of(requires)(value) if isinstance(requires, ScoreIs) else requires.rule(value)
    return Judged(met, value, n_imputed)


def changes_judged(requires: Changed, final: FinalReadings, before: Rows, after: Rows) -> Judged:
    """Return what is required of the change between final scores, of some pairs of studies by their places."""
    (first, of_first), (second, of_second) = (_scores(requires.score, final, each) for each in (before, after))
    change = (second - first).where(_comparable(requires.score, final, before, after))
    met = open_where(limit_of(requires)(change), ~within(requires.within, final.days_between(before, after)))
    return Judged(met, change, np.where(change.known, of_first + of_second, 0).astype(np.int16))


def _scores(score: str, final: FinalReadings, studies: Rows) -> tuple[Values, npt.NDArray[np.int16]]:
    found = final.scores[score]
    values = found.found.values.at(studies)
    return _values(values), np.where(values.known, found.n_imputed[studies], 0).astype(np.int16)


def _values(found: ExactValues) -> Values:
    return Values.counted(found.numerators, known=found.known).each_over(found.denominators)


def _comparable(score: str, final: FinalReadings, before: Rows, after: Rows) -> Truth:
    """Return whether whoever makes either final score read both studies at the same locations, where readers select."""
    read = final.read
    if read.grading.method.selects is None:
        return np.ones(len(before), dtype=np.bool_)
    used = final.scores[score].found.used
    selected = np.append(read.grading.selected(), np.zeros((1, len(read.grading.method.locations)), np.bool_), axis=0)
    same = (selected[read.first[before]] == selected[read.first[after]]).all(axis=2)
    return np.asarray((same | ~(used[before] | used[after])).all(axis=1))
