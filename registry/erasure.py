"""Erasing a patient: what would go, the one path by which it goes, and what is said of it afterwards, and may not be.

An event loses what it said by payload and salt of its stream becoming null, both at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, select, update

from registry.domain.days import instant
from registry.domain.events import ERASURE
from registry.domain.events_1 import of_a_file
from registry.domain.naming import is_named_in
from registry.domain.notes import Note
from registry.domain.origins import Origin
from registry.domain.stream_events import ERASURES
from registry.errors import ErasedPatientError, MissingValueError, RefusalError
from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.schema import events


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure took away, or would take: events by kind of fact, and the files that they came from.

    `names` are all pseudonyms of the patient, `parted` those of others of whom the patient was taken for one until that
    was undone: what that had left in their streams goes too. So does what those of `moved` had until its rows moved.
    `anew` are facts of others that had to be stated anew, each with the position of the last event of it, None in a dry
    run: older events of them named the patient. `position` is that of the event that tells of it, None
    where nothing was done. `overwritten` is whether the pages of
    the database were written anew, so that none of them keeps what was erased; `why_not` says what stood in the way.
    """

    events: int
    facts: dict[str, int]
    files: tuple[str, ...]
    names: tuple[str, ...] = ()
    parted: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    anew: dict[str, int | None] = {}
    position: int | None = None
    overwritten: bool = False
    why_not: str | None = None


class Payload(NamedTuple):
    """What an event says, as it is stored."""

    topic: str
    text: str


NO_STATEMENT: Final = msgspec.Raw(b"null")


class _Said(msgspec.Struct):
    """What of a payload an erasure tells."""

    source: str
    fact: str | None = None
    origin: Origin | None = None
    moved_from: str | None = None
    under: str | None = None
    statement: msgspec.Raw = NO_STATEMENT

    @property
    def file(self) -> str | None:
        """The file that it came from, None where it came from none; in version 1 no origin says so."""
        is_taken_over = self.moved_from is not None or (self.under is not None and self.statement == NO_STATEMENT)
        if is_taken_over or (self.origin is None and not of_a_file(self.source)):
            return None
        name, colon, line = self.source.rpartition(":")
        return name if colon and line.isdecimal() else self.source


def erasure_of(payloads: Iterable[Payload]) -> Erasure:
    """Return what the erasure of some events takes away."""
    said = [msgspec.json.decode(payload.text, type=_Said) for payload in payloads]
    kinds = Counter(fact.partition("/")[0] for fact in {each.fact for each in said if each.fact is not None})
    return Erasure(
        events=len(said),
        facts=dict(sorted(kinds.items())),
        files=tuple(sorted({file for each in said if (file := each.file)})),
    )


def checked_reason(note: Note, names: Collection[str]) -> str:
    """Return the reason for an erasure; it stays in the log for ever, and who erases: neither names the patient."""
    reason = (note.reason or "").strip()
    if not reason:
        raise MissingValueError("reason", "why the patient is erased, as the article of the law")
    for field, text in (("reason", reason), ("actor", note.actor), ("source", note.source)):
        if any(is_named_in(name, text) for name in names):
            raise RefusalError(f"{field}: it stays in the log for ever; leave the pseudonym out", field=field)
    return reason


def erased_error(erased: ErasedStream) -> ErasedPatientError:
    """Return what is said of a patient who was erased."""
    return ErasedPatientError(f" on {instant(erased.recorded_at):%Y-%m-%d}, at @{erased.position}")


class ErasedStream(NamedTuple):
    """A stream that was erased: by the event at which position, and when (recorded clock, µs UTC)."""

    stream: UUID
    position: int
    recorded_at: int


def null_payloads(database: Database, connection: Connection, stream: UUID, versions: Collection[int] | None) -> int:
    """Erase what the events of a stream say, or those of some versions, inside the write lock; return how many did."""
    where = _says_something(database, stream)
    if versions is not None:
        where &= events.c.version.in_(versions)
    return connection.execute(update(events).where(where).values(payload=None, salt=None)).rowcount


def payloads_of(database: Database, stream: UUID) -> dict[int, Payload]:
    """Return what would be erased: the payloads of a stream's events by version, in their order."""
    columns = (events.c.version, events.c.topic, events.c.payload)
    statement = select(*columns).where(_says_something(database, stream)).order_by(events.c.version)
    with database.reading() as connection:
        return {version: Payload(topic, text) for version, topic, text in connection.execute(statement) if text}


def erased_streams(
    log: EventLog,
    *,
    after: int = 0,
    until: int | None = None,
    streams: Collection[UUID] | None = None,
    topic: str = ERASURE,
) -> list[ErasedStream]:
    """Return the erasures recorded after one position and up to another, of some streams or of all.

    `topic` is that of the events that tell of them: of patients, or of what a former name left.
    """
    return [
        ErasedStream(UUID(bytes=stream), position, recorded_at)
        for chunk in log.columns(after, until, topics=[topic], streams=streams)
        for stream, position, recorded_at in zip(chunk.stream, chunk.position, chunk.recorded_at)
    ]


def _says_something(database: Database, stream: UUID) -> ColumnElement[bool]:
    return database.in_streams([stream.bytes]) & events.c.payload.is_not(None) & events.c.topic.not_in(ERASURES)
