"""Bone formed at the corners of the spine, seen on radiographs and by CT: mSASSS, its extension, RASSS, CTSS.

The spine has 23 discs with two corners each, on four sides. A corner is damaged (1), has a syndesmophyte (2) where
damage would set in at three quarters of the patient's burden already, and the disc is bridged on a side (3 at both
corners) where both would have set in at six tenths. Burden only grows, and so do grades; an error of a reader concerns
a disc on one side, both its corners at once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.imaging.method import Method
from registry.catalogue.methods.ctss import SIDES
from registry.catalogue.methods.rasss import CERVICAL, THORACIC_CORNERS
from registry.catalogue.spine import THORACIC, UNITS, corners_of
from registry.simulation.drawing import Draw, Floats, Whole
from registry.simulation.people import People
from registry.simulation.readers.examined import Examined
from registry.simulation.readers.published import Bone, cubed

SYNDESMOPHYTE: Final = 0.75  # of the burden
BRIDGED: Final = 0.6
ON_FILM: Final = ("anterior", "left", "right")  # the last two on the a.p. film
PLACES: Final = {  # the disc and side of a corner, and which of the two it is; named as for CT
    f"{corner} {side}": (unit * len(SIDES) + at, which)
    for unit, name in enumerate(UNITS)
    for at, side in enumerate(SIDES)
    for which, corner in enumerate(corners_of(name))
}
IS_THORACIC: Final = np.array([unit in THORACIC for unit in UNITS for _ in SIDES], dtype=np.int64)
HIDDEN: Final = -1


class Spines(NamedTuple):
    """The patients' spines: burden at enrolment, its growth in two years (elsewhere, thoracic), and how prone to it.

    `prone` is by patient, disc on a side, and corner.
    """

    burden: Floats
    growth: Floats
    prone: Floats


def spines(draw: Draw, people: People, bone: Bone) -> Spines:
    """Return the spines of the patients."""
    number = len(people.first_on)
    elsewhere = bone.fastest * cubed(draw.even(number)) * draw.yes(bone.progressing, number)
    thoracic = bone.thoracic_fastest * draw.even(number) * draw.yes(bone.thoracic_progressing, number)
    return Spines(
        bone.worst * cubed(draw.even(number)),
        np.stack([elsewhere, thoracic], axis=1),
        draw.even((number, len(UNITS) * len(SIDES), 2)),
    )


def discs_read_by(methods: list[Method]) -> Whole:
    """Return the discs on their sides that some methods look at."""
    return np.unique([_place(location.name)[0] for method in methods for location in method.locations])


def seen_grades(draw: Draw, spines: Spines, films: Examined, discs: Whole, bone: Bone) -> np.ndarray:
    """Return the grades that one reader sees on films; shape films x discs x 2 corners."""
    patients, (number, n_discs) = len(spines.burden), (len(films.patient), len(discs))
    whose = np.arange(patients)[:, None] + np.zeros((1, n_discs), np.int64)
    mistaken = ~draw.yes(bone.sees, whose.shape)
    whose = np.where(mistaken, draw.whole(0, patients - 1, whose.shape), whose)
    prone = np.where(mistaken[..., None], draw.even((patients, n_discs, 2)), spines.prone[:, discs])
    slipped = draw.yes(bone.slips, (number, n_discs))
    whose = np.where(slipped, draw.whole(0, patients - 1, slipped.shape), whose[films.patient])
    burden = spines.burden[whose] + spines.growth[whose, IS_THORACIC[discs]] * films.since[:, None]
    prone = np.where(slipped[..., None], draw.even((number, n_discs, 2)), prone[films.patient])
    return _grades(burden[..., None], prone)


def _grades(burden: Floats, prone: Floats) -> np.ndarray:
    bridged = prone.max(axis=-1, keepdims=True) < BRIDGED * burden
    grades = (prone < burden).astype(np.int8) + (prone < SYNDESMOPHYTE * burden)
    return np.where(bridged, np.int8(3), grades)


def hidden_corners(draw: Draw, films: Examined, shares: tuple[float, float]) -> np.ndarray:
    """Return how many of the lower thoracic corners, from the top, cannot be seen on each film: none, 2, 3 or 4."""
    fate, two_or_three = draw.even(len(films.patient)), draw.whole(2, 3, len(films.patient))
    everything, some = shares
    return np.where(fate < everything, len(THORACIC_CORNERS), np.where(fate < everything + some, two_or_three, 0))


def grades_by(method: Method, seen: np.ndarray, discs: Whole, hidden: np.ndarray) -> np.ndarray:
    """Return what a reader sees as grades of a method; shape films x locations."""
    places = [_place(location.name) for location in method.locations]
    column = np.searchsorted(discs, [disc for disc, _ in places])
    grades: np.ndarray = seen[:, column, [which for _, which in places]]
    if method.code == "rasss":
        no_squaring = np.array([location.part == CERVICAL for location in method.locations])
        grades = np.where(no_squaring & (grades == 1), np.int8(0), grades)
        grades[:, _thoracic(method)] = np.where(
            np.arange(len(THORACIC_CORNERS)) < hidden[:, None], np.int8(HIDDEN), grades[:, _thoracic(method)]
        )
    return grades


def _thoracic(method: Method) -> list[int]:
    return [location.number - 1 for location in method.locations if location.segment == "thoracic"]


def _place(name: str) -> tuple[int, int]:
    """Return the disc on its side and the corner that a location of a method is: on a lateral film, a.p., or by CT."""
    return PLACES.get(name) or PLACES.get(f"{name} {ON_FILM[0]}") or PLACES[name.replace(" a.p.", "")]
