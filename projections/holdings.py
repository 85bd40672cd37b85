"""How much there is of everything at a point in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from projections.point_in_time import Facts

HOLDINGS: Final = ("patients", "visits", "treatments", "flares", "adverse_events", "imaging", "readings", "lesions")


def holdings(facts: Facts) -> dict[str, int]:
    """Return the number of facts of every kind at the point in time."""
    return {name: facts.count(name) for name in HOLDINGS}
