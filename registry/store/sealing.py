"""Events as they come, turned into the rows that the log keeps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from struct import iter_unpack
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import DataError, StoredEvent

from registry.store.chain import SALT_BYTES, chained_topic, commitment, digest
from registry.store.head import Head
from registry.store.topics import split_topic

# One row of the log in the order of its columns: position, stream, version, topic, event_version, recorded_at (µs UTC),
# payload, salt, commitment, digest. A plain tuple: an import makes hundreds of thousands of them.
EventRow = tuple[int, bytes, int, str, int, int, str, bytes, bytes, bytes]


class EncodedEvent(NamedTuple):
    """What the library calls a stored event, made in a quarter of the time."""

    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes


def sealed(stored_events: Sequence[StoredEvent | EncodedEvent], head: Head, *, now: int) -> list[EventRow]:
    """Return the rows that follow `head`, all of one instant: `now` in µs UTC, or the head's where that is later.

    Raises `DataError` for a payload that is not text.
    """
    recorded_at = now if head.recorded_at is None else max(now, head.recorded_at)
    salts = iter_unpack(f"{SALT_BYTES}s", os.urandom(SALT_BYTES * len(stored_events)))
    topics = {topic: split_topic(topic) for topic in {stored.topic for stored in stored_events}}
    chained = {topic: chained_topic(*parts) for topic, parts in topics.items()}
    position, previous = head.position, head.digest
    rows = []
    for stored in stored_events:
        name, event_version = topics[stored.topic]
        stream, version = stream_bytes(stored.originator_id), stored.originator_version
        (salt,) = next(salts)
        committed = commitment(salt, stored.state)
        position += 1
        previous = digest(
            previous,
            position,
            stream,
            version,
            topic=chained[stored.topic],
            recorded_at=recorded_at,
            committed=committed,
        )
        text = _text(stored)
        rows.append((position, stream, version, name, event_version, recorded_at, text, salt, committed, previous))
    return rows


def stream_bytes(originator_id: UUID | str) -> bytes:
    """Return the 16 bytes that name a stream."""
    return (originator_id if isinstance(originator_id, UUID) else UUID(originator_id)).bytes


def _text(stored: StoredEvent | EncodedEvent) -> str:
    """Return the payload as the readable text that a log keeps, the same bytes on both stores."""
    try:
        text = stored.state.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise DataError(f"payload of {stored.topic}: not UTF-8 text; a log keeps readable JSON, uncompressed")
    return text
