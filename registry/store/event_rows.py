"""The rows that the log keeps: sealed as the events come, and written out for a server's COPY.

PostgreSQL's binary format of COPY has a signature, then a row after the other: the number of its values, then for each
its length in bytes and its bytes, all numbers big-endian. So nothing has to be written as text and read again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from struct import Struct, iter_unpack, pack
from typing import Final
from uuid import UUID

import msgspec
from eventsourcing.persistence import DataError, StoredEvent

from registry.store.chain import SALT_BYTES, chained_topic, commitment, digest
from registry.store.head import Head, split_topic
from registry.store.schema import EVENT_COLUMNS

SALTED_AT_ONCE: Final = 1_000  # events; the system is asked for randomness once for all of them
SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
BLOCK_BYTES: Final = 2**17  # sent at once

_BEFORE_TOPIC: Final = Struct(">hiqi16sii").pack
_LENGTH: Final = Struct(">i").pack
_AFTER_PAYLOAD: Final = Struct(">i16si32si32s").pack

# One row of the log in the order of its columns: position, stream, version, topic, event_version, recorded_at (µs UTC),
# payload, salt, commitment, digest. A plain tuple of what SQLite's driver takes as it is: for each value that is of
# type `bytes` it would look for an adapter, which takes longer than to store it.
EventRow = tuple[int, bytearray, int, str, int, int, str, bytearray, bytearray, bytearray]


class EncodedEvent(msgspec.Struct, frozen=True, gc=False):
    """What the library calls a stored event, made in a fraction of the time."""

    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes


def sealed(stored_events: Iterable[StoredEvent | EncodedEvent], head: Head, *, now: int) -> Iterator[EventRow]:
    """Yield the rows that follow `head`, all of one instant: `now` in µs UTC, or the head's where that is later.

    Each row is made when it is asked for, so that none waits in memory for the others. Raises `DataError` for a payload
    that is not text.
    """
    recorded_at = now if head.recorded_at is None else max(now, head.recorded_at)
    position, previous = head.position, head.digest
    topics: dict[str, tuple[str, int, bytes]] = {}
    waiting = iter(stored_events)
    while salting := list(islice(waiting, SALTED_AT_ONCE)):
        salts = iter_unpack(f"{SALT_BYTES}s", os.urandom(SALT_BYTES * len(salting)))
        for stored, (salt,) in zip(salting, salts):
            topic, payload, version = stored.topic, stored.state, stored.originator_version
            if topic not in topics:
                topics[topic] = (*split_topic(topic), chained_topic(*split_topic(topic)))
            name, event_version, chained = topics[topic]
            stream = stream_bytes(stored.originator_id)
            committed = commitment(salt, payload)
            position += 1
            previous = digest(previous, position, stream, version, chained, recorded_at, committed)
            yield (
                position,
                bytearray(stream),
                version,
                name,
                event_version,
                recorded_at,
                _text(payload, topic),
                bytearray(salt),
                bytearray(committed),
                bytearray(previous),
            )


def stream_bytes(originator_id: UUID | str) -> bytes:
    """Return the 16 bytes that name a stream."""
    return (originator_id if isinstance(originator_id, UUID) else UUID(originator_id)).bytes


def _text(payload: bytes, topic: str) -> str:
    """Return a payload as the readable text that a log keeps, the same bytes on both stores."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise DataError(f"payload of {topic}: not UTF-8 text; a log keeps readable JSON, uncompressed")
    return text


def copy_blocks(rows: Iterable[EventRow]) -> Iterator[bytearray]:
    """Yield what COPY is to be given for some rows, a block at a time."""
    block = bytearray(SIGNATURE)
    for position, stream, version, topic, event_version, recorded_at, payload, salt, committed, chained in rows:
        text = payload.encode()
        block += _BEFORE_TOPIC(len(EVENT_COLUMNS), 8, position, 16, stream, 4, version)
        block += _topic_to_recorded_at(topic, event_version, recorded_at)
        block += _LENGTH(len(text))
        block += text
        block += _AFTER_PAYLOAD(16, salt, 32, committed, 32, chained)
        if len(block) > BLOCK_BYTES:
            yield block
            block = bytearray()
    yield block + END


@lru_cache
def _topic_to_recorded_at(topic: str, event_version: int, recorded_at: int) -> bytes:
    name = topic.encode()
    return pack(f">i{len(name)}siiiq", len(name), name, 4, event_version, 8, recorded_at)
