"""Events as they come, turned into the rows that the log keeps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import DataError, StoredEvent

from registry.store.chain import SALT_BYTES, Link, commitment, digest
from registry.store.head import Head
from registry.store.topics import split_topic


class EventRow(NamedTuple):
    """One row of the log, in the order of its columns."""

    position: int
    stream: bytes
    version: int
    topic: str
    event_version: int
    recorded_at: int
    payload: str
    salt: bytes
    commitment: bytes
    digest: bytes


def sealed(stored_events: Sequence[StoredEvent], head: Head, *, now: int) -> list[EventRow]:
    """Return the rows that follow `head`, all of one instant: `now` in µs UTC, or the head's where that is later.

    Raises `DataError` for a payload that is not text.
    """
    recorded_at = now if head.recorded_at is None else max(now, head.recorded_at)
    salts = os.urandom(SALT_BYTES * len(stored_events))
    previous = head.digest
    rows = []
    for index, stored in enumerate(stored_events):
        name, event_version = split_topic(stored.topic)
        salt = salts[index * SALT_BYTES : (index + 1) * SALT_BYTES]
        link = Link(
            position=head.position + 1 + index,
            stream=stream_bytes(stored.originator_id),
            version=stored.originator_version,
            topic=f"{name}/{event_version}",
            recorded_at=recorded_at,
            commitment=commitment(salt, stored.state),
        )
        previous = digest(previous, link)
        rows.append(
            EventRow(
                position=link.position,
                stream=link.stream,
                version=link.version,
                topic=name,
                event_version=event_version,
                recorded_at=recorded_at,
                payload=_text(stored),
                salt=salt,
                commitment=link.commitment,
                digest=previous,
            )
        )
    return rows


def stream_bytes(originator_id: UUID | str) -> bytes:
    """Return the 16 bytes that name a stream."""
    return (originator_id if isinstance(originator_id, UUID) else UUID(originator_id)).bytes


def _text(stored: StoredEvent) -> str:
    """Return the payload as the readable text that a log keeps, the same bytes on both stores."""
    try:
        text = stored.state.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise DataError(f"payload of {stored.topic}: not UTF-8 text; a log keeps readable JSON, uncompressed")
    return text
