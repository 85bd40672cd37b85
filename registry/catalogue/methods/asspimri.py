"""ASspiMRI-a, the activity score of spinal MRI: 0-6 a vertebral unit, total 0-138.

Braun J et al., Arthritis Rheum 2003;48:1126-36; as used in Baraliakos et al., J Rheumatol 2013;40:1891-6.
Grades 1-3 are bone-marrow oedema or enhancement of up to 25%, 26-50% and more than 50% of the unit; 4-6 the same
extents of erosion with oedema or enhancement. An erosion without inflammation grades 0. The chronicity
score ASspiMRI-c is another method and is never mixed with this one.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.imaging.scores import total
from registry.catalogue.spine import VERTEBRAL_UNITS

METHOD: Final = Method(
    code="asspimri",
    version=1,
    title="ASspiMRI-a, activity",
    source="Braun et al., Arthritis Rheum 2003;48:1126-36",
    modalities=("MRI",),
    regions=("spine", "cervical-spine", "thoracic-spine", "lumbar-spine"),
    locations=numbered(VERTEBRAL_UNITS),
    items=(Item(None, (0, 1, 2, 3, 4, 5, 6)),),
    state_of=graded,
    scores=(total(),),
)
