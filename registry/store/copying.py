"""Rows of the log in PostgreSQL's binary format of COPY, in which nothing has to be written as text and read again.

A signature, then a row after the other: the number of its values, then for each its length in bytes and its bytes, all
numbers big-endian.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from struct import Struct, pack
from typing import Final

from registry.store.schema import EVENT_COLUMNS
from registry.store.sealing import EventRow

SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
BLOCK_BYTES: Final = 2**17  # sent at once

_BEFORE_TOPIC: Final = Struct(">hiqi16sii").pack
_LENGTH: Final = Struct(">i").pack
_AFTER_PAYLOAD: Final = Struct(">i16si32si32s").pack


def copy_blocks(rows: Iterable[EventRow]) -> Iterator[bytearray]:
    """Yield what COPY is to be given for some rows, a block at a time."""
    block = bytearray(SIGNATURE)
    for position, stream, version, topic, event_version, recorded_at, payload, salt, commitment, digest in rows:
        text = payload.encode()
        block += _BEFORE_TOPIC(len(EVENT_COLUMNS), 8, position, 16, stream, 4, version)
        block += _topic_to_recorded_at(topic, event_version, recorded_at)
        block += _LENGTH(len(text))
        block += text
        block += _AFTER_PAYLOAD(16, salt, 32, commitment, 32, digest)
        if len(block) > BLOCK_BYTES:
            yield block
            block = bytearray()
    yield block + END


@lru_cache
def _topic_to_recorded_at(topic: str, event_version: int, recorded_at: int) -> bytes:
    name = topic.encode()
    return pack(f">i{len(name)}siiiq", len(name), name, 4, event_version, 8, recorded_at)
