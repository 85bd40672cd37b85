"""SPARCC MRI spine inflammation index, all 23 discovertebral units: 0-18 a unit, total 0-414.

Maksymowych WP et al., Arthritis Rheum 2005;53:502-9. STIR; each unit on three consecutive sagittal slices, four
quadrants a slice, and a point for a lesion as bright as cerebrospinal fluid and one for a lesion of 1 cm or more in
depth. Units are divided as the Canadian and Danish readers do, T12/L1 being thoracic.

`total-prorated` takes a reading of 60 of the 69 slices or more for all of them; no such rule was published.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import numbered
from registry.catalogue.imaging.policies import Prorate
from registry.catalogue.imaging.scores import summed
from registry.catalogue.imaging.sparcc import BONUS_RULE, bonus, inflamed, points, scored_slice
from registry.catalogue.spine import DISCOVERTEBRAL_UNITS

QUADRANTS: Final = ("upper anterior", "upper posterior", "lower anterior", "lower posterior")
SLICES: Final = (1, 2, 3)
PLACES: Final = tuple(
    (f"{unit} slice {number}", segment, unit) for unit, segment in DISCOVERTEBRAL_UNITS for number in SLICES
)
TOTAL: Final = summed("total", points)

METHOD: Final = Method(
    code="sparcc-spine-23",
    version=1,
    title="SPARCC MRI spine inflammation, 23 levels",
    source="Maksymowych et al., Arthritis Rheum 2005;53:502-9",
    modalities=("MRI",),
    regions=("spine",),
    locations=numbered(PLACES),
    items=scored_slice(QUADRANTS),
    rules=(bonus(QUADRANTS),),
    state_of=inflamed,
    scores=(
        TOTAL.by_groups().within(0, 414),
        TOTAL.named("total-prorated").with_policy(Prorate(at_least=60)),
    ),
    unverified=("numbers of slices, quadrants and bonus points", BONUS_RULE, "total-prorated: the limit of 60 slices"),
)
