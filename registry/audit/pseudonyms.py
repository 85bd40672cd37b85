"""The pseudonyms of streams that events tell of, as the log has them: those of erased patients nobody knows."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from registry.domain.other_streams import UNNAMED, named_fact, stream_of_fact
from registry.domain.stream_events import ERASURES
from registry.store.log import EventLog

FEW: Final = 20  # events, of which the first that is not erased says whose they are


class Whose(msgspec.Struct):
    """As much of an event as says whose it is."""

    patient: str


class Pseudonyms:
    """Asks the log for each stream once."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._known: dict[UUID, str | None] = {}

    def of(self, stream: UUID) -> str | None:
        """Return the pseudonym of a stream, None where nothing in it says one."""
        if stream not in self._known:
            self._known[stream] = self._asked(stream)
        return self._known[stream]

    def named(self, told: str | None) -> str | None:
        """Return the pseudonym where an event tells its stream; what cannot be known stays as it is told."""
        of_stream = UNNAMED.fullmatch(told or "")
        return told if of_stream is None else self.of(UUID(of_stream[1])) or told

    def named_fact(self, fact: str | None) -> str | None:
        """Return a reference with the pseudonym where an event tells the stream of it."""
        stream = None if fact is None else stream_of_fact(fact)
        name = None if stream is None else self.of(stream)
        return fact if fact is None or name is None else named_fact(fact, name)

    def _asked(self, stream: UUID) -> str | None:
        for chunk in self._log.columns(streams=[stream], chunk=FEW):
            for topic, payload in zip(chunk.topic, chunk.payload):
                if payload is not None and topic not in ERASURES:
                    return msgspec.json.decode(payload, type=Whose).patient
        return None
