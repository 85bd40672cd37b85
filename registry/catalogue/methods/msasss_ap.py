"""mSASSS extended by the anteroposterior film of the lumbar spine: 0-3 a corner, total 0-144.

Llop M et al., Arthritis Res Ther 2019 (210 patients). The 24 anterior corners of the mSASSS, and on the a.p. film the
corners of T12 lower to S1 upper, 12 on the left and 12 on the right.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.corners import ANTERIOR, totals
from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.spine import LUMBAR, corners_of

LATERAL: Final = tuple(
    (f"{corner} a.p. {side}", f"lumbar a.p. {side}", unit)
    for side in ("left", "right")
    for unit in LUMBAR
    for corner in corners_of(unit)
)

METHOD: Final = Method(
    code="msasss-ap",
    version=1,
    title="mSASSS with the a.p. lumbar film",
    source="Llop et al., Arthritis Res Ther 2019",
    modalities=("XR",),
    regions=("spine", "lumbar-spine"),
    locations=numbered((*ANTERIOR, *LATERAL)),
    items=(Item(None, (0, 1, 2, 3)),),
    state_of=graded,
    scores=totals(144),
    unverified=(
        "names of the corners",
        "meaning of the grades",
        "at most 3 of 12 corners of a segment are imputed by the segment's mean",
    ),
)
