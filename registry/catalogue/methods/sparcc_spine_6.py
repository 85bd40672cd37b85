"""SPARCC MRI spine inflammation index, the six most affected discovertebral units: 0-18 a unit, total 0-108.

Maksymowych WP et al., Arthritis Rheum 2005;53:502-9. As the index of 23 units, of six that the reader selects: what was
not selected is no part of the reading. Where fewer are affected, six are named and the others graded 0. It cannot be
had from a reading of 23 units, nor the other way round. A pair of studies is read at the same six levels.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import numbered
from registry.catalogue.imaging.policies import Selected
from registry.catalogue.imaging.scores import summed
from registry.catalogue.imaging.sparcc import BONUS_RULE, bonus, inflamed, points, scored_slice
from registry.catalogue.methods.sparcc_spine_23 import PLACES, QUADRANTS

METHOD: Final = Method(
    code="sparcc-spine-6",
    version=1,
    title="SPARCC MRI spine inflammation, 6 levels",
    source="Maksymowych et al., Arthritis Rheum 2005;53:502-9",
    modalities=("MRI",),
    regions=("spine",),
    locations=numbered(PLACES),
    items=scored_slice(QUADRANTS),
    rules=(bonus(QUADRANTS),),
    state_of=inflamed,
    scores=(summed("total", points).of_the_whole().with_policy(Selected(6)).within(0, 108),),
    unverified=(
        "numbers of slices, quadrants and bonus points",
        BONUS_RULE,
        "six levels are named where fewer are affected",
        "a pair of studies is read at the same six levels",
    ),
)
