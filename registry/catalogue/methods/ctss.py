"""CTSS, the CT syndesmophyte score of the whole spine: 0-3 a site, total 0-552.

De Koning A, de Bruin F et al.; numbers as in PMC7113090, Table 4. Low-dose CT; each of 23 disc spaces at eight sites
around it, four of each of the two vertebrae.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method, graded
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.imaging.scores import total
from registry.catalogue.spine import DISCOVERTEBRAL_UNITS, corners_of

SIDES: Final = ("anterior", "posterior", "left", "right")

METHOD: Final = Method(
    code="ctss",
    version=1,
    title="CT syndesmophyte score",
    source="PMC7113090",
    modalities=("CT",),
    regions=("spine",),
    locations=numbered(
        (f"{corner} {side}", segment, unit)
        for unit, segment in DISCOVERTEBRAL_UNITS
        for corner in corners_of(unit)
        for side in SIDES
    ),
    items=(Item(None, (0, 1, 2, 3)),),
    state_of=graded,
    scores=(total().by_groups().within(0, 552),),
    unverified=("names of the eight sites of a disc space", "meaning of the grades"),
)
