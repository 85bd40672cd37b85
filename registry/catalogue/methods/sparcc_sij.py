"""SPARCC MRI sacroiliac joint inflammation index: total 0-72.

Maksymowych WP et al., Arthritis Rheum 2005;53:703-9 (doi 10.1002/art.21445), as spa-imaging.org describes it. STIR or
T2 with fat suppression; each joint on six consecutive semicoronal slices, four quadrants a slice: 48 points, and 12
each for intensity and for depth of 1 cm or more. Where the joint is between 1 and 3 cm high on a slice, only its upper
quadrants are scored: `upper-only` is 1 then, and the lower ones are no part of the slice, not missing ones;
`scorable quadrants` says how many there were.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry.catalogue.imaging.method import Method, State
from registry.catalogue.imaging.places import Grades, Item, numbered
from registry.catalogue.imaging.rules import NotWith
from registry.catalogue.imaging.scores import summed
from registry.catalogue.imaging.sparcc import BONUS_RULE, YES_NO, bonus, points, scored_slice

UPPER: Final = ("upper iliac", "upper sacral")
LOWER: Final = ("lower iliac", "lower sacral")
QUADRANTS: Final = UPPER + LOWER
SHORT: Final = "upper-only"  # the joint is 1 to 3 cm high on the slice


def _points(*grades: int | None) -> int:
    return points(*grades[:-1])


def _scorable(*grades: int | None) -> int:
    return len(UPPER) if grades[-1] else len(QUADRANTS)


def _state(grades: Grades) -> State:
    *scored, short = grades
    needed = scored if not short else [*scored[: len(UPPER)], *scored[len(QUADRANTS) :]]
    if None in needed:
        return State(None, None)
    added = points(*scored)
    return State("inflammation" if added else "none", added)


METHOD: Final = Method(
    code="sparcc-sij",
    version=1,
    title="SPARCC MRI sacroiliac joint inflammation",
    source="Maksymowych et al., Arthritis Rheum 2005;53:703-9",
    modalities=("MRI",),
    regions=("sij",),
    locations=numbered((f"{side} slice {number}", side, side) for side in ("right", "left") for number in range(1, 7)),
    items=(*scored_slice(QUADRANTS), Item(SHORT, YES_NO)),
    rules=(bonus(QUADRANTS), NotWith(LOWER, SHORT)),
    state_of=_state,
    scores=(
        summed("total", _points).within(0, 72),
        replace(summed("scorable quadrants", _scorable).within(24, 48), headline=False),
    ),
    unverified=(BONUS_RULE,),
)
