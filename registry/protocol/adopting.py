"""Adopting a protocol: the next edition of what a registry collects, as one event of a stream of the registry's own."""

from __future__ import annotations

from registry.catalogue.protocol import Protocol
from registry.domain.notes import Note, who
from registry.domain.protocols import ProtocolAdopted
from registry.domain.registry_streams import PROTOCOLS
from registry.protocol.adopted import Adoption, adoption_at
from registry.store.head import Clock
from registry.store.log import EventLog
from registry.store.registry_events import append_event


def adopt(log: EventLog, protocol: Protocol, note: Note, *, clock: Clock) -> Adoption:
    """Adopt a protocol, and return the edition that it is; one that holds already is adopted no second time.

    It is decided inside the write lock, where nobody adopts another one meanwhile.
    """
    actor = who(note.actor)
    with log.database.appending() as (connection, _):
        held = adoption_at(log)
        if held is not None and held.adopted.protocol == protocol:
            return held
        edition = held.adopted.edition + 1 if held else 1
        adopted = ProtocolAdopted(
            edition=edition, actor=actor, source=note.source, reason=note.reason, protocol=protocol
        )
        head = append_event(log.database, connection, PROTOCOLS, adopted, now=clock())
        assert head.recorded_at is not None, "an event was recorded just now"
        return Adoption(head.position, head.recorded_at, adopted)
