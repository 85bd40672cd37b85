"""Which protocol a registry had at a position of its log, found by the index of the stream and not by the log.

A later edition has all that an earlier one had: what ended is there, marked. So the last one that was adopted up to a
position describes all that was recorded up to it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, select

from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.catalogue.extended import extended
from registry.domain.protocols import ProtocolAdopted
from registry.domain.registry_streams import PROTOCOLS
from registry.protocol.schedule import AskedVisit, schedule_of
from registry.store.log import EventLog
from registry.store.schema import events

CATALOGUES_REMEMBERED: Final = 8
DECODER: Final = msgspec.json.Decoder(ProtocolAdopted)


class Adoption(NamedTuple):
    """An edition of a registry's protocol: its position in the log, the recorded instant (µs UTC), what was adopted."""

    position: int
    recorded_at: int
    adopted: ProtocolAdopted


def catalogue_at(log: EventLog, position: int | None = None) -> Catalogue:
    """Return what could be recorded at a position of a log, by default its end, and in which words."""
    found = adoption_at(log, position)
    return BUILT_IN if found is None else _catalogue(msgspec.json.encode(found.adopted))


def adoption_at(log: EventLog, position: int | None = None) -> Adoption | None:
    """Return the edition that held at a position, by default at the end; None where none was adopted by then."""
    until = [] if position is None else [events.c.position <= position]
    found = _adoptions(log, *until, at_most=1)
    return found[0] if found else None


def schedule_at(log: EventLog, position: int) -> tuple[AskedVisit, ...]:
    """Return the scheduled visits of all editions adopted up to a position of a log; see `schedule_of`."""
    return schedule_of(_adoptions(log, events.c.position <= position)[::-1])


def adoptions(log: EventLog) -> list[Adoption]:
    """Return every edition that a registry adopted, the oldest first."""
    return _adoptions(log)[::-1]


def _adoptions(log: EventLog, *until: ColumnElement[bool], at_most: int | None = None) -> list[Adoption]:
    """Return the editions up to a position, the newest first."""
    database = log.database
    statement = select(events.c.position, events.c.recorded_at, database.payload_bytes).where(
        database.in_streams([PROTOCOLS.id.bytes]), *until
    )
    with database.reading() as connection:
        found = connection.execute(statement.order_by(events.c.version.desc()).limit(at_most)).all()
    return [Adoption(position, recorded_at, DECODER.decode(payload)) for position, recorded_at, payload in found]


@lru_cache(CATALOGUES_REMEMBERED)
def _catalogue(adopted: bytes) -> Catalogue:
    event = DECODER.decode(adopted)
    return extended(BUILT_IN, event.protocol, edition=event.edition)
