"""What the scores of vertebral corners on radiographs have in common: corners, grades, what is missing, progression.

A corner is graded 0 (normal), 1 (erosion, sclerosis or squaring), 2 (syndesmophyte) or 3 (bridging, which both corners
of the disc space have). Corners that cannot be assessed take the mean of the others of their segment on the same film
where at most three are missing; whoever wants none made up takes `total-complete`. Of a change a corner that is missing
on one film may be taken from the other, so that it adds nothing: `total-carried`.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.policies import Carry, CompleteOnly, Impute
from registry.catalogue.imaging.scores import Score, total
from registry.catalogue.spine import CERVICAL, LUMBAR, corners_of

MISSING_AT_MOST: Final = 3  # corners of a segment
ANTERIOR: Final = (  # corner, segment, disc
    *((corner, "cervical", unit) for unit in CERVICAL for corner in corners_of(unit)),
    *((corner, "lumbar", unit) for unit in LUMBAR for corner in corners_of(unit)),
)


def totals(highest: int) -> tuple[Score, ...]:
    """Return the total with corners imputed by segment, the one of complete films, and that for changes of pairs."""
    imputing = Impute(MISSING_AT_MOST)
    return (
        total().with_policy(imputing).within(0, highest),
        total().named("total-complete").with_policy(CompleteOnly()),
        total().named("total-carried").with_policy(imputing, change=Carry()),
    )
