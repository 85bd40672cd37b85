"""SPARCC MRI sacroiliac joint structural score: fat 0-40, erosion 0-40, backfill 0-20, ankylosis 0-20.

Maksymowych WP et al., J Rheumatol 2015;42:79-86 (doi 10.3899/jrheum.140519), as spa-imaging.org describes it. T1; each
joint on five consecutive slices through its cartilaginous part; fat metaplasia and erosion by quadrant, backfill and
ankylosis by half, each there or not. Four scores: their sum is no outcome of the method. Beside them two composite
scores of damage, which weigh erosion, backfill and ankylosis: 0.5, 1 and 1 (equal), and 1, 4 and 6 (stepwise).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry.catalogue.imaging.method import Method, State
from registry.catalogue.imaging.places import Grades, Item, numbered
from registry.catalogue.imaging.scores import Score, summed

QUADRANT, HALF = "quadrant", "half"
QUADRANTS: Final = ("upper iliac", "upper sacral", "lower iliac", "lower sacral")
HALVES: Final = ("upper half", "lower half")
YES_NO: Final = (0, 1)
LESIONS: Final = ("fat", "erosion", "backfill", "ankylosis")
OF_PART: Final = {QUADRANT: (0, 1), HALF: (2, 3)}  # which of the lesions are graded where


def _state(grades: Grades) -> State:
    graded = [each for places in OF_PART.values() if any(grades[at] is not None for at in places) for each in places]
    if not graded or any(grades[at] is None for at in graded):
        return State(None, None)
    present = [LESIONS[at] for at in graded if grades[at]]
    return State("-and-".join(present) or "none", len(present))


def _sum(lesion: str, part: str, highest: int) -> Score:
    place = LESIONS.index(lesion)
    return summed(lesion, lambda *grades: grades[place] or 0).over_parts(part).within(0, highest)


def _damage(name: str, weights: tuple[int, int, int]) -> Score:
    """Return a score of damage: what erosion, backfill and ankylosis add, each by its weight."""

    def added(fat: int | None, *lesions: int | None) -> int:
        return sum(weight * (lesion or 0) for weight, lesion in zip(weights, lesions))

    return summed(name, added).named(name)


METHOD: Final = Method(
    code="sparcc-sss",
    version=1,
    title="SPARCC MRI sacroiliac joint structural score",
    source="Maksymowych et al., J Rheumatol 2015;42:79-86",
    modalities=("MRI",),
    regions=("sij",),
    locations=numbered(
        (f"{side} slice {number} {place}", side, f"{side} slice {number}", part)
        for side in ("right", "left")
        for number in range(1, 6)
        for part, places in ((QUADRANT, QUADRANTS), (HALF, HALVES))
        for place in places
    ),
    items=(
        *(Item(lesion, YES_NO, {HALF: ()}) for lesion in LESIONS[:2]),
        *(Item(lesion, YES_NO, {QUADRANT: ()}) for lesion in LESIONS[2:]),
    ),
    state_of=_state,
    scores=(
        _sum("fat", QUADRANT, 40),
        _sum("erosion", QUADRANT, 40),
        _sum("backfill", HALF, 20),
        _sum("ankylosis", HALF, 20),
        replace(_damage("csds-equal", (1, 2, 2)), parts_of_one=2).within(0, 60),
        _damage("csds-stepwise", (1, 4, 6)).within(0, 240),
    ),
)
