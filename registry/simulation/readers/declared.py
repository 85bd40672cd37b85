"""Any other method, as its declaration allows: no figures of its own are claimed for it.

A patient's groups, as joints or levels, are affected in the order of how prone they are, the more the longer he is
followed. A location of one that is affected has any of the cells that the method can have there, all as likely; of
others that with the lowest grades. A reader who takes another patient's group for it does so in every study.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Cell
from registry.simulation.drawing import Draw, Floats, Whole
from registry.simulation.readers.examined import Examined
from registry.simulation.readers.published import cubed

SEES: Final = 0.9  # share of groups that one reader sees as they are
WORST: Final = 0.7  # share of groups affected, at first
GROWTH: Final = 0.05  # of all groups, in two years


class Affected(NamedTuple):
    """The patients: burden, how prone each group is, and which of a location's cells an affected one has, 0 to 1."""

    burden: Floats
    prone: Floats
    chosen: Floats


def affected(draw: Draw, method: Method, patients: int) -> Affected:
    """Return what there is to be seen."""
    return Affected(
        WORST * cubed(draw.even(patients)),
        draw.even((patients, len(method.groups))),
        draw.even((patients, len(method.locations))),
    )


def seen_grades(draw: Draw, there: Affected, studies: Examined, method: Method) -> np.ndarray:
    """Return the grades that one reader gives, item after item; -1 where there is none."""
    patients = len(there.burden)
    right, other = draw.yes(SEES, there.prone.shape), draw.whole(0, patients - 1, there.prone.shape)
    whose = np.where(right, np.arange(patients)[:, None], other)[studies.patient]
    group = np.array([method.groups.index(location.group) for location in method.locations])
    prone = there.prone[whose, np.arange(len(method.groups))]
    ill = (prone < there.burden[whose] + GROWTH * studies.since[:, None])[:, group]
    chosen = there.chosen[whose[:, group], np.arange(len(method.locations))]
    grades = np.empty((len(ill), len(method.items), len(method.locations)), np.int8)
    for part in method.parts:
        here = np.flatnonzero([location.part == part for location in method.locations])
        cells = _cells(method, part)
        at = np.where(ill[:, here], (chosen[:, here] * len(cells)).astype(np.int64), 0)
        grades[:, :, here] = cells[at].transpose(0, 2, 1)
    if method.selects is not None:
        rank = prone.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        grades = np.where((rank < method.selects)[:, None, group], grades, np.int8(-1))
    return grades.reshape(len(grades), -1)


def _cells(method: Method, part: str) -> Whole:
    """Return the grades of the cells that a location of a part can have, that with the lowest first."""
    whole = sorted((cell for cell in method.cells.whole if cell.part == part), key=_points)
    return np.array([[-1 if grade is None else grade for grade in cell.grades] for cell in whole])


def _points(cell: Cell) -> int:
    return sum(grade or 0 for grade in cell.grades)
