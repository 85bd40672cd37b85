"""MRI remission: little inflammation left, by a score of the sacroiliac joints or of the spine.

Braun J et al., RMD Open 2017;3:e000430 (RAPID-axSpA): SPARCC below 2 in the sacroiliac joints, Berlin of the spine at
most 2; verified.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.scores import TOTAL
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import ScoreIs

SOURCE: Final = "Braun et al., RMD Open 2017;3:e000430"

CRITERIA: Final = (
    ImagingCriterion(
        name="sparcc-sij-remission",
        version=1,
        title="MRI remission of the sacroiliac joints, SPARCC below 2",
        source=SOURCE,
        methods=("sparcc-sij",),
        requires=ScoreIs(TOTAL, "below", 2),
    ),
    ImagingCriterion(
        name="berlin-remission",
        version=1,
        title="MRI remission of the spine, Berlin at most 2",
        source=SOURCE,
        methods=("berlin",),
        requires=ScoreIs(TOTAL, "at most", 2),
    ),
)
