"""Minimally important improvement of the SPARCC MRI scores.

Maksymowych WP et al., J Rheumatol 2012;39:1666-74: changes of 5.0 of the spine (six levels) and of 2.5 of the
sacroiliac joints; both limits verified. Readings are whole numbers, so that one reader's change reaches 2.5 at 3; the
mean of two readers reaches it at 2.5. Whether two readings of six levels are at the same ones is looked at, for of
different levels no change can be said.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from registry.catalogue.imaging.scores import TOTAL
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import Changed

SOURCE: Final = "Maksymowych et al., J Rheumatol 2012;39:1666-74"

CRITERIA: Final = (
    ImagingCriterion(
        name="sparcc-sij-mic",
        version=1,
        title="Minimally important improvement of the sacroiliac joints, SPARCC 2.5",
        source=SOURCE,
        methods=("sparcc-sij",),
        requires=Changed(TOTAL, Fraction("-2.5")),
    ),
    ImagingCriterion(
        name="sparcc-spine-6-mic",
        version=1,
        title="Minimally important improvement of the spine, SPARCC 5 over six levels",
        source=SOURCE,
        methods=("sparcc-spine-6",),
        requires=Changed(TOTAL, Fraction(-5)),
        unverified=("that both readings are of the same levels",),
    ),
)
