"""The tables of facts: the name of each, the kind of fact that its rows state, and the key of a row.

They are the same whatever a registry collects; which columns they have is the catalogue's (`registry.schema.tables`).
Assignments are made by campaigns, and no file can deliver any.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class FactTable(NamedTuple):
    """One table: the file's stem, the kind of fact that a row states, the key columns."""

    name: str
    kind: str
    key: tuple[str, ...]


FACT_TABLES: Final = {
    name: FactTable(name, kind, tuple(key.split()))
    for name, kind, key in (
        ("patients", "patient", "patient"),
        ("follow_ups", "follow-up", "patient resumed_on"),
        ("visits", "visit", "patient visited_on visit"),
        ("treatments", "treatment", "patient agent started_on"),
        ("flares", "flare", "patient started_on"),
        ("adverse_events", "adverse-event", "patient term started_on"),
        ("conditions", "condition", "patient condition started_on"),
        ("imaging", "imaging", "study"),
        ("readings", "reading", "study reader method session"),
        ("lesions", "lesion", "baseline_study followup_study reader lesion"),
    )
}
ASSIGNMENTS: Final = FactTable("assignments", "assignment", ("study", "campaign", "reader", "repeat"))  # of no file
TABLE_OF_KIND: Final = {table.kind: table for table in (*FACT_TABLES.values(), ASSIGNMENTS)}
