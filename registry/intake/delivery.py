"""A batch as a source delivers it."""

from __future__ import annotations

from typing import NamedTuple

from registry.intake.batch import Batch


class Delivery(NamedTuple):
    """A batch as a source delivers it: the name of the source, who imports, why what changed is amended."""

    batch: Batch
    source: str
    actor: str
    reason: str
