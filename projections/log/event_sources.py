"""Where the events of a log come from: memory, its blocks, or both with the end of the log after them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Protocol, Self

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.log.decoding import decoded_log
from projections.log.layouts import LAYOUTS, RETRACTIONS

if TYPE_CHECKING:
    from uuid import UUID

    from projections.log.block_files import Patients
    from projections.log.blocks import Sealed
    from registry.store.head import Head
    from registry.store.log import EventLog

PLACE: Final = ["patient", "position"]


class Events(Protocol):
    """Events by the kind of fact that they are about, in tables with the columns that the decoder makes."""

    def of(self, kind: str, patients: Patients | None) -> Sequence[ArrowTable]:
        """Return the events of one kind, with `patients` those of a range of them."""

    def places(self, kind: str) -> Sequence[ArrowTable]:
        """Return the `patient` and `position` of the events of one kind."""


class EventsInMemory(Events):
    """Events in tables by kind, which are made when they are first asked for, and kept in memory.

    There are those of `kinds`, and retractions; others must not be asked for.
    """

    def __init__(
        self, made: Callable[[], Mapping[str, Sequence[ArrowTable]]], kinds: Collection[str] = tuple(LAYOUTS)
    ) -> None:
        self._made = made
        self.kinds = (*kinds, RETRACTIONS)

    @cached_property
    def _kinds(self) -> Mapping[str, Sequence[ArrowTable]]:
        return self._made()

    @classmethod
    def decoded(
        cls,
        log: EventLog,
        *,
        after: int,
        until: int,
        streams: Collection[UUID] | None = None,
        kinds: Collection[str] = tuple(LAYOUTS),
    ) -> Self:
        """Return the events of a stretch of the log, of some streams and kinds."""
        made = partial(decoded_log, log, after=after, until=until, streams=streams, kinds=kinds)
        return cls(made, kinds)

    def of(self, kind: str, patients: Patients | None) -> list[ArrowTable]:
        assert kind in self.kinds, f"{kind} were not read"
        tables = self._kinds.get(kind, ())
        return [events if patients is None else patients.of(events) for events in tables]

    def places(self, kind: str) -> list[ArrowTable]:
        return [events.select(PLACE) for events in self.of(kind, None)]


class EventsInBlocks(Events):
    """The events of blocks, which are read when they are asked for."""

    def __init__(self, blocks: Sequence[Sealed]) -> None:
        self._blocks = blocks

    def of(self, kind: str, patients: Patients | None) -> list[ArrowTable]:
        return [events for each in self._blocks if (events := each.read(kind, patients)) is not None]

    def places(self, kind: str) -> list[ArrowTable]:
        return [places for each in self._blocks if (places := each.places(kind)) is not None]


class EventsOfLog(Events):
    """The events of blocks and of the log after them; where a block cannot be read, the log has it all."""

    def __init__(self, log: EventLog, head: Head, blocks: Sequence[Sealed]) -> None:
        self._log = log
        self._head = head
        self._after([each for each in blocks if each.block.after < head.position])

    def of(self, kind: str, patients: Patients | None) -> list[ArrowTable]:
        return self._read(lambda events: events.of(kind, patients))

    def places(self, kind: str) -> list[ArrowTable]:
        return self._read(lambda events: events.places(kind))

    def _read(self, read: Callable[[Events], Sequence[ArrowTable]]) -> list[ArrowTable]:
        pieces: list[ArrowTable] = []
        for each in self._blocks:
            try:
                pieces += read(EventsInBlocks([each]))
            except (OSError, pa.ArrowException):  # purged since, or damaged
                each.remove_here()
                self._after([])
                return [*read(self._tail)]
        return [*pieces, *read(self._tail)]

    def _after(self, blocks: Sequence[Sealed]) -> None:
        self._blocks = blocks
        after = blocks[-1].end if blocks else 0
        self._tail = EventsInMemory.decoded(self._log, after=after, until=self._head.position)
