"""Responses by the BASDAI: halved (BASDAI50), and the Danish registry's, halved or 2 points lower.

BASDAI50 as trials word it (an improvement of at least 50% from baseline); DANBIO's as its cohort studies print it,
at least 50% or 20 mm. Both verified there. A BASDAI that was 0 cannot improve.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.criteria.change import improved
from registry.catalogue.criteria.criterion import BASELINE, Criterion
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths

PERCENT: Final = 50
POINTS: Final = 2  # of 10


def basdai50(before: Columns, now: Columns) -> tuple[Truths, list[Truths]]:
    """Return whether the BASDAI fell by half or more."""
    met = improved(before["basdai"], now["basdai"], percent=PERCENT)
    return met, [met]


def basdai50_or_2(before: Columns, now: Columns) -> tuple[Truths, list[Truths]]:
    """Return whether the BASDAI fell by half or more, or by 2 points or more."""
    halved, _ = basdai50(before, now)
    met = halved | (before["basdai"] - now["basdai"] >= POINTS)
    return met, [met]


CRITERIA: Final = (
    Criterion(
        name="basdai50",
        rule="basdai50/1",
        title="BASDAI50",
        source="Braun et al., Lancet 2002;359:1187-93",
        against=BASELINE,
        inputs=("basdai",),
        kernel=basdai50,
    ),
    Criterion(
        name="basdai-response-danbio",
        rule="basdai-response/danbio",
        title="BASDAI response as in DANBIO: 50% or 2 points",
        source="DANBIO, clinical response in axial spondyloarthritis",
        against=BASELINE,
        inputs=("basdai",),
        kernel=basdai50_or_2,
    ),
)
