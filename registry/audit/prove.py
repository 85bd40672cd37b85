"""Proves a fact out of a log: which event it rests on, and what leads from that to the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select, type_coerce
from sqlalchemy.types import NullType

from registry.audit.proof import FORMAT, Link, Proof, ProvedEvent, ProvedLog, check_proof
from registry.errors import ErasedPatientError, UnknownFactError, UnknownPointError
from registry.store.chain import GENESIS
from registry.store.head import Head
from registry.store.log import EventLog
from registry.store.merkle import path, root
from registry.store.payload_check import naming_damage
from registry.store.schema import events

DIGESTS_AT_ONCE: Final = 1 << 16  # a power of two: so the roots of whole blocks are a row of the tree


class _Fact(msgspec.Struct):
    fact: str


def root_at(log: EventLog, until: int) -> bytes:
    """Return the root over the digests of a log up to a position, 32 bytes."""
    return root([root(block) for block in _blocks(log, until)])


def last_event_of(log: EventLog, streams: set[UUID], fact: str, *, until: int) -> int:
    """Return the position of the last event of a fact up to a position. Raises `UnknownFactError`."""
    last = 0
    with naming_damage(log, until=until, streams=streams):
        for chunk in log.columns(until=until, streams=streams):
            for position, payload in zip(chunk.position, chunk.payload):
                if payload and f'"{fact}"' in payload and msgspec.json.decode(payload, type=_Fact).fact == fact:
                    last = position
    if last == 0:
        raise UnknownFactError(fact)
    return last


def proof_of(log: EventLog, position: int, head: Head, *, freeze: str | None = None, by_chain: bool = False) -> Proof:
    """Return the proof that the event at a position is in the log that ends at `head`.

    By the tree it has some forty hashes and ends in the root; `by_chain` it has a link for each later event and ends in
    the digest. Raises `UnknownPointError` for a position that the log does not have, `ErasedPatientError` where
    the payload was erased, `ProofError` where the log is damaged.
    """
    if not 1 <= position <= head.position:
        raise UnknownPointError(f"@{position}", f"the log goes from @1 to @{head.position} there", field="event")
    event = _event(log, position)
    if by_chain:
        end = ProvedLog(position=head.position, digest=head.digest.hex(), freeze=freeze)
        proof = Proof(format=FORMAT, event=event, log=end, links=tuple(_links(log, position, head.position)))
    else:
        digests = _digests(log, head.position)
        end = ProvedLog(position=head.position, digest=head.digest.hex(), root=root(digests).hex(), freeze=freeze)
        to_event, to_head = (tuple(each.hex() for each in path(digests, at - 1)) for at in (position, head.position))
        proof = Proof(format=FORMAT, event=event, log=end, path=to_event, head_path=to_head)
    check_proof(proof)
    return proof


def _event(log: EventLog, position: int) -> ProvedEvent:
    names = ("version", "topic", "event_version", "recorded_at", "payload", "salt")
    statement = select(log.database.stream_bytes, *(events.c[name] for name in names))
    with log.database.reading() as connection:
        [row] = connection.execute(statement.where(events.c.position == position))
        previous = connection.scalar(select(events.c.digest).where(events.c.position == position - 1))
    stream, version, topic, event_version, recorded_at, payload, salt = row
    if payload is None:
        raise ErasedPatientError
    return ProvedEvent(
        position=position,
        stream=UUID(bytes=stream),
        version=version,
        topic=topic,
        event_version=event_version,
        recorded_at=recorded_at,
        payload=payload,
        salt=salt.hex(),
        previous=(previous or GENESIS).hex(),
    )


def _digests(log: EventLog, until: int) -> list[bytes]:
    return [digest for block in _blocks(log, until) for digest in block]


def digests_of(log: EventLog, after: int, last: int) -> list[bytes]:
    """Return the digests of a log after a position up to another one."""
    statement = select(type_coerce(events.c.digest, NullType())).order_by(events.c.position)
    with log.database.reading() as connection:
        return list(connection.scalars(statement.where(events.c.position > after, events.c.position <= last)))


def _blocks(log: EventLog, until: int) -> Iterator[list[bytes]]:
    for after in range(0, until, DIGESTS_AT_ONCE):
        yield digests_of(log, after, min(after + DIGESTS_AT_ONCE, until))


def _links(log: EventLog, after: int, until: int) -> list[Link]:
    columns = (log.database.stream_bytes, *(events.c[n] for n in ("version", "topic", "event_version", "recorded_at")))
    return [
        Link(UUID(bytes=stream), version, f"{topic}/{event_version}", recorded_at, committed.hex())
        for _, stream, version, topic, event_version, recorded_at, committed in _rows(
            log, after, until, *columns, events.c.commitment
        )
    ]


def _rows(log: EventLog, after: int, until: int, *columns: Any) -> list[Any]:
    pages = log.pages([events.c.position, *columns], events.c.position <= until, after=after)
    return [row for rows in pages for row in rows]
