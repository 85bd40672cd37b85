"""What one rule warns of."""

from __future__ import annotations

import msgspec

from projections import facts_at
from projections.checks.all_warnings import table
from registry import Registry
from registry.domain.notes import Note
from registry.streams import encoded


def warned(registry: Registry, rule: str) -> list[tuple[str, str]]:
    """Return what a rule doubts: the reference of each fact, and what of it."""
    rows = table(facts_at(registry), rules=[rule]).to_pylist()
    return [(row["reference"], row["on"]) for row in rows]


def says(registry: Registry, rule: str) -> list[str]:
    """Return what a rule says of each fact that it doubts."""
    texts: list[str] = table(facts_at(registry), rules=[rule])["says"].to_pylist()
    return texts


def as_an_earlier_release_kept_it(registry: Registry, fact: str, **values: object) -> None:
    """State what no cell may hold any more and what the log of an earlier release may still have."""
    pseudonym = fact.split("/")[1]
    patient = registry.patient_batch.patients([pseudonym])[pseudonym]
    statement = msgspec.structs.replace(patient.standing(fact), **values)
    patient.amend(fact, statement, Note("tester", "an earlier release", "as it was kept"))
    registry.patient_batch.save([*map(encoded, patient.collect_events())])
