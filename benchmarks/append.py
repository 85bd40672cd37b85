"""Appending visits in bulk: spondyl's store beside eventsourcing's own SQLite module, on the same events.

Both write files in the same folder, one transaction a batch; spondyl's also assigns positions, salts, commitments and
the hash chain, and its triggers check every row. Afterwards both must hold the same payloads.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from eventsourcing.utils import Environment

from benchmarks.measuring import Rates, in_turn, machine, rate
from registry.events import VisitRecorded, stream_of
from registry.patient import StreamEvent
from registry.statements import Measurement, Visit
from registry.store.factory import REGISTRY, EventLogFactory
from registry.store.opening import create_database
from registry.streams import EventMapper

EVENTS: Final = 50_000
BATCH: Final = 10_000
RUNS: Final = 5


def visits(number: int) -> list[StreamEvent]:
    """Return visits of 1,000 patients, each with six BASDAI items, CRP and ESR."""
    from datetime import date, timedelta

    happened = []
    for index in range(number):
        patient = f"P-{index % 1000:04}"
        visited_on = date(2000, 1, 1) + timedelta(days=index // 1000)
        values = (*((f"basdai_{item}", "nrs") for item in range(1, 7)), ("crp", "mg/l"), ("esr", "mm/h"))
        measures = tuple(
            Measurement(measure=name, value=str(index % 10), unit=unit) for name, unit in values
        )
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


def main() -> None:
    """Print the rates of both, and their ratio."""
    events = visits(EVENTS)
    mapper = EventMapper(None)  # type: ignore[arg-type]
    stored = [mapper.to_stored_event(event) for event in events]
    size = sum(len(event.state) for event in stored) // len(stored)
    print(f"bulk append: {EVENTS:,} visits of {size} bytes, {BATCH:,} a transaction, {RUNS} runs in turn\n{machine()}")
    theirs, ours, encoded = in_turn(
        RUNS,
        ("eventsourcing, SQLite module", lambda: _rate(_their_recorder, stored)),
        ("spondyl's store, same stored events", lambda: _rate(_our_recorder, stored)),
        ("spondyl's store, with encoding", lambda: _rate_with_encoding(events, mapper)),
    )
    for measured in (theirs, ours, encoded):
        print(measured)
    _print_ratio("stored events", ours, theirs)
    _print_ratio("with encoding", encoded, theirs)


def _print_ratio(name: str, ours: Rates, theirs: Rates) -> None:
    pairs = sorted(one / other for one, other in zip(ours.rates, theirs.rates, strict=True))
    print(f"ratio, {name}: {pairs[len(pairs) // 2]:.2f} (pair by pair {pairs[0]:.2f} to {pairs[-1]:.2f})")


def _rate(make: object, stored: list[StoredEvent]) -> float:
    assert callable(make)
    with TemporaryDirectory() as folder:
        recorder: ApplicationRecorder = make(Path(folder) / "log.db")
        measured = rate(len(stored), lambda: _append(recorder, stored))
        _check(recorder, stored)
        return measured


def _rate_with_encoding(events: list[StreamEvent], mapper: EventMapper) -> float:
    def work() -> None:
        for start in range(0, len(events), BATCH):
            recorder.insert_events([mapper.to_stored_event(event) for event in events[start : start + BATCH]])

    with TemporaryDirectory() as folder:
        recorder = _our_recorder(Path(folder) / "log.db")
        return rate(len(events), work)


def _append(recorder: ApplicationRecorder, stored: list[StoredEvent]) -> None:
    for start in range(0, len(stored), BATCH):
        recorder.insert_events(stored[start : start + BATCH])


def _check(recorder: ApplicationRecorder, stored: list[StoredEvent]) -> None:
    kept = recorder.select_notifications(start=1, limit=len(stored))
    assert [event.state for event in kept] == [event.state for event in stored]


def _their_recorder(path: Path) -> ApplicationRecorder:
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(path)))
    recorder.create_table()
    return recorder


def _our_recorder(path: Path) -> ApplicationRecorder:
    create_database(path).close()
    return EventLogFactory(Environment(env={REGISTRY: str(path)})).application_recorder()


if __name__ == "__main__":
    main()
