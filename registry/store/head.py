"""Where the log ends, and the end of each of its prefixes."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from registry.store.chain import GENESIS
from registry.store.schema import events


class Head(NamedTuple):
    """The last event of a log or of a prefix of it; position 0 and no recorded time where there is none.

    `recorded_at` is the recorded clock, µs UTC; `digest` has 32 bytes and stands for all events up to here.
    """

    position: int
    recorded_at: int | None
    digest: bytes


EMPTY = Head(0, None, GENESIS)


LAST = select(events.c.position, events.c.recorded_at, events.c.digest).order_by(events.c.position.desc()).limit(1)


def head_of(connection: Connection, until: int | None = None) -> Head:
    """Return the last event at or before a position, by default of the whole log."""
    row = connection.execute(LAST if until is None else LAST.where(events.c.position <= until)).one_or_none()
    return EMPTY if row is None else Head(row.position, row.recorded_at, row.digest)
