"""Holding each event of a log against the one before it, its stream and its own payload."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

from registry.domain.events import ERASURE
from registry.domain.stream_events import ERASURES, REST_ERASURE
from registry.store.chain import commitment, digest
from registry.store.damage import PROBLEMS_AT_MOST
from registry.store.head import Head

NEVER: Final = -(2**63)  # before any recorded time
ERASURE_TOPIC: Final = f"{ERASURE}/1".encode()
REST_ERASURE_TOPIC: Final = f"{REST_ERASURE}/1".encode()
ANNOUNCING: Final = {topic: topic for topic in (ERASURE_TOPIC, REST_ERASURE_TOPIC)}  # by equality: the one object

_BEFORE_TOPIC: Final = struct.Struct(">Q16sQI").pack  # as in `chain`, which a test holds this against
_AFTER_TOPIC: Final = struct.Struct(">q").pack


class Mismatch(NamedTuple):
    """Something that is not as it should be, and at which position."""

    position: int
    what: str


class Evidence(NamedTuple):
    """One row as it stands in the database, which may be anything: `topic` and `payload` are bytes."""

    position: int
    stream: bytes
    version: int
    topic: bytes
    event_version: int
    recorded_at: Any
    payload: bytes | None
    salt: bytes | None
    commitment: bytes
    digest: bytes


class ChainCheck:
    """What is remembered from one event to the next.

    A row is held against the digest that is stored before it, so that each damage is named where it is and not at every
    event after it. Where the digest before was itself changed, the one that it should have been does as well; and a
    gap in a stream that comes of a damage already named is not named a second time.
    """

    def __init__(self, start: Head) -> None:
        self.head = start
        self.events = self.erased = 0
        self.mismatches: list[Mismatch] = []
        self.versions: dict[bytes, int] = {}
        self.unannounced: dict[bytes, list[int]] = {}  # events without payload, until their stream says why
        self.erasures: set[bytes] = set()
        self._recorded_at = NEVER if start.recorded_at is None else start.recorded_at
        self._should_be: bytes | None = None  # the digest of the row before, where another is stored
        self._topics: dict[tuple[bytes, int], bytes] = {}

    def check(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Hold some events, in order, each against the one before.

        What is in order is settled here, in one expression a row; only what is not is looked into.
        """
        position, recorded_at, previous = self.head.position, self._recorded_at, self.head.digest
        versions, topics = self.versions, self._topics
        for row in rows:
            place, stream, version, name, event_version, instant, payload, salt, committed, stored = row
            try:
                topic = topics.get((name, event_version)) or self._topic(name, event_version)
                before = _BEFORE_TOPIC(place, stream, version, len(topic))
                in_order = (
                    sha256(previous + before + topic + _AFTER_TOPIC(instant) + committed).digest() == stored
                    and payload is not None
                    and sha256(salt + payload).digest() == committed
                    and place == position + 1
                    and instant >= recorded_at
                    and version == versions.get(stream, 0) + 1
                    and topic is not ERASURE_TOPIC
                    and topic is not REST_ERASURE_TOPIC
                )
            except (struct.error, TypeError, ValueError):
                in_order = False
            if in_order:
                versions[stream] = version
                position, recorded_at, previous = place, instant, stored
                continue
            self.head, self._recorded_at = Head(position, recorded_at, previous), recorded_at
            self._look_into(Evidence._make(row))
            position, recorded_at, previous = self.head.position, self._recorded_at, self.head.digest
        self.events += len(rows)
        self._recorded_at = recorded_at
        last = Evidence._make(rows[-1])
        self.head = Head(last.position, last.recorded_at, last.digest)

    def _topic(self, name: bytes, event_version: int) -> bytes:
        topic = name + f"/{event_version:d}".encode()
        return self._topics.setdefault((name, event_version), ANNOUNCING.get(topic, topic))

    def _look_into(self, row: Evidence) -> None:
        fitting = self._recomputed(self.head.digest, row)
        sound = row.digest in (fitting, self._recomputed(self._should_be, row))
        self._should_be = None if sound or row.position != self.head.position + 1 else fitting
        for what in self._problems(row, sound=sound):
            if len(self.mismatches) < PROBLEMS_AT_MOST:
                self.mismatches.append(Mismatch(row.position, what))
        self._remember(row, sound=sound)

    def _problems(self, row: Evidence, *, sound: bool) -> Iterator[str]:
        is_next = row.position == self.head.position + 1
        if not is_next:
            first, last = self.head.position + 1, row.position - 1
            missing = f" (@{first})" if first == last else f" (@{first} to @{last})" if 0 < first < last else ""
            yield f"follows @{self.head.position}: what was in between is missing{missing}"
        elif not sound:
            yield "the digest does not fit: stream, version, topic, recorded time, commitment or digest was changed"
        if not isinstance(row.recorded_at, int):
            yield "the recorded time is no number"
        elif row.recorded_at < self._recorded_at:
            yield f"recorded at {row.recorded_at} µs, before the event that it follows ({self._recorded_at} µs)"
        expected = self.versions.get(row.stream, 0) + 1
        if row.version != expected and not (self.mismatches and (sound or not is_next)):
            yield f"version {row.version} of its stream follows version {expected - 1}"
        if not _fits(row):
            yield "the commitment does not fit: payload, salt or commitment was changed"

    def _remember(self, row: Evidence, *, sound: bool) -> None:
        expected = self.versions.get(row.stream, 0) + 1
        moved = row.position != self.head.position + 1
        self.versions[row.stream] = row.version if sound or moved else expected
        if sound:
            self._recorded_at = row.recorded_at
        if row.payload is None:
            self.erased += 1
            self.unannounced.setdefault(row.stream, []).append(row.position)
        if row.topic == ERASURE.encode():
            self.erasures.add(row.stream)
        if row.topic in {topic.encode() for topic in ERASURES}:
            self.unannounced.pop(row.stream, None)
        self.head = Head(row.position, self._recorded_at, row.digest)

    @staticmethod
    def _recomputed(previous: bytes | None, row: Evidence) -> bytes | None:
        """Return the digest that an event should have, None where a value of it is none that an event can have."""
        if previous is None:
            return None
        try:
            return digest(
                previous,
                row.position,
                row.stream,
                row.version,
                topic=row.topic + f"/{row.event_version:d}".encode(),
                recorded_at=row.recorded_at,
                committed=row.commitment,
            )
        except (struct.error, TypeError, ValueError):
            return None


def _fits(row: Evidence) -> bool:
    """Return whether salt and payload are those of the commitment, or both were erased."""
    if row.payload is None:
        return row.salt is None
    try:
        return row.commitment == commitment(cast("bytes", row.salt), row.payload)
    except TypeError:
        return False
