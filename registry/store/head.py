"""Where the log ends, and what each event gets there: its time, and its topic as the log keeps it.

The recorded clock counts microseconds since 1970-01-01 00:00 UTC, without leap seconds. The library knows one text a
topic: `VisitRecorded` is the first version of that event, `VisitRecorded/2` the second; the log keeps name and version
in two columns, so that one can ask for an event in all its versions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from registry.store.chain import GENESIS
from registry.store.schema import events

Clock = Callable[[], int]


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


def system_clock() -> int:
    """Return what the machine's clock says now, in µs UTC."""
    return time.time_ns() // 1000


@lru_cache
def split_topic(topic: str) -> tuple[str, int]:
    """Return the name and the event version that a topic stands for.

    >>> split_topic("VisitRecorded"), split_topic("VisitRecorded/2")
    (('VisitRecorded', 1), ('VisitRecorded', 2))
    """
    name, slash, number = topic.rpartition("/")
    if slash and number.isascii() and number.isdigit() and number[0] != "0" and int(number) > 1:
        return name, int(number)
    return topic, 1


def joined_topic(name: str, event_version: int) -> str:
    """Return the topic of an event in one of its versions; the reverse of `split_topic`.

    >>> joined_topic("VisitRecorded", 1), joined_topic("VisitRecorded", 2)
    ('VisitRecorded', 'VisitRecorded/2')
    """
    return name if event_version == 1 else f"{name}/{event_version}"
