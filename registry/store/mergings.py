"""Which pseudonyms are names of one patient, as the log has it at a position.

Few are; an index leads to the events that say so, wherever they stand.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

import msgspec
from sqlalchemy import select

from registry.domain.days import instant
from registry.domain.stream_events import MERGE
from registry.errors import MergedPatientError
from registry.store.log import EventLog
from registry.store.payload_check import naming_damage
from registry.store.schema import events, is_merging


class Pair(msgspec.Struct, frozen=True):
    """As much of a merge, or of the end of one, as says between whom."""

    merged: str
    into: str


PAIR: Final = msgspec.json.Decoder(Pair)


class Merged(NamedTuple):
    """Into whom a pseudonym was merged, and where the log says so first: position, and recorded instant in µs UTC."""

    into: str
    position: int
    recorded_at: int


class Span(NamedTuple):
    """From which position of the log on two pseudonyms were names of one patient, and from which on no more.

    `until` is None while they are.
    """

    merged: str
    into: str
    since: int
    until: int | None = None

    def holds(self, position: int) -> bool:
        """Return whether they were one patient at a position."""
        return self.since <= position and (self.until is None or position < self.until)


class Mergings:
    """The merges that stand, by the pseudonym that was merged; and all that ever stood, in `spans`, by position."""

    def __init__(self) -> None:
        self.standing: dict[str, Merged] = {}
        self.spans: list[Span] = []
        self._ever: set[frozenset[str]] = set()

    @classmethod
    def read(cls, log: EventLog, *, until: int | None = None) -> Self:
        """Return the merges that the log tells up to a position, by default its end; erased ones it does not tell."""
        found = cls()
        statement = select(events.c.position, events.c.topic, events.c.recorded_at, events.c.payload)
        statement = statement.where(is_merging(), events.c.payload.is_not(None)).order_by(events.c.position)
        if until is not None:
            statement = statement.where(events.c.position <= until)
        with naming_damage(log, until=until), log.database.reading() as connection:
            for position, topic, recorded_at, payload in connection.execute(statement):
                pair = PAIR.decode(payload)
                found._ever.add(frozenset((pair.merged, pair.into)))
                if topic != MERGE:
                    found.standing.pop(pair.merged, None)
                    found._end(pair, position)
                elif pair.merged not in found.standing:
                    found.standing[pair.merged] = Merged(pair.into, position, recorded_at)
                    found.spans.append(Span(pair.merged, pair.into, position))
        return found

    def _end(self, pair: Pair, position: int) -> None:
        """Let the last span of a pair end; both streams tell of it, and it ends with the later word."""
        for place in range(len(self.spans) - 1, -1, -1):
            if self.spans[place][:2] == (pair.merged, pair.into):
                self.spans[place] = self.spans[place]._replace(until=position)
                return

    def survivor(self, pseudonym: str) -> str:
        """Return the patient whose name a pseudonym is: the one that it was merged into, else it is its own."""
        merged = self.standing.get(pseudonym)
        return pseudonym if merged is None else merged.into

    def names(self, pseudonym: str) -> list[str]:
        """Return all pseudonyms of the patient whose name one is, the patient's own first."""
        survivor = self.survivor(pseudonym)
        return [survivor, *(name for name, merged in self.standing.items() if merged.into == survivor)]

    def parted(self, pseudonym: str) -> list[str]:
        """Return the pseudonyms that were of one patient with this one, or with another of its names, and are not."""
        names = set(self.names(pseudonym))
        return sorted(set().union(*(pair for pair in self._ever if pair & names)) - names)

    def check_not_merged(self, pseudonym: str) -> None:
        """Raise `MergedPatientError` where a pseudonym is a name of another patient."""
        merged = self.standing.get(pseudonym)
        if merged is not None:
            when = f" at @{merged.position} ({instant(merged.recorded_at):%Y-%m-%d})"
            raise MergedPatientError(pseudonym, merged.into, when=when)
