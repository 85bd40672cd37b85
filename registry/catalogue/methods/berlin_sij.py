"""The Berlin score of the sacroiliac joints: 0-3 a quadrant, total 0-24.

Hermann, Althoff et al.; doi 10.1136/ard.2010.147033, as spa-imaging.org describes it. Bone-marrow oedema of less than
33% (1), 33-66% (2) and more than 66% (3) of the quadrant's area, over all slices: thirds, where the score of the spine
of the same name has quarters and halves. A modified form of 24 regions is another method.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.imaging.scores import total

METHOD: Final = Method(
    code="berlin-sij",
    version=1,
    title="Berlin MRI sacroiliac joint score",
    source="doi 10.1136/ard.2010.147033",
    modalities=("MRI",),
    regions=("sij",),
    locations=numbered(
        (f"{side} {level} {bone}", side, side)
        for side in ("right", "left")
        for level in ("upper", "lower")
        for bone in ("iliac", "sacral")
    ),
    items=(Item(None, (0, 1, 2, 3)),),
    state_of=graded,
    scores=(total().within(0, 24),),
)
