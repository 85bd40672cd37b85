"""Vertebral corners: what is there, how it grows, and what a reader sees of it."""

from __future__ import annotations

import math
from random import Random
from typing import Final

from . import effects

CERVICAL: Final = ("C2 lower", *(f"C{n} {end}" for n in range(3, 8) for end in ("upper", "lower")), "T1 upper")
LUMBAR: Final = ("T12 lower", *(f"L{n} {end}" for n in range(1, 6) for end in ("upper", "lower")), "S1 upper")
CORNERS: Final = (*CERVICAL, *LUMBAR)
BRIDGE: Final = 3

Spine = dict[str, int]  # grade of mSASSS by corner


def spine(draw: Random, *, radiographic: bool) -> Spine:
    """Draw the corners at the first film: few are involved, more of them in radiographic disease."""
    involved = draw.random() ** 2 * (0.45 if radiographic else 0.12)
    return {corner: draw.choice((1, 1, 2)) if draw.random() < involved else 0 for corner in CORNERS}


def grown(draw: Random, state: Spine, *, mean: float) -> Spine:
    """Return the corners two years later: a number of steps of one grade, by a gamma and Poisson law with that `mean`.

    No corner grows beyond a bridge; there are enough others in every spine that is drawn here.
    """
    later = dict(state)
    for _ in range(_poisson(draw, draw.gammavariate(0.8, mean / 0.8))):
        free = [corner for corner in CORNERS if later[corner] < BRIDGE]
        touched = [corner for corner in free if later[corner]]
        corner = draw.choice(touched if touched and draw.random() < 0.5 else free)
        later[corner] += 1
    return later


def read(draw: Random, state: Spine) -> Spine:
    """Return what one reader sees: as often one grade too many as one too few, at corners of grade 1 and 2."""
    return {corner: grade + (_slip(draw) if grade in (1, 2) else 0) for corner, grade in state.items()}


def _slip(draw: Random) -> int:
    weights = (effects.READER_ERROR, 1 - 2 * effects.READER_ERROR, effects.READER_ERROR)
    return draw.choices((-1, 0, 1), weights)[0]


def _poisson(draw: Random, mean: float) -> int:
    """Return a Poisson number, by multiplying uniform ones until they fall below exp(-mean)."""
    limit, product, number = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        number += 1
    return number
