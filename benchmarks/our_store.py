"""Spondyl's side of appending, on the same events and with the same answers as `their_store`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from uuid import UUID

import msgspec

from benchmarks.their_store import Answer, kept, lines, timed, timed_batches
from registry import Registry
from registry.domain.events import VisitRecorded
from registry.domain.notes import StreamEvent
from registry.store.head import system_clock
from registry.store.opening import create_database
from registry.store.recorder import SQLApplicationRecorder
from registry.streams import PatientStreams, encoded


def events_saved(place: str, file: str, batch: int) -> Answer:
    """Encode and append the events of a file, a batch a transaction; the answer is the digest of what is then kept."""
    events = _happened(file)
    with _recorder(place) as recorder:
        seconds = timed_batches(events, batch, lambda some: recorder.insert_events(map(encoded, some)))
        return seconds, kept(recorder)


def events_recorded(place: str, file: str, batch: int) -> Answer:
    """Append the events of a file, encoded before; the answer is the digest of what is then kept."""
    stored = [encoded(each) for each in _happened(file)]
    with _recorder(place) as recorder:
        return timed_batches(stored, batch, recorder.insert_events), kept(recorder)


def visits_recorded(place: str, patients: Sequence[str], visits: Sequence[tuple[str, dict[str, str]]]) -> Answer:
    """Record visits of each patient, a command and a commit each; the answer is the number of visits then known."""
    from projections import facts_at

    with Registry.create(place) as registry:
        for pseudonym in patients:
            registry.enrol_patient(pseudonym, enrolled_on="2000-01-01")

        def record() -> None:
            for visited_on, measures in visits:
                for pseudonym in patients:
                    registry.record_visit(pseudonym, visited_on=visited_on, visit=None, measures=measures)

        seconds = timed(record)
        return seconds, facts_at(registry).count("visits")


@contextmanager
def _recorder(place: str) -> Iterator[SQLApplicationRecorder]:
    create_database(place).close()
    with closing(PatientStreams.open(place, clock=system_clock)) as streams:
        yield streams.recorder


def _happened(file: str) -> list[StreamEvent]:
    return [
        StreamEvent(UUID(stream), version, msgspec.convert(payload, VisitRecorded))
        for stream, version, payload in lines(file)
    ]
