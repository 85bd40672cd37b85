"""Appending visits in bulk: spondyl's store beside eventsourcing's own SQLite module, on the same events.

Two comparisons. From events to the disk, as an application saves them: each side encodes with its own JSON encoder and
writes. And from encoded events to the disk, the recorders alone. One transaction a batch on both sides; spondyl's also
assigns positions, salts, commitments and the hash chain, and its triggers check every row. Both must then hold the
same payloads, or, where each encoded its own, the same statements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import (
    ApplicationRecorder,
    DatetimeAsISO,
    EventStore,
    JSONTranscoder,
    Mapper,
    StoredEvent,
    UUIDAsHex,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from eventsourcing.utils import Environment

from benchmarks.measuring import in_turn, machine, rate, ratio
from registry.events import VisitRecorded, stream_of
from registry.patient import StreamEvent
from registry.statements import Measurement, Visit
from registry.store.factory import REGISTRY, EventLogFactory
from registry.store.opening import create_database
from registry.store.recorder import SQLApplicationRecorder
from registry.streams import EventMapper, encoded

EVENTS: Final = 50_000
BATCH: Final = 10_000
RUNS: Final = 5
OURS: Final = EventMapper(JSONTranscoder())


def visits(number: int) -> list[StreamEvent]:
    """Return visits of 1,000 patients, each with six BASDAI items, CRP and ESR."""
    happened = []
    for index in range(number):
        patient = f"P-{index % 1000:04}"
        visited_on = date(2000, 1, 1) + timedelta(days=index // 1000)
        values = (*((f"basdai_{item}", "nrs") for item in range(1, 7)), ("crp", "mg/l"), ("esr", "mm/h"))
        measures = tuple(Measurement(measure=name, value=str(index % 10), unit=unit) for name, unit in values)
        event = VisitRecorded(
            patient=patient,
            fact=f"visit/{patient}/{visited_on}",
            clinical_on=visited_on,
            actor="benchmark",
            source=f"visits.csv:{index + 2}",
            reason=None,
            statement=Visit(visited_on=visited_on, visit=None, measures=measures),
        )
        happened.append(StreamEvent(stream_of(patient), index // 1000 + 1, event))
    return happened


class TheirVisitRecorded(DomainEvent):
    """The same event as the library would have it: a frozen dataclass with named fields."""

    patient: str
    fact: str
    clinical_on: str
    actor: str
    source: str
    reason: str | None
    statement: dict[str, Any]


def as_theirs(event: StreamEvent) -> TheirVisitRecorded:
    """Return one of our events as the library's own kind of event."""
    return TheirVisitRecorded(
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        timestamp=DomainEvent.create_timestamp(),
        **msgspec.json.decode(msgspec.json.encode(event.event)),
    )


def main() -> None:
    """Print the rates of both sides, and their ratios."""
    events = visits(EVENTS)
    stored = [OURS.to_stored_event(event) for event in events]
    theirs = [as_theirs(event) for event in events]
    size = sum(len(event.state) for event in stored) // len(stored)
    print(f"bulk append: {EVENTS:,} visits of {size} bytes, {BATCH:,} a transaction, {RUNS} runs in turn\n{machine()}")
    for name, their_work, our_work in (
        ("events to disk", lambda: _their_events(theirs), lambda: _our_events(events)),
        ("encoded events to disk", lambda: _recorded(their_recorder, stored), lambda: _recorded(our_recorder, stored)),
    ):
        their_rates, our_rates = in_turn(
            RUNS, (f"{name}: eventsourcing, SQLite", their_work), (f"{name}: spondyl, SQLite", our_work)
        )
        print(their_rates, our_rates, sep="\n")
        print(f"ratio, {name}: {ratio(our_rates, their_rates)}")


def _their_events(events: Sequence[TheirVisitRecorded]) -> float:
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DatetimeAsISO()):
        transcoder.register(transcoding)
    with TemporaryDirectory() as folder:
        recorder = their_recorder(Path(folder) / "log.db")
        store: EventStore[UUID] = EventStore(Mapper(transcoder), recorder)
        measured = rate(len(events), lambda: _in_batches(events, store.put))
        last = recorder.select_notifications(start=len(events), limit=1)[0]
        assert msgspec.json.decode(last.state)["statement"] == events[-1].statement
    return measured


def _our_events(events: Sequence[StreamEvent]) -> float:
    with TemporaryDirectory() as folder:
        recorder = our_recorder(Path(folder) / "log.db")

        def put(batch: Sequence[StreamEvent]) -> object:
            return recorder.insert_events([encoded(event) for event in batch])

        measured = rate(len(events), lambda: _in_batches(events, put))
        last = recorder.select_notifications(start=len(events), limit=1)[0]
        assert last.state == OURS.to_stored_event(events[-1]).state
    return measured


def _recorded(make: Callable[[Path], ApplicationRecorder], stored: Sequence[StoredEvent]) -> float:
    with TemporaryDirectory() as folder:
        recorder = make(Path(folder) / "log.db")
        measured = rate(len(stored), lambda: _in_batches(stored, recorder.insert_events))
        kept = recorder.select_notifications(start=1, limit=len(stored))
        assert [event.state for event in kept] == [event.state for event in stored]
    return measured


def _in_batches(events: Sequence[Any], put: Callable[[Sequence[Any]], object]) -> None:
    for start in range(0, len(events), BATCH):
        put(events[start : start + BATCH])


def their_recorder(path: Path) -> ApplicationRecorder:
    """Return the library's recorder on a new SQLite file."""
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(path)))
    recorder.create_table()
    return recorder


def our_recorder(path: Path) -> SQLApplicationRecorder:
    """Return spondyl's recorder on a new SQLite file."""
    create_database(path).close()
    return EventLogFactory(Environment(env={REGISTRY: str(path)})).application_recorder()


if __name__ == "__main__":
    main()
