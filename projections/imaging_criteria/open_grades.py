"""What grades that are missing may turn out to be: the least and the most, of an item and of what a location adds.

A grade that does not exist beside the others is below every grade, and adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from projections.columns.lookups import looked_up
from projections.grading.grades import NOT_ASSESSED, Grading, combinations
from projections.grading.score_values import whole_column
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Cell
from registry.catalogue.imaging.scores import Score
from registry.catalogue.imaging_criteria.requirements import Place
from registry.catalogue.instruments.values import Values

Table = npt.NDArray[np.int16]


class Between(NamedTuple):
    """The least and the most that something can be; both fields have one shape."""

    least: npt.NDArray[np.int64]
    most: npt.NDArray[np.int64]

    @classmethod
    def of(cls, tables: tuple[Table, Table], numbers: npt.NDArray[np.unsignedinteger[Any]]) -> Self:
        """Return what two tables have for the numbers of combinations of grades."""
        return cls(*(looked_up(table, numbers).astype(np.int64) for table in tables))

    def values(self) -> tuple[Values, Values]:
        """Return both as columns of exact numbers."""
        return Values.counted(self.least), Values.counted(self.most)


def grades_at(grading: Grading, places: Sequence[Place]) -> Between:
    """Return the grade of each place in each reading, -1 where there is none; readings × places."""
    method = grading.method
    locations = [method.location_numbers[place.location.lower()] - 1 for place in places]
    items = [[item.name for item in method.items].index(place.item) for place in places]
    numbers = grading.combinations()[:, locations]
    found = Between(np.empty(numbers.shape, np.int64), np.empty(numbers.shape, np.int64))
    for item in set(items):
        of_item = np.flatnonzero(np.array(items) == item)
        for whole, part in zip(found, Between.of(_of_item(method, item), numbers[:, of_item])):
            whole[:, of_item] = part
    return found


def score_range(grading: Grading, score: Score) -> Between:
    """Return what a score of the whole is at least and at most, whatever was not assessed; one of each a reading."""
    over = whole_column(grading.method, score).over & grading.selected()
    by_location = Between.of(_of_score(grading.method, score), grading.combinations())
    return Between(*(np.where(over, each, 0).sum(axis=1) for each in by_location))


@cache
def _of_item(method: Method, item: int) -> tuple[Table, Table]:
    def grade(cell: Cell) -> int:
        graded = cell.grades[item]
        return NOT_ASSESSED if graded is None else graded

    return _range(method, grade)


@cache
def _of_score(method: Method, score: Score) -> tuple[Table, Table]:
    added = method.added_by_whole(score)
    return _range(method, lambda cell: added.get(cell, 0))


def _range(method: Method, meaning: Callable[[Cell], int]) -> tuple[Table, Table]:
    """Return the least and the most that each combination of grades means, over all that it may turn out to be."""
    least, most = (np.zeros(len(combinations(method)), dtype=np.int16) for _ in range(2))
    for number, cell in enumerate(combinations(method)):
        if cell in method.cells.possible:
            meant = [meaning(each) for each in method.cells.completions(cell)]
            least[number], most[number] = min(meant), max(meant)
    return least, most
