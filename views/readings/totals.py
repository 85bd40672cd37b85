"""The scores of a case as far as it is typed: computed by the same code as those of readings that are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np

from projections.grading.grades import NOT_ASSESSED, Grading
from projections.grading.score_values import ScoreColumn, ScoreValues, score_values, segment_columns
from registry.campaigns.unblinded import Grades
from registry.catalogue.imaging.method import ONLY_ITEM, Method
from registry.catalogue.imaging.policies import Assessed


class Total(NamedTuple):
    """A score, or that of a segment, `is_part`: its name, and what is said of each study by its letter."""

    name: str
    is_part: bool
    values: Mapping[str, str]


class _Columns(NamedTuple):
    """The scores that are shown, and the same as they stand over what is typed so far."""

    final: tuple[ScoreColumn, ...]
    running: tuple[ScoreColumn, ...]


def totals(method: Method, said: Mapping[str, Grades], lacking: Mapping[str, int]) -> tuple[Total, ...]:
    """Return the headline scores of a case's studies; `lacking` is how many cells of each are empty still."""
    final, running = _columns(method)
    found = score_values(_grading(method, said), (*final, *running))
    return tuple(
        Total(
            column.name,
            column.name != column.score.name,
            {
                letter: _told(found, study, number, column, is_open=lacking[letter] > 0)
                for study, letter in enumerate(said)
            },
        )
        for number, column in enumerate(final)
    )


@cache
def _columns(method: Method) -> _Columns:
    final = tuple(column for score in method.scores if score.headline for column in segment_columns(method, score))
    so_far = {column.score: column.score.with_policy(Assessed()) for column in final}
    return _Columns(final, tuple(column._replace(score=so_far[column.score]) for column in final))


def _grading(method: Method, said: Mapping[str, Grades]) -> Grading:
    names = [item.name or ONLY_ITEM for item in method.items]
    graded = [[[*map(_stored, grades[name])] for grades in said.values()] for name in names]
    return Grading(method, np.arange(len(said)), np.array(graded, dtype=np.int8))


def _stored(grade: int | None) -> int:
    return NOT_ASSESSED if grade is None else grade


def _told(found: ScoreValues, study: int, number: int, column: ScoreColumn, *, is_open: bool) -> str:
    """Return the value of a score; where cells are empty still, what it is so far and of how many locations."""
    of_all = found.known.shape[1] // 2
    count, expected = int(found.n[study, number]), column.n_expected
    if is_open:
        value = _value(found, study, number + of_all, column) if found.known[study, number + of_all] else "–"
        return f"{value} so far, {count} of {expected}"
    if not found.known[study, number]:
        return f"no value: {count} of {expected} count, {column.score.policy.name}"
    imputed = int(found.n_imputed[study, number])
    value = _value(found, study, number, column)
    return f"{value}, {imputed} of {expected} imputed" if imputed else value


def _value(found: ScoreValues, study: int, number: int, column: ScoreColumn) -> str:
    """Return a value as it is written: exact, or to two decimals.

    A score that says yes or no is told so.
    """
    value = Fraction(int(found.numerators[study, number]), int(found.denominators[study, number]))
    if column.score.is_yes_or_no:
        return "yes" if value else "no"
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}"
