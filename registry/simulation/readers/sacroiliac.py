"""Inflamed sacroiliac joints on MRI: what there is, what a reader sees, and his grades by three methods.

A study is positive for certain, borderline, or negative. A borderline one is positive to a reader by a coin: then he
sees the two upper quadrants of one slice, else one of them or none. Of a study that is positive for certain he sees
such a slice always, and each of its lesions, a quadrant over successive slices, or what another such study shows in its
place. All three methods' grades follow from what he sees.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from registry.simulation.drawing import Draw, Whole, Yes
from registry.simulation.readers.examined import Examined
from registry.simulation.readers.published import Published

JOINTS: Final = 2
SLICES: Final = 6
QUADRANTS: Final = 4  # of a joint: upper iliac, upper sacral, lower iliac, lower sacral
UPPER: Final = 2
LASTS: Final = 0.7  # share of studies that are to a patient what his others are
LONE: Final = 0.1  # share of negative studies with one inflamed quadrant
LEAST, MOST = 0.1, 0.8  # share of lesions that a positive study has
INTENSE, DEEP = 0.4, 0.3  # share of positive joints
LOW_JOINT: Final = 0.3  # share of patients whose last slice shows the joint less than 3 cm high


class Joints(NamedTuple):
    """What is there to be seen, by study.

    `certain` and `borderline` say what kind of study it is; `present` which of eight quadrants have a lesion, `first`
    and `last` between which slices, `marks` whether a joint is intense and deep. `joint` and
    `slice` say where the lesions lie that nobody overlooks, `is_low` that the last slice has upper quadrants only.
    """

    certain: Yes
    borderline: Yes
    present: Yes
    first: Whole
    last: Whole
    marks: Yes
    joint: Whole
    slice: Whole
    is_low: Yes


class Seen(NamedTuple):
    """What one reader sees: his verdict, `inflamed` (studies x joints x slices x quadrants), `intense` and `deep`."""

    positive: Yes
    inflamed: Yes
    intense: Yes
    deep: Yes


def joints(draw: Draw, studies: Examined, published: Published, *, patients: int) -> Joints:
    """Return what the sacroiliac joints of the studies show."""
    number, units = len(studies.patient), JOINTS * QUADRANTS
    kind = np.where(draw.yes(LASTS, number), draw.even(patients)[studies.patient], draw.even(number))
    verdicts = published.verdicts
    even = draw.even(number)
    first = draw.whole(0, SLICES - 1, (number, units))
    return Joints(
        certain=kind < verdicts.clear,
        borderline=(kind >= verdicts.clear) & (kind < verdicts.clear + verdicts.borderline),
        present=draw.even((number, units)) < (LEAST + (MOST - LEAST) * even * even)[:, None],
        first=first,
        last=draw.whole(first, SLICES - 1, (number, units)),
        marks=draw.yes(np.array([INTENSE, DEEP]), (number, JOINTS, 2)),
        joint=draw.whole(0, JOINTS - 1, number),
        slice=draw.whole(0, SLICES - 2, number),
        is_low=draw.yes(LOW_JOINT, patients)[studies.patient],
    )


def seen(draw: Draw, there: Joints, published: Published) -> Seen:
    """Return what one reader sees of the studies."""
    number, units = there.first.shape
    says_yes, one = draw.yes(0.5, number), draw.yes(0.5, number)
    lone = draw.yes(LONE, number)
    positive = there.certain | (there.borderline & says_yes)
    study = np.arange(number)[:, None]
    taken = _taken_for(draw, there.certain, (number, units), published.sacroiliac_sees)
    of_unit = np.arange(units)
    slices = np.arange(SLICES)[:, None]
    covered = (slices >= there.first[taken, of_unit][:, None]) & (slices <= there.last[taken, of_unit][:, None])
    lesions = covered & (there.present[taken, of_unit] & there.certain[:, None])[:, None]
    inflamed = lesions.reshape(number, SLICES, JOINTS, QUADRANTS).transpose(0, 2, 1, 3).copy()
    inflamed[study[:, 0], there.joint, there.slice, 0] |= positive | (one & (there.borderline | lone))
    inflamed[study[:, 0], there.joint, there.slice, 1] |= positive
    inflamed[:, :, -1, UPPER:] &= ~there.is_low[:, None, None]
    marks = _taken_for(draw, there.certain, (number, JOINTS), published.sacroiliac_sees)
    intense, deep = np.moveaxis(there.marks[marks, np.arange(JOINTS)], -1, 0) & there.certain[:, None]
    return Seen(positive, inflamed, _on_slices(intense, inflamed, 1), _on_slices(deep, inflamed, 2))


def _taken_for(draw: Draw, certain: Yes, shape: tuple[int, int], sees: float) -> Whole:
    """Return the study that a reader sees in the place of each lesion: itself, or another that is positive."""
    others = np.flatnonzero(certain)
    own = np.arange(shape[0])[:, None] + np.zeros((1, shape[1]), np.int64)
    right, other = draw.yes(sees, shape), draw.whole(0, max(0, len(others) - 1), shape)
    return np.where(right, own, others[other]) if len(others) else own


def _on_slices(marked: Yes, inflamed: Yes, least: int) -> Yes:
    on_slices: Yes = marked[:, :, None] & (inflamed.sum(axis=-1) >= least)
    return on_slices


def sparcc_grades(seen: Seen, there: Joints) -> np.ndarray:
    """Return grades of SPARCC: quadrants, intensity, depth, upper-only; each at 12 slices of joints."""
    number, low = len(seen.positive), np.zeros((len(seen.positive), JOINTS, SLICES), np.int8)
    low[:, :, -1] = there.is_low[:, None]
    quadrants = seen.inflamed.astype(np.int8)
    quadrants[..., UPPER:][low == 1] = -1
    items = [*np.moveaxis(quadrants, -1, 0), seen.intense.astype(np.int8), seen.deep.astype(np.int8), low]
    return np.concatenate([item.reshape(number, -1) for item in items], axis=1)


def berlin_grades(seen: Seen, there: Joints) -> np.ndarray:
    """Return grades of the Berlin score, by the share of a quadrant's slices that are inflamed, in thirds."""
    inflamed = seen.inflamed.sum(axis=2)
    slices = np.full(inflamed.shape, SLICES)
    slices[..., UPPER:] -= there.is_low[:, None, None]
    grades: np.ndarray = (inflamed > 0).astype(np.int8) + (3 * inflamed >= slices) + (3 * inflamed > 2 * slices)
    return grades.reshape(len(inflamed), -1)


def verdict_grades(seen: Seen) -> np.ndarray:
    """Return the verdicts, each with the number of inflamed quadrants."""
    return np.stack([seen.positive, seen.inflamed.sum(axis=(1, 2, 3))], axis=1).astype(np.int8)
