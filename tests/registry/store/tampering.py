"""Tampering with a log as somebody could who owns its database: one byte, one row, the order, the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Final
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.verify import verify
from tests.registry.store.recording import record, run_without_triggers, study, visit

INTEGERS: Final = {"position": 8, "version": 4, "event_version": 4, "recorded_at": 8}  # bytes of the widest on both
COLUMNS: Final = (*INTEGERS, "stream", "topic", "payload", "salt", "commitment", "digest")
STREAMS: Final = tuple(UUID(int=(4 << 76) + number) for number in range(1, 8))


def recorded(database: Database, number: int) -> EventLog:
    """Record some events on seven streams, a few a batch; return the log."""
    return recorded_on(database, 0, number)


def recorded_on(database: Database, after: int, number: int) -> EventLog:
    """Record the events after a position, up to a number of them; return the log."""
    for first in range(after, number, 4):
        batch = [
            (study if place % 5 == 0 else visit)(
                *((f"MR-{place}",) if place % 5 == 0 else ()),
                stream=STREAMS[place % len(STREAMS)],
                version=place // len(STREAMS) + 1,
            )
            for place in range(first, min(first + 4, number))
        ]
        record(database, *batch, at=1_714_521_600_000_000 + first * 7_919)
    return EventLog(database)


def changed(value: int | bytes, dice: Random, width: int) -> int | bytes:
    """Return a value with one byte of it changed to another."""
    raw = bytearray(value.to_bytes(width, "big", signed=True) if isinstance(value, int) else value)
    raw[dice.randrange(len(raw))] ^= dice.randrange(1, 256)
    return int.from_bytes(raw, "big", signed=True) if isinstance(value, int) else bytes(raw)


@contextmanager
def tampered(database: Database, position: int, column: str, dice: Random) -> Iterator[bool]:
    """Change one byte of a column of an event for the block; yield whether the database took it."""
    before = _stored(database, position, column)
    after = changed(before, dice, INTEGERS.get(column, 0))
    place = after if column == "position" else position
    try:
        _write(database, position, column, after)
    except PersistenceError:
        yield False
        return
    yield True
    _write(database, int(place) if isinstance(place, int) else position, column, before)


def positions_named(log: EventLog) -> list[int]:
    """Return the positions that a verification finds fault with, in its order."""
    return [problem.position for problem in verify(log).problems if problem.position is not None]


def _stored(database: Database, position: int, column: str) -> int | bytes:
    texts = {"topic": "CAST(topic AS BLOB)", "payload": "CAST(payload AS BLOB)"}
    if database.engine.dialect.name == "postgresql":
        texts = {name: f"convert_to({name}, 'UTF8')" for name in texts} | {"stream": "uuid_send(stream)"}
    with database.reading() as connection:
        value = connection.exec_driver_sql(
            f"SELECT {texts.get(column, column)} FROM events WHERE position = {position}"
        ).scalar_one()
    assert isinstance(value, int | bytes)
    return value


def _write(database: Database, position: int, column: str, value: int | bytes) -> None:
    literal = _literal(database, column, value)
    unchecked = ("PRAGMA ignore_check_constraints = ON",) if database.engine.dialect.name == "sqlite" else ()
    run_without_triggers(database, *unchecked, f"UPDATE events SET {column} = {literal} WHERE position = {position}")


def _literal(database: Database, column: str, value: int | bytes) -> str:
    if isinstance(value, int):
        return str(value)
    if database.engine.dialect.name == "sqlite":
        return f"CAST(x'{value.hex()}' AS TEXT)" if column in ("topic", "payload") else f"x'{value.hex()}'"
    if column == "stream":
        return f"'{UUID(bytes=value)}'"
    data = f"decode('{value.hex()}', 'hex')"
    return f"convert_from({data}, 'UTF8')" if column in ("topic", "payload") else data
