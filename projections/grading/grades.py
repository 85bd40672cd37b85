"""Grades as byte matrices, and what follows from them: states, activities, contributions to scores.

A method says what every combination of grades means. The grades of a location are therefore turned into one number,
the place of their combination in a fixed order, and everything else is a look-up in a table of that order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, text_bytes, truth
from projections.columns.lookups import looked_up
from projections.errors import NewerLogError
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Cell
from registry.catalogue.imaging.scores import Score

NOT_ASSESSED: Final = -1
PACKED: Final = pa.binary()
METHODS_REMEMBERED: Final = 8  # lists of methods, each of which has tables: those built in, and what registries add

Matrix = npt.NDArray[np.int8]
Methods = tuple[Method, ...]  # by which the readings of a log are: a slot or a cell counts through them in their order


class Grading(NamedTuple):
    """The grades of all readings by one method.

    `rows` says which reading each is, ascending; `grades` has shape items × readings × locations, -1 where a location
    was not assessed.
    """

    method: Method
    rows: npt.NDArray[np.intp]
    grades: Matrix

    def part(self, which: slice | npt.NDArray[np.intp]) -> Grading:
        """Return some of the readings, by their places ascending."""
        return Grading(self.method, self.rows[which], self.grades[:, which])

    def combinations(self) -> npt.NDArray[np.unsignedinteger[Any]]:
        """Return the number of each location's combination of grades; shape readings × locations."""
        number_type = np.min_scalar_type(len(combinations(self.method)))
        numbers: npt.NDArray[np.unsignedinteger[Any]] | None = None
        for item, grades in zip(self.method.items, self.grades):
            n_grades, graded = max(item.grades) + 2, (grades + np.int8(1)).view(np.uint8)
            if numbers is None:
                numbers = graded.astype(number_type, copy=False)
                if len(self.method.parts) > 1:
                    numbers += (_parts(self.method) * n_grades).astype(number_type)
            else:
                numbers *= numbers.dtype.type(n_grades)
                numbers += graded
        assert numbers is not None  # a method has an item
        return numbers

    def activities(self) -> npt.NDArray[np.int16]:
        """Return the activity of each location, -1 where it cannot be said; shape readings × locations."""
        return looked_up(_activities(self.method), self.combinations())

    def contributions(
        self, score: Score, numbers: npt.NDArray[np.unsignedinteger[Any]] | None = None
    ) -> npt.NDArray[np.int16]:
        """Return what each location adds to a score, -1 where it does not count; shape readings × locations.

        A location of a group that was not selected does not count, whatever the only grade that it could have were.
        `numbers` are the combinations, where they are at hand.
        """
        added = looked_up(contributions(self.method, score), self.combinations() if numbers is None else numbers)
        return added if self.method.selects is None else np.where(self.selected(), added, np.int16(NOT_ASSESSED))

    def completely_graded(self) -> npt.NDArray[np.bool_]:
        """Return which locations have a grade of every item that exists there; shape readings × locations."""
        complete: npt.NDArray[np.bool_] = looked_up(_whole(self.method), self.combinations())
        return complete

    def selected(self) -> npt.NDArray[np.bool_]:
        """Return which locations are part of each reading: all, or those of the groups that the reader selected.

        Shape readings × locations; a group is selected where something of it is graded.
        """
        if self.method.selects is None:
            return np.ones(self.grades.shape[1:], dtype=np.bool_)
        graded = (self.grades != NOT_ASSESSED).any(axis=0)
        groups = np.array([self.method.groups.index(location.group) for location in self.method.locations])
        of_group = np.stack([graded[:, groups == number].any(axis=1) for number in range(len(self.method.groups))], 1)
        return np.asarray(of_group[:, groups])


@cache
def combinations(method: Method) -> tuple[Cell, ...]:
    """Return the combinations of grades by their number, part by part; some may be none that the method has."""
    grades = list(product(*((None, *range(max(item.grades) + 1)) for item in method.items)))
    return tuple(Cell(part, each) for part in method.parts for each in grades)


def meanings(method: Method, meaning: Callable[[Cell], int | None]) -> list[int]:
    """Return what each combination of grades means, in the order of their numbers; -1 where it means nothing."""
    meant = (meaning(cell) if cell in method.states else None for cell in combinations(method))
    return [NOT_ASSESSED if each is None else each for each in meant]


@cache
def _parts(method: Method) -> npt.NDArray[np.intp]:
    """Return the number of the part of each location."""
    return np.array([method.parts.index(location.part) for location in method.locations])


@cache
def _activities(method: Method) -> npt.NDArray[np.int16]:
    return np.array(meanings(method, lambda cell: method.states[cell].activity), dtype=np.int16)


@cache
def _whole(method: Method) -> npt.NDArray[np.bool_]:
    return np.array([cell in method.cells.whole for cell in combinations(method)])


@cache
def contributions(method: Method, score: Score) -> npt.NDArray[np.int16]:
    """Return what each combination of grades adds to a score, -1 where it does not count."""
    return np.array(meanings(method, method.contributions(score).get), dtype=np.int16)


def gradings(method_codes: ArrowArray, grades: ArrowArray, *, methods: Mapping[str, Method]) -> Sequence[Grading]:
    """Return the grades of readings, packed, by each of some methods, in their order."""
    by_method = []
    for code, method in methods.items():
        rows = np.flatnonzero(truth(pc.equal(method_codes, code)))
        bytes_ = np.frombuffer(text_bytes(grades.take(pa.array(rows))), dtype=np.int8)
        shape = (len(rows), len(method.items), len(method.locations))
        by_method.append(Grading(method, rows, np.ascontiguousarray(bytes_.reshape(shape).transpose(1, 0, 2))))
    return by_method


def known_method(code: str, methods: Mapping[str, Method]) -> Method:
    """Return a method by its code. Raises `NewerLogError` where it is none of those that are known."""
    if code not in methods:
        raise NewerLogError(f"readings by the method {code!r}")
    return methods[code]
