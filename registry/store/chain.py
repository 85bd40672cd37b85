"""How each event is bound to everything recorded before it.

    commitment = SHA-256(salt ‖ payload)
    digest     = SHA-256(previous ‖ position ‖ stream ‖ version ‖ length ‖ topic ‖ recorded_at ‖ commitment)

| part | bytes | what |
|---|---|---|
| salt | 16 | random; without it, a short payload could be guessed from its commitment |
| payload | any | the event as UTF-8 JSON, as it was recorded |
| previous | 32 | digest of the event before; 32 zero bytes before the first |
| position | 8 | unsigned, big-endian |
| stream | 16 | the patient's stream, a UUID in network order |
| version | 8 | unsigned, big-endian; place of the event in its stream |
| length | 4 | unsigned, big-endian; bytes of `topic` |
| topic | length | UTF-8 of topic, `/` and event version, as `VisitRecorded/1` |
| recorded_at | 8 | signed, big-endian; µs UTC since 1970 |
| commitment | 32 | as above |

The digest covers the commitment and not the payload, so that a payload can be erased and the chain still be verified.
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct
from typing import Final

GENESIS: Final = bytes(32)  # what the first event follows
SALT_BYTES: Final = 16

_BEFORE_TOPIC: Final = Struct(">Q16sQI").pack
_AFTER_TOPIC: Final = Struct(">q").pack


def commitment(salt: bytes, payload: bytes) -> bytes:
    """Return what binds an event to its payload without saying it, 32 bytes."""
    return sha256(salt + payload).digest()


def digest(
    previous: bytes, position: int, stream: bytes, version: int, topic: bytes, recorded_at: int, committed: bytes
) -> bytes:
    """Return what binds an event to all events before it, 32 bytes."""
    before = _BEFORE_TOPIC(position, stream, version, len(topic))
    return sha256(previous + before + topic + _AFTER_TOPIC(recorded_at) + committed).digest()


def chained_topic(name: str, event_version: int) -> bytes:
    """Return a topic as the digest covers it, always with its version.

    >>> chained_topic("VisitRecorded", 1)
    b'VisitRecorded/1'
    """
    return f"{name}/{event_version}".encode()
