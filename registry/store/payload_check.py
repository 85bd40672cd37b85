"""Whether what events say can be read: one JSON object in one line, as their topics have it.

The database refuses what is no JSON object; whoever appends with another program can still record one that is no visit
or no treatment. The chain holds then, and nothing can be made of the log. So a verification reads each payload, and a
reader that fails says at which position.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID

import msgspec
from eventsourcing.persistence import PersistenceError

from registry.domain.decoders import DECODERS
from registry.errors import DamagedEventError
from registry.store.damage import PROBLEMS_AT_MOST, Damage
from registry.store.head import joined_topic
from registry.store.log import EventLog
from registry.store.schema import events

ANY_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])  # of an event that this version does not know
# What reading a payload ends with that is no event: of the decoder, of a driver, of code that takes it for one.
FAILURES: Final = (msgspec.MsgspecError, PersistenceError, LookupError, ValueError, TypeError, AttributeError)
Read = Callable[[bytes], object]


class PayloadCheck:
    """What was found of the payloads of some events: those that cannot be read, and events that are not known."""

    def __init__(self) -> None:
        self.problems: list[Damage] = []
        self.unknown: dict[str, int] = {}  # by topic, where it stands first
        self._reading: dict[tuple[bytes, int], Read] = {}

    def check(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Read the payloads of some events, which come as `Evidence` has them; erased ones say nothing."""
        reading = self._reading
        for position, _, _, topic, event_version, _, payload, *_ in rows:
            if payload is None:
                continue
            try:
                read = reading.get((topic, event_version)) or self._reader(position, topic, event_version)
                read(payload)
                if b"\n" not in payload:
                    continue
                what = "the payload has a line break between its fields"
            except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
                what = _not_as(topic, event_version, error)
            if len(self.problems) < PROBLEMS_AT_MOST:
                self.problems.append(Damage(position, what))

    def notes(self) -> Iterator[Damage]:
        """Yield the events that this version does not know: a later one may."""
        for topic, position in self.unknown.items():
            yield Damage(position, f"an event {topic}, which this spondyl does not know; a later one may")

    def _reader(self, position: int, topic: bytes, event_version: int) -> Read:
        name = joined_topic(topic.decode(), event_version)
        if name not in DECODERS:
            self.unknown.setdefault(name, position)
        read = self._reading[topic, event_version] = DECODERS.get(name, ANY_OBJECT).decode
        return read


def unreadable_events(
    log: EventLog, *, after: int = 0, until: int | None = None, streams: Collection[UUID] | None = None
) -> Iterator[Damage]:
    """Yield the events of some positions and streams that cannot be read, those of a later version among them."""
    database = log.database
    selected = (events.c.position, database.topic_bytes, events.c.event_version, database.payload_bytes)
    condition = [events.c.position <= (log.head().position if until is None else until)]
    if streams is not None:
        condition.append(database.in_streams([stream.bytes for stream in streams]))
    for rows in log.pages(selected, *condition, after=after):
        check = PayloadCheck()
        check.check([(place, b"", 0, topic, number, 0, said) for place, topic, number, said in map(tuple, rows)])
        yield from sorted((*check.problems, *check.notes()), key=lambda damage: damage.position or 0)


@contextmanager
def naming_damage(
    log: EventLog,
    *,
    after: int = 0,
    until: int | None = None,
    streams: Collection[UUID] | None = None,
    also: type[Exception] = DamagedEventError,
) -> Iterator[None]:
    """Let what fails in the block for an event that cannot be read leave it as `DamagedEventError`.

    The events are looked through only then. What fails for another reason, a defect of ours, leaves it as it is.
    """
    try:
        yield
    except DamagedEventError:
        raise
    except (*FAILURES, also):
        with suppress(PersistenceError):
            for damage in unreadable_events(log, after=after, until=until, streams=streams):
                raise DamagedEventError(damage.position or 0, damage.what) from None
        raise


def _not_as(topic: bytes, event_version: int, error: Exception) -> str:
    """Return what is wrong with a payload, by the place in it and without a word of what it says."""
    name = joined_topic(topic.decode(errors="replace"), event_version)
    _, at, path = str(error).rpartition(" - at ")
    return f"the payload is none of {name}{f', at {path}' if at else ''}"
