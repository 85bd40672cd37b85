"""The library's side of appending, over any of its persistence modules; knows the library and nothing of spondyl.

It runs in the environment of the module: that of eventsourcing-sqlalchemy is not ours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, DomainEvent, event
from eventsourcing.persistence import (
    ApplicationRecorder,
    DatetimeAsISO,
    EventStore,
    InfrastructureFactory,
    JSONTranscoder,
    Mapper,
    StoredEvent,
    UUIDAsHex,
)
from eventsourcing.utils import Environment

Answer = tuple[float, Any]
READ_AT_ONCE: Final = 1_000


class VisitRecorded(DomainEvent):
    """A visit as the library would have it: a frozen dataclass with named fields."""

    patient: str
    fact: str
    clinical_on: str
    actor: str
    source: str
    reason: str | None
    statement: dict[str, Any]
    origin: dict[str, Any] | None


def events_saved(settings: dict[str, str], file: str, batch: int) -> Answer:
    """Encode and save the events of a file, a batch a transaction; the answer is the digest of what is then kept."""
    events = [
        VisitRecorded(
            originator_id=UUID(stream), originator_version=version, timestamp=DomainEvent.create_timestamp(), **payload
        )
        for stream, version, payload in lines(file)
    ]
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DatetimeAsISO()):
        transcoder.register(transcoding)
    with recorder_of(settings) as recorder:
        store: EventStore[UUID] = EventStore(Mapper(transcoder), recorder)
        return timed_batches(events, batch, store.put), kept(recorder)


def events_recorded(settings: dict[str, str], file: str, batch: int) -> Answer:
    """Save the events of a file, encoded before; the answer is the digest of what is then kept."""
    stored = [
        StoredEvent(UUID(stream), version, "VisitRecorded", json.dumps(payload, separators=(",", ":")).encode())
        for stream, version, payload in lines(file)
    ]
    with recorder_of(settings) as recorder:
        return timed_batches(stored, batch, recorder.insert_events), kept(recorder)


class Patient(Aggregate):
    """A patient with visits, which refuses a second one on the same day."""

    def __init__(self, pseudonym: str) -> None:
        self.pseudonym = pseudonym
        self.visits: dict[str, dict[str, str]] = {}

    @staticmethod
    def create_id(pseudonym: str) -> UUID:
        """Return the stream of a pseudonym."""
        return uuid5(NAMESPACE_URL, pseudonym)

    @event("VisitRecorded")
    def record_visit(self, visited_on: str, measures: dict[str, str]) -> None:
        """Record a visit."""
        assert visited_on not in self.visits
        self.visits[visited_on] = measures


def visits_recorded(settings: dict[str, str], patients: Sequence[str], visits: Sequence[tuple[str, dict]]) -> Answer:
    """Record visits of each patient, a command and a commit each; the answer is the number of visits then known."""
    with closing(Application[UUID](settings)) as registry:
        registry.save(*map(Patient, patients))

        def record() -> None:
            for visited_on, measures in visits:
                for pseudonym in patients:
                    patient = registry.repository.get(Patient.create_id(pseudonym))
                    patient.record_visit(visited_on, measures)
                    registry.save(patient)

        seconds = timed(record)
        return seconds, sum(len(registry.repository.get(Patient.create_id(each)).visits) for each in patients)


@contextmanager
def recorder_of(settings: dict[str, str]) -> Iterator[ApplicationRecorder]:
    """Yield the recorder of the persistence module that the settings name."""
    with closing(InfrastructureFactory.construct(Environment(env=settings))) as factory:
        yield factory.application_recorder()


def lines(file: str) -> list[tuple[str, int, dict[str, Any]]]:
    """Return the events of a file: stream, version, payload."""
    return [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]


def timed_batches(events: Sequence[Any], batch: int, put: Callable[[Sequence[Any]], object]) -> float:
    """Return the seconds that all batches took."""

    def put_all() -> None:
        for start in range(0, len(events), batch):
            put(events[start : start + batch])

    return timed(put_all)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def kept(recorder: ApplicationRecorder) -> str:
    """Return a digest of what a store holds, in the order of its log: streams, versions, facts and statements.

    Whatever else a store keeps with them has no part in it.
    """
    hashed, position = sha256(), 0
    while notifications := recorder.select_notifications(start=position + 1, limit=READ_AT_ONCE):
        for stored in notifications:
            payload = json.loads(stored.state)
            fields = [stored.originator_version, payload["patient"], payload["fact"], payload["statement"]]
            hashed.update(json.dumps([str(stored.originator_id), *fields], sort_keys=True).encode())
        position = notifications[-1].id
    return hashed.hexdigest()
