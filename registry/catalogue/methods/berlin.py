"""The Berlin modification of the ASspiMRI-a for the spine: 0-3 a vertebral unit, total 0-69.

As used in Baraliakos et al., J Rheumatol 2013;40:1891-6: bone-marrow oedema of up to 25% (1), 26-50% (2) and
more than 50% (3) of the unit; an active erosion is scored by its inflammatory signal only. It cannot be derived
from the ASspiMRI-a, whose grades 4-6 say nothing of the extent of oedema. The Berlin score of the sacroiliac
joints is another method of the same name.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.imaging.scores import total
from registry.catalogue.spine import VERTEBRAL_UNITS

METHOD: Final = Method(
    code="berlin",
    version=1,
    title="Berlin MRI spine score",
    source="Berlin modification of the ASspiMRI-a; Baraliakos et al., J Rheumatol 2013;40:1891-6",
    modalities=("MRI",),
    regions=("spine", "cervical-spine", "thoracic-spine", "lumbar-spine"),
    locations=numbered(VERTEBRAL_UNITS),
    items=(Item(None, (0, 1, 2, 3)),),
    state_of=graded,
    scores=(total(),),
)
