"""Inflamed levels of the spine on MRI, in slices: SPARCC, of 23 levels and of the six most affected.

What is inflamed is what the other methods of the spine read; here it has slices, quadrants, intensity and depth. A
reader who takes another patient's level for it does so in every study of the patient, first for first, second for
second; where the other has fewer studies, his last one stands for those that are wanting.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from registry.simulation.drawing import Draw, Whole, Yes
from registry.simulation.imaging import UNITS, Studies
from registry.simulation.readers.examined import Examined
from registry.simulation.readers.published import Published, agreement_of_lesions

SLICES: Final = 3
ON_SLICES: Final = np.array(  # which a lesion is on: successive ones
    [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 1, 1]], dtype=bool
)
IN_QUADRANTS: Final = np.array([[1, 0], [0, 1], [1, 1]], dtype=bool)  # upper, lower
INTENSE, DEEP = 0.3, 0.3  # share of inflamed levels
SELECTED: Final = 6
BONUS: Final = 2  # intensity and depth, the last items


class Levels(NamedTuple):
    """What is there to be seen: `inflamed` by study and part (anterior and posterior of 23 levels), and how.

    `slices` and `quadrants` say which kind a part's lesion is; `marks` whether a level is intense and deep.
    """

    inflamed: Yes
    slices: Whole
    quadrants: Whole
    marks: Yes


def levels(draw: Draw, studies: Studies) -> Levels:
    """Return the levels of all MRI studies."""
    shape = studies.inflamed.shape
    large = draw.yes(draw.even((shape[0], 1)), shape)
    slices, quadrants = draw.whole(0, len(ON_SLICES) - 1, shape), draw.whole(0, len(IN_QUADRANTS) - 1, shape)
    return Levels(
        studies.inflamed,
        np.where(large, len(ON_SLICES) - 1, slices).astype(np.int8),
        np.where(large, len(IN_QUADRANTS) - 1, quadrants).astype(np.int8),
        draw.yes(np.array([INTENSE, DEEP]), (shape[0], UNITS, BONUS)),
    )


def sees(published: Published) -> float:
    """Return the share of levels that one reader sees as they are."""
    return sqrt(agreement_of_lesions(published.spine_icc, published.spine_clustering))


def seen_grades(draw: Draw, there: Levels, studies: Examined, published: Published) -> np.ndarray:
    """Return the grades that one reader gives; shape studies x 6 items x 23 levels x 3 slices."""
    _, first, patient, counts = np.unique(studies.patient, return_index=True, return_inverse=True, return_counts=True)
    shape = len(first), UNITS
    right, other = (drawn[patient] for drawn in (draw.yes(sees(published), shape), draw.whole(0, shape[0] - 1, shape)))
    own = studies.study[:, None]
    turn = own - first[patient][:, None]
    return graded(there, np.where(right, own, first[other] + np.minimum(turn, counts[other] - 1)))


def graded(there: Levels, study: Whole) -> np.ndarray:
    """Return grades of the levels of studies (studies x levels); shape studies x 6 items x 23 levels x 3 slices."""
    level = np.arange(UNITS)
    grades = np.zeros((len(study), 2 * len(IN_QUADRANTS[0]) + BONUS, UNITS, SLICES), np.int8)
    for part in range(2):
        at = 2 * level + part
        on = ON_SLICES[there.slices[study, at]] & there.inflamed[study, at][..., None]
        for row in range(2):
            grades[:, 2 * row + part] = on & IN_QUADRANTS[there.quadrants[study, at], row][..., None]
    inflamed = grades.any(axis=1)
    for mark in range(BONUS):
        grades[:, mark - BONUS] = inflamed & there.marks[study, level, mark][..., None]
    return grades


def of_selected(grades: np.ndarray, studies: Examined) -> np.ndarray:
    """Return grades with -1 at all levels but the six most affected of the patient's first study, ties from the top."""
    first = np.searchsorted(studies.patient, studies.patient)  # they stand by patient, then by day
    points = grades.sum(axis=(1, 3))
    chosen = np.argsort(-points, axis=1, kind="stable")[:, :SELECTED][first]
    selected = np.zeros(points.shape, bool)
    np.put_along_axis(selected, chosen, True, axis=1)
    return np.where(selected[:, None, :, None], grades, np.int8(-1))
