"""RASSS, the radiographic ankylosing spondylitis spinal score: total 0-84.

Baraliakos X et al., Arthritis Rheum 2009;61:764-71; Ramiro S et al., Arthritis Res Ther 2013;15:R14. The 24 corners of
the mSASSS and four of the lower thoracic spine, T10 lower to T12 upper. No erosion is scored anywhere and no squaring
in the cervical spine, where a corner is 0, 2 or 3. Thoracic corners are often missing: of 809 films the RASSS could be
computed in 78%, and in 58% of those thoracic corners were imputed, one or two of the four being there.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.corners import ANTERIOR, totals
from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.spine import THORACIC, corners_of

CERVICAL: Final = "cervical corner"
OTHER: Final = "other corner"
THORACIC_CORNERS: Final = tuple((corner, "thoracic", unit) for unit in THORACIC[-2:] for corner in corners_of(unit))
ORDERED: Final = (*ANTERIOR[:12], *THORACIC_CORNERS, *ANTERIOR[12:])

METHOD: Final = Method(
    code="rasss",
    version=1,
    title="RASSS, lateral radiographs",
    source="Baraliakos et al., Arthritis Rheum 2009;61:764-71; Ramiro et al., Arthritis Res Ther 2013;15:R14",
    modalities=("XR",),
    regions=("spine", "cervical-spine", "lumbar-spine"),
    locations=numbered((*place, CERVICAL if place[1] == "cervical" else OTHER) for place in ORDERED),
    items=(Item(None, (0, 1, 2, 3), {CERVICAL: (0, 2, 3)}),),
    state_of=graded,
    scores=totals(84),
    unverified=(
        "grades of cervical corners, which follow from the rule that no erosion and no squaring is scored there",
        "which four corners of T10 to T12",
        "at most 3 corners of a segment are imputed by the segment's mean",
    ),
)
