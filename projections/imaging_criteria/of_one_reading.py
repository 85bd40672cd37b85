"""What criteria say of single readings: scores against limits, lesions counted, lesions from slice to slice."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import assert_never

import numpy as np
import numpy.typing as npt

from projections.grading.grades import Grading
from projections.imaging_criteria.judged import Judged, compared, exact_scores, limit_of
from projections.imaging_criteria.open_grades import Between, grades_at, score_range
from registry.catalogue.imaging_criteria.requirements import (
    AnyOf,
    ByGrades,
    Found,
    InARow,
    Places,
    ScoreIs,
)
from registry.catalogue.instruments.values import Values

OfOneReading = ScoreIs | Found | InARow | ByGrades | AnyOf


def judged(requires: OfOneReading, grading: Grading) -> Judged:
    """Return what is required of one reading, of all readings of a grading."""
    match requires:
        case ScoreIs():
            return _score_is(requires, grading)
        case Found():
            return _counted(_most_found(requires, grading), requires.at_least)
        case InARow():
            return _counted(_longest_row(requires, grading), requires.slices)
        case ByGrades():
            return _by_grades(requires, grading)
        case AnyOf():
            return _any_of(requires, grading)
        case _:
            assert_never(requires)


def _score_is(requires: ScoreIs, grading: Grading) -> Judged:
    score = grading.method.score_named(requires.score)
    found = exact_scores(grading, score)
    met = compared(found.value, score_range(grading, score), limit_of(requires))
    return Judged(met, found.value, found.n_imputed)


def _by_grades(requires: ByGrades, grading: Grading) -> Judged:
    found = grades_at(grading, requires.places)
    columns = [_exactly(Between(*(end[:, place] for end in found))) for place in range(len(requires.places))]
    met = requires.rule(*columns)
    return Judged.without_imputing(met, columns[0] if len(columns) == 1 else _unknown(len(met)))


def _any_of(requires: AnyOf, grading: Grading) -> Judged:
    alternatives = [judged(each, grading) for each in requires.alternatives]
    return alternatives[0]._replace(met=reduce(or_, (each.met for each in alternatives)))


def _counted(found: Between, at_least: int) -> Judged:
    value = _exactly(found)
    return Judged.without_imputing(compared(value, found, lambda number: number >= at_least), value)


def _most_found(requires: Found, grading: Grading) -> Between:
    """Return how many places of a group are of the grade, of the group that has most; of each reading."""
    by_group = [_reached(grading, places, requires.grade) for places in requires.groups]
    return Between(*(np.max([each.sum(axis=1) for each in ends], axis=0) for ends in zip(*by_group)))


def _longest_row(requires: InARow, grading: Grading) -> Between:
    """Return on how many consecutive slices one of the sites is of the grade, at the longest; of each reading."""
    by_site = [_reached(grading, places, requires.grade) for places in requires.sites]
    return Between(*(np.max([_run(each) for each in ends], axis=0) for ends in zip(*by_site)))


def _run(reached: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the length of the longest run of ones along the slices; readings × slices."""
    longest = run = np.zeros(len(reached), dtype=np.int64)
    for on_slice in reached.T:
        run = (run + 1) * on_slice
        longest = np.maximum(longest, run)
    return longest


def _reached(grading: Grading, places: Places, grade: int) -> Between:
    """Return 1 where a place is of the grade or a higher one, else 0, at least and at most; readings × places."""
    return Between(*((end >= grade).astype(np.int64) for end in grades_at(grading, places)))


def _exactly(found: Between) -> Values:
    """Return the numbers of which nothing is open."""
    return Values.counted(found.most, known=(found.least == found.most) & (found.least >= 0))


def _unknown(n: int) -> Values:
    return Values.counted(np.zeros(n, dtype=np.int64), known=np.zeros(n, dtype=np.bool_))
