"""All that a draft has found out of a source, before any of it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.intake.sources.draft.pivots import PivotFound
from registry.intake.sources.draft.repeats import Block
from registry.intake.sources.draft.samples import Sample
from registry.intake.sources.foreign_source import ForeignSource
from registry.intake.sources.mapping import SourceRule


class Found(NamedTuple):
    """All that was found out of a source, and what follows from it."""

    source: ForeignSource
    rule: SourceRule
    catalogue: Catalogue
    samples: Mapping[str, Sample]
    patient: str | None
    centre: str | None
    persons: Mapping[str, str]
    blocks: Sequence[Block]
    pivots: Sequence[PivotFound]
