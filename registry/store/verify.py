"""Verification: the whole chain recomputed, to show that nothing was changed, removed or put in between."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement

from registry.store.chain import GENESIS, chained_topic, commitment, digest
from registry.store.freezes import Freeze, Freezes
from registry.store.head import EMPTY, Head
from registry.store.log import EventLog
from registry.store.schema import events

PROBLEMS_AT_MOST: Final = 100
BEFORE_ALL: Final = -(2**63)  # a damaged log can have positions below 1


class Damage(msgspec.Struct, frozen=True):
    """What is wrong, and at which position."""

    position: int
    what: str

    def __str__(self) -> str:
        return f"@{self.position}: {self.what}"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What the log was found to be: `erased` of its `events` have no payload any more; no `problems` is a whole log.

    `problems` come in the order of their positions, at most a hundred; the freezes that do not fit come last.
    """

    events: int
    erased: int
    head: Head
    problems: tuple[Damage, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class _Evidence(NamedTuple):
    """One row as it stands in the database."""

    position: int
    stream: bytes
    version: int
    topic: str
    event_version: int
    recorded_at: int
    payload: bytes | None
    salt: bytes | None
    commitment: bytes
    digest: bytes


def verify(log: EventLog) -> Verification:
    """Recompute the chain of a log from its first event, and hold each freeze against it.

    An event is held against the digest that is stored before it; so each damage is named where it is, and not at all
    events after it. Somebody who can write the database and recomputes all digests after a change is found out by a
    digest kept elsewhere: a freeze, or one that was printed or sent.
    """
    checker = _Checker(Freezes(log.database).all())
    for row in _evidence(log):
        checker.check(row)
    return checker.verification()


def _evidence(log: EventLog) -> Iterator[_Evidence]:
    as_bytes: dict[str, ColumnElement[Any]] = {
        "stream": log.database.stream_bytes,
        "payload": log.database.payload_bytes,
    }
    selected = [as_bytes.get(name, events.c[name]) for name in _Evidence._fields]
    for rows in log.pages(selected, after=BEFORE_ALL):
        yield from map(_Evidence._make, rows)


class _Checker:
    """What is remembered from one event to the next."""

    def __init__(self, freezes: Iterable[Freeze]) -> None:
        self.head = EMPTY
        self.events = self.erased = 0
        self.problems: list[Damage] = []
        self.frozen: list[Damage] = []
        self.versions: dict[bytes, int] = {}
        self.freezes: defaultdict[int, list[Freeze]] = defaultdict(list)
        for freeze in freezes:
            self.freezes[freeze.position].append(freeze)
        self._hold_freezes_against(0, GENESIS)

    def check(self, row: _Evidence) -> None:
        """Hold one event against the one before, its stream, its payload and the freezes at its position."""
        for what in self._found(row):
            if len(self.problems) < PROBLEMS_AT_MOST:
                self.problems.append(Damage(row.position, what))
        self._hold_freezes_against(row.position, row.digest)
        self.events += 1
        self.erased += row.payload is None
        self.versions[row.stream] = row.version
        self.head = Head(row.position, row.recorded_at, row.digest)

    def verification(self) -> Verification:
        """Return what was found, with the freezes that lie beyond the end."""
        for position, freezes in sorted(self.freezes.items()):
            for freeze in freezes:
                what = f"freeze {freeze.name!r} was made here, and the log has no such event: its end is missing"
                self.frozen.append(Damage(position, what))
        return Verification(
            events=self.events, erased=self.erased, head=self.head, problems=(*self.problems, *self.frozen)
        )

    def _found(self, row: _Evidence) -> Iterator[str]:
        last, version = self.head, self.versions.get(row.stream, 0)
        if row.position != last.position + 1:
            yield f"follows @{last.position}: what was in between is missing"
        elif row.digest != _recomputed(last.digest, row):
            yield "the digest does not fit: stream, version, topic, recorded time, commitment or digest was changed"
        if last.recorded_at is not None and row.recorded_at < last.recorded_at:
            yield f"recorded at {row.recorded_at} µs, before the event that it follows ({last.recorded_at} µs)"
        if row.version != version + 1:
            yield f"version {row.version} of its stream follows version {version}"
        if row.payload is not None and row.commitment != commitment(row.salt or b"", row.payload):
            yield "the commitment does not fit: payload, salt or commitment was changed"

    def _hold_freezes_against(self, position: int, found: bytes) -> None:
        for freeze in self.freezes.pop(position, ()):
            if freeze.digest != found:
                what = f"freeze {freeze.name!r} was made here with another digest: the log was rewritten"
                self.frozen.append(Damage(position, what))


def _recomputed(previous: bytes, row: _Evidence) -> bytes | None:
    """Return the digest that an event should have, None where a value of it is none that an event can have."""
    try:
        return digest(
            previous,
            row.position,
            row.stream,
            row.version,
            topic=chained_topic(row.topic, row.event_version),
            recorded_at=row.recorded_at,
            committed=row.commitment,
        )
    except (struct.error, TypeError):
        return None
