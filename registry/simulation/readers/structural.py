"""Structural lesions of the sacroiliac joints, which stay once they are there: the SPARCC SSS.

A lesion takes a quadrant, or half of a joint, on one to five successive slices. A reader who takes another patient's
joint for it does so in every study of the patient.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np

from registry.catalogue.imaging.method import Method
from registry.catalogue.methods.sparcc_sss import LESIONS
from registry.simulation.drawing import Draw, Whole, Yes
from registry.simulation.readers.examined import Examined
from registry.simulation.readers.published import Lesions, Published, agreement_of_lesions, clustering, cubed

JOINTS: Final = 2
SLICES: Final = 5
POINTS: Final = tuple(range(1, SLICES + 1))  # of a lesion: on how many slices it is, each number as likely
MEAN, SQUARE = sum(POINTS) / SLICES, sum(n * n for n in POINTS) / SLICES
GROWTH: Final = 0.02  # of a patient's burden in two years, at most


def sees(lesions: Lesions) -> float:
    """Return the share of lesions that one reader sees as they are."""
    return sqrt(agreement_of_lesions(lesions.icc, clustering(lesions, mean=MEAN, square=SQUARE)))


class StructuralLesions:
    """The lesions of one kind in all patients."""

    def __init__(self, draw: Draw, lesions: Lesions, patients: int) -> None:
        self._lesions, self._patients = lesions, patients
        self._burden = lesions.worst * cubed(draw.even(patients))
        self._growth = GROWTH * draw.even(patients)
        self._course = self._drawn(draw)

    def seen(self, draw: Draw, studies: Examined) -> Yes:
        """Return what one reader sees; shape studies x joints x slices x places of a joint."""
        shape = self._patients, self._lesions.places
        right = draw.yes(sees(self._lesions), shape)
        whose = np.where(right, np.arange(self._patients)[:, None], draw.whole(0, self._patients - 1, shape))
        prone, first, last = (
            np.where(right, own, other)[studies.patient] for own, other in zip(self._course, self._drawn(draw))
        )
        whose = whose[studies.patient]
        present = prone < self._burden[whose] + self._growth[whose] * studies.since[:, None]
        slices = np.arange(SLICES)[:, None]
        covered = present[:, None] & (slices >= first[:, None]) & (slices <= last[:, None])
        of_joints: Yes = covered.reshape(len(present), SLICES, JOINTS, -1).transpose(0, 2, 1, 3)
        return of_joints

    def _drawn(self, draw: Draw) -> tuple[np.ndarray, Whole, Whole]:
        """Return how prone each place is to a lesion, and the first and the last slice of one."""
        shape = self._patients, self._lesions.places
        prone, points = draw.even(shape), draw.whole(1, SLICES, shape)
        first = draw.whole(0, SLICES - points, shape)
        return prone, first, first + points - 1


def structural_lesions(draw: Draw, published: Published, *, patients: int) -> list[StructuralLesions]:
    """Return the lesions of all kinds, in the order of the method's items."""
    return [StructuralLesions(draw, published.structural[name], patients) for name in LESIONS]


def grades(method: Method, seen: list[Yes]) -> np.ndarray:
    """Return what a reader sees as grades, -1 where the item does not exist."""
    number = len(seen[0])
    by_item = []
    for item, present in zip(method.items, seen):
        here = np.array([bool(item.grades_in(location.part)) for location in method.locations])
        of_item = np.full((number, len(method.locations)), -1, np.int8)
        of_item[:, here] = present.reshape(number, -1)
        by_item.append(of_item)
    return np.concatenate(by_item, axis=1)
