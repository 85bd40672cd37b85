"""A simulated cohort straight into an empty log, in the order in which a registry would have learnt of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import Connection

from registry.domain.events import Event, stream_of
from registry.domain.notes import StreamEvent
from registry.domain.protocols import ProtocolAdopted
from registry.domain.registry_streams import PROTOCOLS
from registry.errors import RefusalError
from registry.simulation.cohort import SimulatedCohort
from registry.simulation.drawing import Whole
from registry.simulation.event_builder import ACTOR, SOURCE, events, pseudonym
from registry.store.head import head_of
from registry.store.opening import create_database
from registry.store.registry_events import append_event
from registry.streams import PatientStreams, encoded

EVENTS_AT_ONCE: Final = 20_000
MICROSECONDS_A_DAY: Final = 86_400_000_000


class Order(NamedTuple):
    """The events in the order of the log: the part and row of each, its day, its patient, its version there."""

    part: Whole
    row: Whole
    day: Whole
    patient: Whole
    version: Whole


def record_simulated(cohort: SimulatedCohort, place: str) -> int:
    """Write a cohort into an empty registry, created where there is none; return the number of its events.

    Under a protocol the registry adopts that first, on the day of the first event.

    The recorded clock is simulated too: each transaction has the instant at which its last event was reported. A crash
    leaves a prefix of the cohort, which is whole by itself. Raises `RefusalError` where the registry holds anything.
    """
    create_database(place).close()
    instants = [0]
    streams = PatientStreams.open(place, clock=lambda: instants[0])
    try:
        order = log_order(cohort)
        before = _adopted(streams, cohort, int(order.day[0]) * MICROSECONDS_A_DAY)
        for start in range(0, len(order.row), EVENTS_AT_ONCE):
            batch = Order(*(column[start : start + EVENTS_AT_ONCE] for column in order))
            instants[0] = (int(batch.day[-1]) + 1) * MICROSECONDS_A_DAY - 1

            def follows(connection: Connection, last: int = before + start) -> None:
                _refuse_unless_at(last, connection, streams)

            streams.recorder.insert_events(map(encoded, stream_events(cohort, batch)), guard=follows)
    finally:
        streams.close()
    return cohort.n_events


def _adopted(streams: PatientStreams, cohort: SimulatedCohort, now: int) -> int:
    """Adopt the protocol of a cohort as the first event, and return how many events there are: one, or none without."""
    protocol, database = cohort.collected.catalogue.protocol, streams.event_log.database
    if protocol is None:
        return 0
    adopted = ProtocolAdopted(edition=1, actor=ACTOR, source=SOURCE, reason=None, protocol=protocol)
    with database.appending() as (connection, _):
        _refuse_unless_at(0, connection, streams)
        return append_event(database, connection, PROTOCOLS, adopted, now=now).position


def _refuse_unless_at(last: int, connection: Connection, streams: PatientStreams) -> None:
    if head_of(connection).position != last:
        place = streams.event_log.database.place
        raise RefusalError(f"{place} holds events already; simulate into a registry of its own")


def log_order(cohort: SimulatedCohort) -> Order:
    """Return the order of the log: by the day of telling, then by kind, so that nothing precedes what it rests on."""
    parts = cohort.parts
    part = np.concatenate([np.full(len(reported.fact), number) for number, reported in enumerate(parts)])
    row = np.concatenate([np.arange(len(reported.fact)) for reported in parts])
    day = np.concatenate([reported.reported_on for reported in parts])
    patient = np.concatenate([reported.patient for reported in parts])
    order = np.lexsort((row, part, day))  # the rows of a part are in the order of their versions
    part, row, day, patient = part[order], row[order], day[order], patient[order]
    by_patient = np.argsort(patient, kind="stable")
    counts = np.bincount(patient, minlength=cohort.size.patients)
    version = np.empty_like(row)
    version[by_patient] = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return Order(part, row, day, patient, version)


def stream_events(cohort: SimulatedCohort, order: Order) -> Iterator[StreamEvent]:
    """Yield the events of a stretch of the log, each in its place in its stream."""
    made: list[Event | None] = [None] * len(order.row)
    for number, reported in enumerate(cohort.parts):
        places = np.flatnonzero(order.part == number)
        for place, stated in zip(places.tolist(), events(reported, order.row[places], cohort.collected)):
            made[place] = stated
    for patient, version, event in zip(order.patient.tolist(), order.version.tolist(), made):
        assert event is not None
        yield StreamEvent(_stream(patient), version, event)


@lru_cache(maxsize=1_000_000)
def _stream(patient: int) -> UUID:
    return stream_of(pseudonym(patient))
