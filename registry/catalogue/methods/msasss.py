"""mSASSS, the modified Stoke Ankylosing Spondylitis Spinal Score: 0-3 a corner, total 0-72.

Creemers MCW et al., Ann Rheum Dis 2005;64:127-9. Lateral radiographs; the anterior corners of C2 lower to T1 upper and
of T12 lower to S1 upper, 24 of them.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.corners import ANTERIOR, totals
from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered

METHOD: Final = Method(
    code="msasss",
    version=1,
    title="mSASSS, lateral radiographs",
    source="Creemers et al., Ann Rheum Dis 2005;64:127-9",
    modalities=("XR",),
    regions=("spine", "cervical-spine", "lumbar-spine"),
    locations=numbered(ANTERIOR),
    items=(Item(None, (0, 1, 2, 3)),),
    state_of=graded,
    scores=totals(72),
    unverified=(
        "names of the corners",
        "meaning of the grades",
        "at most 3 of 12 corners of a segment are imputed by the segment's mean",
    ),
)
