"""Sacroiliac joints on radiographs, graded as the modified New York criteria do: 0-4 a joint, sum 0-8.

van der Linden S, Valkenburg HA, Cats A. Arthritis Rheum 1984;27:361-8. Grades, from memory: 0 normal, 1 suspicious,
2 minimal, 3 definite, 4 ankylosis. Whether the two grades amount to definite sacroiliitis is a criterion over the
reading, `mny-radiographic`. The sum of both joints is in use (Protopopov M et al., Arthritis Res Ther 2017;19:240).
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.imaging.scores import total

JOINTS: Final = ("right joint", "left joint")

METHOD: Final = Method(
    code="mny-sij",
    version=1,
    title="Sacroiliac joints on radiographs, modified New York grades",
    source="van der Linden et al., Arthritis Rheum 1984;27:361-8",
    modalities=("XR",),
    regions=("sij",),
    locations=numbered((joint, joint.partition(" ")[0]) for joint in JOINTS),
    items=(Item(None, (0, 1, 2, 3, 4)),),
    state_of=graded,
    scores=(total().of_the_whole().within(0, 8),),
    unverified=("meaning of the grades",),
)
