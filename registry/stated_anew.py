"""Stating facts anew that stay, when older events of them go because they name somebody who is erased."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import asdict, replace

from registry.domain.events import StatementEvent
from registry.domain.kinds import KINDS
from registry.domain.notes import Note, StreamEvent
from registry.domain.origins import Origin
from registry.domain.patient import Patient

WHY = "stated anew: an event of it named a patient who was erased"


def stated_anew(whole: Patient, kept: Patient, facts: Iterable[str], note: Note) -> list[StreamEvent]:
    """Return the events by which facts are again what they are to a patient, `kept` being what is left of the `whole`.

    What stands is stated, with all that sources said of it; what was withdrawn is withdrawn.
    """
    note = Note(note.actor, note.source, WHY)
    standing = frozenset(kept.facts)
    for fact in facts:
        carried = whole.carried(fact)
        for source in kept.memories.of(fact).keys() - carried.memories.keys():
            kept.confirm(fact, replace(note, origin=Origin(source=source)))
        if carried.statement is not None or fact not in kept.facts:
            kept.take_over(carried, fact, note)
        else:
            kept.retract(fact, note)
    return [replace(placed, event=_anew(placed.event, standing)) for placed in kept.collect_events()]


def _anew(event: object, standing: frozenset[str]) -> object:
    """Return an event of a fact that came from nobody; where it stands already, its first statement amends it."""
    if not isinstance(event, StatementEvent):
        return event
    kind = KINDS[event.fact.partition("/")[0]]
    is_first = isinstance(event, kind.recorded) and event.fact in standing
    return (kind.amended if is_first else type(event))(**{**asdict(event), "moved_from": None, "reason": WHY})
