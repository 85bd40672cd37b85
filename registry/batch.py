"""Many patients at once: they decide together, and what they decided is stored all or nothing.

A command of `Registry` is about one patient; what an import, or a program of one's own, states of hundreds is decided
here. `Registry.patient_batch` gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import Connection

from registry.claims import Decided
from registry.domain.events import Event, stream_of
from registry.domain.kinds import KINDS
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.domain.topics import name_of
from registry.store.head import joined_topic
from registry.store.payload_check import naming_damage
from registry.store.recorder import Guard, RowPlace
from registry.streams import Closing, PatientStreams, SourceRow, happened


class PatientBatch:
    """The patients of a registry, to be asked for, to decide, and to be saved together."""

    def __init__(self, streams: PatientStreams) -> None:
        self._streams = streams

    def patients(self, pseudonyms: Iterable[str], deciding: Iterable[str] = KINDS) -> dict[str, Patient]:
        """Return the patients of the pseudonyms; they know what takes `deciding` about facts of some kinds."""
        return self._streams.patients(pseudonyms, deciding)

    def unseen(self, pseudonyms: Iterable[str]) -> set[str]:
        """Return the pseudonyms under which nothing was ever recorded."""
        streams = {stream_of(name): name for name in pseudonyms}
        return {streams[stream] for stream in streams.keys() - self._streams.recorder.versions(streams).keys()}

    def enrolments(self) -> Iterator[Event]:
        """Yield all that happened to enrolments, in the order of the log, without what was erased.

        Every event of the log is looked at: there is no index on what happened.
        """
        log = self._streams.event_log
        with naming_damage(log):
            for chunk in log.columns(topics=[name_of(event) for event in KINDS["patient"].events]):
                for topic, version, payload in zip(chunk.topic, chunk.event_version, chunk.payload):
                    event = happened(joined_topic(topic, version), payload.encode()) if payload else None
                    if isinstance(event, Event):
                        yield event

    def holders_of_studies(self, codes: Collection[str]) -> dict[str, str]:
        """Return whose each study is now: pseudonyms by code; a code that nobody has is left out."""
        return self._streams.holders_of_studies(codes)

    def survivors(self) -> dict[str, str]:
        """Return each pseudonym that was merged with that of the patient whose name it is."""
        return {name: merged.into for name, merged in self._streams.mergings().standing.items()}

    def holders_of_rows(self, rows: Mapping[SourceRow, str], source: str) -> dict[SourceRow, tuple[str, str]]:
        """Return which rows of a source another patient has: their pseudonym and the fact, by kind and id.

        `rows` has, by kind of fact and id, the pseudonym of the patient to whom the source gives the row now.
        """
        return self._streams.holders_of_rows(rows, source)

    def rows_since(self, position: int, connection: Connection) -> set[RowPlace]:
        """Return in whose streams rows with ids were told of after a position; for a guard of `save`."""
        return self._streams.recorder.rows_since(position, connection)

    def standards(self) -> Standards:
        """Return by what facts are judged now, beside one another: today, the catalogue, and the campaigns."""
        return self._streams.standards()

    @property
    def head(self) -> int:
        """The position of the last event."""
        return self._streams.event_log.head().position

    def save(
        self,
        decided: Decided,
        *,
        standards: Standards | None = None,
        guard: Guard | None = None,
        closing: Closing | None = None,
    ) -> int:
        """Store the events that were collected from patients, encoded, all or nothing; return their number.

        `standards` are those by which they were judged; a registry with campaigns takes no reading without them.
        `guard` is asked inside the write lock, and what it raises undoes everything; `closing` makes the last event,
        one of the registry's own, given the position of the first. Raises `ConcurrentChangeError` where somebody
        recorded about these patients in between, or a campaign was started or locked and something is read, and
        `AlreadyRecordedError` for a study code that another patient has.
        """
        return self._streams.store(decided, standards=standards, guard=guard, closing=closing)
