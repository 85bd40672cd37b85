"""What tests of campaigns start from, without a registry: a campaign and a key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from registry.domain.campaigns import Campaign

KEY: Final = bytes(range(32))


def campaign(**said: Any) -> Campaign:
    """A campaign of two readers who both read every study."""
    readers = said.get("readers", ("R1", "R2"))
    return Campaign(
        **{
            "campaign": "berlin-2014",
            "method": "berlin",
            "method_version": 1,
            "chosen_by": "studies",
            "chosen_in": None,
            "readers": readers,
            "unit": "study",
            "order": "masked",
            "readers_per_unit": len(readers),
            "repeats": Decimal(0),
            **said,
        }
    )
