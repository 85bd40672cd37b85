"""The imports of a registry, as the log has them: what was delivered, by whom, and by which mapping it was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import select

from registry.domain.batches import BatchRecorded
from registry.domain.registry_streams import BATCHES
from registry.store.log import EventLog
from registry.store.schema import events

DECODER: Final = msgspec.json.Decoder(BatchRecorded)


class ImportedBatch(NamedTuple):
    """An import: its own position in the log, the recorded instant (µs UTC), and what is told of it as a whole.

    Its facts are the events from position `batch.first` on, to the one before its own.
    """

    position: int
    recorded_at: int
    batch: BatchRecorded


def imported_batches(log: EventLog, position: int | None = None) -> list[ImportedBatch]:
    """Return the imports up to a position of a log, by default all, the oldest first."""
    database = log.database
    until = [] if position is None else [events.c.position <= position]
    statement = select(events.c.position, events.c.recorded_at, database.payload_bytes).where(
        database.in_streams([BATCHES.id.bytes]), *until
    )
    with database.reading() as connection:
        found = connection.execute(statement.order_by(events.c.version)).all()
    return [ImportedBatch(at, recorded_at, DECODER.decode(payload)) for at, recorded_at, payload in found]


def batch_with(batches: Sequence[ImportedBatch], position: int) -> ImportedBatch | None:
    """Return the import with which the event at a position came, None where it came with none."""
    return next((each for each in batches if each.batch.first <= position < each.position), None)
