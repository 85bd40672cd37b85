"""MRI of the sacroiliac joints positive by the ASAS definition: the reader's own verdict on the whole.

Lambert RGW et al., Ann Rheum Dis 2016;75:1958-63. Bone-marrow oedema highly suggestive of sacroiliitis defines a
positive MRI; structural lesions may support the verdict and are not required. 0 is negative, 1 positive; without a
grade the reader cannot say. `active lesions` is the number that helped to decide, 99 standing for as many or more; the
rules of quantity are criteria beside the verdict and never replace it.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import Method, State
from registry.catalogue.imaging.places import Grades, Item, numbered
from registry.catalogue.imaging.scores import summed

VERDICTS: Final = ("negative", "positive")


def _state(grades: Grades) -> State:
    verdict = grades[0]
    return State(None, None) if verdict is None else State(VERDICTS[verdict], verdict)


METHOD: Final = Method(
    code="asas-mri-sij",
    version=1,
    title="MRI of the sacroiliac joints positive (ASAS)",
    source="Lambert et al., Ann Rheum Dis 2016;75:1958-63",
    modalities=("MRI",),
    regions=("sij",),
    locations=numbered((("both joints", "both joints"),)),
    items=(Item("positive", (0, 1)), Item("active lesions", tuple(range(100)))),
    state_of=_state,
    scores=(summed("positive", lambda positive, active: positive).of_the_whole().within(0, 1),),
)
