"""What criteria say of two readings of one patient: a change of a score, and locations that went to another grade."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Rows, Truth
from projections.grading.grades import NOT_ASSESSED, Grading
from projections.grading.score_values import values_of, whole_column
from projections.imaging_criteria.judged import ExactScores, Judged, compared, exact_scores, limit_of
from projections.imaging_criteria.open_grades import Between, score_range
from registry.catalogue.imaging.scores import Score
from registry.catalogue.imaging_criteria.requirements import Became, Changed, Days
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values


class ReadingPairs(NamedTuple):
    """Pairs of readings of a grading by their places, and how many days the later study lies after the earlier one."""

    before: Rows
    after: Rows
    days: npt.NDArray[np.int64]


def judged_pairs(requires: Changed | Became, grading: Grading, pairs: ReadingPairs) -> Judged:
    """Return what is required of two readings, of some pairs of a grading."""
    return _changed(requires, grading, pairs) if isinstance(requires, Changed) else _became(requires, grading, pairs)


def _changed(requires: Changed, grading: Grading, pairs: ReadingPairs) -> Judged:
    score = grading.method.score_named(requires.score)
    before, after, carried = _scores(score, grading, pairs)
    comparable = _comparable(grading, pairs)
    change = (after.value - before.value).where(comparable)
    low, high = score_range(grading, score)
    open_ = Between(low[pairs.after] - high[pairs.before], high[pairs.after] - low[pairs.before])
    met = compared(change, open_, limit_of(requires))
    return Judged(
        open_where(met, ~comparable | ~within(requires.within, pairs.days)),
        change,
        np.where(change.known, before.n_imputed + after.n_imputed + carried, 0).astype(np.int16),
    )


def _scores(
    score: Score, grading: Grading, pairs: ReadingPairs
) -> tuple[ExactScores, ExactScores, npt.NDArray[np.int64]]:
    """Return the scores of both readings, and how many locations were taken from the other one for it."""
    if score.change is None:
        found = exact_scores(grading, score)
        return found.take(pairs.before), found.take(pairs.after), np.zeros(len(pairs.days), dtype=np.int64)
    column = whole_column(grading.method, score)
    added = grading.contributions(score)
    mine, theirs = added[pairs.before], added[pairs.after]
    lacking = (mine == NOT_ASSESSED) != (theirs == NOT_ASSESSED)
    filled = (np.where(mine == NOT_ASSESSED, theirs, mine), np.where(theirs == NOT_ASSESSED, mine, theirs))
    before, after = (ExactScores.of(values_of(column, grading.method, each)) for each in filled)
    return before, after, (lacking & column.over).sum(axis=1)


def _comparable(grading: Grading, pairs: ReadingPairs) -> Truth:
    """Return whether both readings are of the same locations, where readers select them."""
    if grading.method.selects is None:
        return np.ones(len(pairs.days), dtype=np.bool_)
    selected = grading.selected()
    return np.asarray((selected[pairs.before] == selected[pairs.after]).all(axis=1))


def _became(requires: Became, grading: Grading, pairs: ReadingPairs) -> Judged:
    (grades,) = grading.grades
    before, after = grades[pairs.before], grades[pairs.after]
    shown = (before != NOT_ASSESSED) & (after != NOT_ASSESSED)
    could = _may_be(before, requires.before) & _may_be(after, requires.after)
    n = (could & shown).sum(axis=1)
    if requires.missing is None:
        value = Values.counted(n, known=np.any(shown, axis=1))
        return Judged.without_imputing(Truths(n >= requires.at_least, could.sum(axis=1) >= requires.at_least), value)
    segments = np.array([grading.method.segments.index(location.segment) for location in grading.method.locations])
    missing = np.stack([(~shown[:, segments == each]).sum(axis=1) for each in range(segments.max() + 1)], axis=1)
    value = Values.counted(n, known=np.all(missing <= requires.missing.at_most, axis=1))
    return Judged.without_imputing(value >= requires.at_least, value)


def _may_be(grades: npt.NDArray[np.int8], allowed: tuple[int, ...]) -> Truth:
    return np.isin(grades, (*allowed, NOT_ASSESSED))


def within(days: Days | None, apart: npt.NDArray[np.int64]) -> Truth:
    """Return which distances in days a rule is about; all where it is about any."""
    if days is None:
        return np.ones(len(apart), dtype=np.bool_)
    return np.asarray((apart >= days.least) & (apart <= days.most))


def open_where(met: Truths, rows: Truth) -> Truths:
    """Return the answers with those of some rows open."""
    return Truths(met.certain & ~rows, met.possible | rows)
