"""Which kinds of facts the rows of a table come from: where none of a patient's changed, they are as they were.

A test holds the list against what each table reads.
"""

from __future__ import annotations

from typing import Final

ALWAYS: Final = frozenset({"patients", "follow_ups"})  # who is enrolled, and who withdrew consent
READINGS: Final = frozenset({"imaging", "readings", "lesions"})
KINDS_READ: Final[dict[str, frozenset[str]]] = {
    "patients": frozenset({"visits", "imaging"}),
    "follow_ups": frozenset(),
    "visits": frozenset({"visits"}),
    "measures": frozenset({"visits"}),
    "treatments": frozenset({"treatments"}),
    "flares": frozenset({"flares", "treatments"}),
    "adverse_events": frozenset({"adverse_events"}),
    "conditions": frozenset({"conditions"}),
    "imaging": frozenset({"imaging"}),
    "readings": READINGS,
    "findings": READINGS,
    "lesion_states": READINGS,
    "lesion_courses": READINGS,
    "lesion_episodes": READINGS,
    "scores": READINGS,
    "final_scores": READINGS | {"assignments"},
    "reading_criteria": READINGS,
    "responses": frozenset({"treatments", "visits"}),
}


def kinds_read(table: str) -> frozenset[str]:
    """Return the kinds of facts from which a table of a feed comes, by the names of their tables."""
    return KINDS_READ[table] | ALWAYS
