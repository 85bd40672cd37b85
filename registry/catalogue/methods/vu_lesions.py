"""Inflammation and erosion, yes or no, at 46 vertebral locations.

Baraliakos X, Listing J, Haibel H, Sieper J, Braun J. J Rheumatol 2013;40:1891-6: each of 23 vertebral units is
assessed in its anterior and its posterior part, inflammation on STIR and erosion on T1. An active erosion is an
erosion surrounded by inflammation, an inactive one an erosion without it; the four states exclude each other
(Table 1: 251 + 90 = 341 inflamed locations). Segments follow the paper's denominators, 6/11/6 units.

Activity ranks courses: none and inactive erosion 0, inflammation 1, active erosion 2. An erosion that could not be
assessed beside inflammation 0 leaves activity 0, for neither answer is active.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry.catalogue.imaging.method import Method, State
from registry.catalogue.imaging.places import Grades, Item, numbered
from registry.catalogue.imaging.scores import count
from registry.catalogue.spine import VERTEBRAL_UNITS

STATES: Final[dict[Grades, State]] = {  # (inflammation, erosion): state, activity
    (0, 0): State("none", 0),
    (1, 0): State("inflammation", 1),
    (1, 1): State("active-erosion", 2),
    (0, 1): State("inactive-erosion", 0),
    (0, None): State(None, 0),
}


def _state(grades: Grades) -> State:
    return STATES.get(grades, State(None, None))


METHOD: Final = Method(
    code="vu-lesions",
    version=1,
    title="Binary vertebral-unit lesion assessment",
    source="Baraliakos et al., J Rheumatol 2013;40:1891-6",
    modalities=("MRI",),
    regions=("spine", "cervical-spine", "thoracic-spine", "lumbar-spine"),
    locations=numbered(
        (f"{unit} {part}", segment, unit) for unit, segment in VERTEBRAL_UNITS for part in ("anterior", "posterior")
    ),
    items=(Item("inflammation", (0, 1)), Item("erosion", (0, 1))),
    state_of=_state,
    scores=(
        count("erosions", lambda inflammation, erosion: erosion == 1),
        count("inflammation", lambda inflammation, erosion: inflammation == 1),
        replace(
            count("inflammation-only", lambda inflammation, erosion: inflammation == 1 and erosion == 0),
            headline=False,  # what the inflammation and the active erosions say together
        ),
        count("active-erosions", lambda inflammation, erosion: inflammation == 1 and erosion == 1),
        count("inactive-erosions", lambda inflammation, erosion: inflammation == 0 and erosion == 1),
    ),
)
