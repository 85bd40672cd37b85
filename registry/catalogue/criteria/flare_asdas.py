"""Flare by the ASDAS: a rise of at least 0.9 from the reference visit, the ASAS clinically important worsening.

Molto A, Gossec L, Meghnathi B, et al. Ann Rheum Dis 2018;77:124-7; sensitivity 0.38 and specificity 0.96 for
worsening as patients report it; verified. The reference is to be named, as the last visit on the drug: after a
treatment that worked, a flare may only lead back to the baseline.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from registry.catalogue.criteria.asdas_response import CHANGES, changed
from registry.catalogue.criteria.criterion import REFERENCE, Criterion

RISE, _, SOURCE = CHANGES["worsening"]

CRITERIA: Final = tuple(
    Criterion(
        name=f"flare-asdas-{acute_phase}-09",
        rule=f"flare-asdas-{acute_phase}-09/1",
        title=f"flare: ASDAS-{acute_phase.upper()} higher by 0.9",
        source=SOURCE,
        against=REFERENCE,
        inputs=(f"asdas_{acute_phase}",),
        kernel=partial(changed, score=f"asdas_{acute_phase}", rise=RISE),
    )
    for acute_phase in ("crp", "esr")
)
