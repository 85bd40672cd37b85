"""Patients' streams on eventsourcing: stored events to patients, and patients' decisions to stored events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sized
from typing import Any, ClassVar, Final, Protocol, Self
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Mapper, StoredEvent
from sqlalchemy import Connection

from registry.domain.events import (
    ERASURE,
    KINDS,
    Event,
    PatientErased,
    StudyAmended,
    StudyRecorded,
    kinds_to_know,
    stream_of,
)
from registry.domain.patient import Note, Patient, StreamEvent
from registry.domain.references import reference
from registry.domain.topics import TOPIC_OF, TOPICS, in_newest_version, name_of
from registry.erasure import (
    Erasure,
    checked_reason,
    erased_error,
    erased_streams,
    erasure_of,
    null_payloads,
    payloads_of,
)
from registry.errors import (
    AlreadyRecordedError,
    ConcurrentChangeError,
    NotARegistryError,
    UnknownFactError,
    UnknownStudyError,
)
from registry.schema.tables import TABLE_OF_KIND
from registry.schema.typed_references import Reference
from registry.store.event_rows import EncodedEvent
from registry.store.factory import REGISTRY
from registry.store.head import Clock
from registry.store.log import EventLog
from registry.store.recorder import SQLApplicationRecorder

DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {  # of events in all their versions
    **{topic: msgspec.json.Decoder(event) for topic, event in TOPICS.items()},
    ERASURE: msgspec.json.Decoder(PatientErased),
}
TOPIC_STORED: Final[dict[type, str]] = {**TOPIC_OF, PatientErased: ERASURE}
ENCODER: Final = msgspec.json.Encoder()
CLAIMING: Final = {TOPIC_OF[StudyRecorded], TOPIC_OF[StudyAmended]}


class Decided(Sized, Iterable[EncodedEvent], Protocol):
    """Events that were decided, which can be gone through more than once."""


class Whose(msgspec.Struct):
    """As much of an event as says of whose fact it is."""

    patient: str
    fact: str


class Claimed(msgspec.Struct):
    """As much of a study as says its code."""

    study: str


class Claim(msgspec.Struct):
    """As much of an event of a study as says its code."""

    statement: Claimed


CLAIM: Final = msgspec.json.Decoder(Claim)


def encoded(placed: StreamEvent) -> EncodedEvent:
    """Return an event as the log stores it."""
    event = placed.event
    topic = TOPIC_STORED[type(event)]
    return EncodedEvent(placed.originator_id, placed.originator_version, topic, ENCODER.encode(event))


def happened(topic: str, state: bytes) -> Event | PatientErased:
    """Return what a stored event says happened, in the words of today."""
    event: Event | PatientErased = in_newest_version(DECODERS[topic].decode(state))
    return event


class EventMapper(Mapper[UUID]):
    """Events to the readable JSON of the log, and back."""

    def to_stored_event(self, domain_event: StreamEvent) -> StoredEvent:  # type: ignore[override]
        """Return an event as the library stores it."""
        return StoredEvent(*msgspec.structs.astuple(encoded(domain_event)))

    def to_domain_event(self, stored_event: StoredEvent) -> StreamEvent:
        """Return a stored event as it happened."""
        assert isinstance(stored_event.originator_id, UUID)
        event = happened(stored_event.topic, stored_event.state)
        return StreamEvent(stored_event.originator_id, stored_event.originator_version, event)


class PatientStreams(Application[UUID]):
    """The streams of all patients, over one registry's log."""

    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": "registry.store.factory"}
    recorder: SQLApplicationRecorder
    mapper: EventMapper

    @classmethod
    def open(cls, place: str, *, clock: Clock) -> Self:
        """Return the streams of the registry at a path or a URL; `clock` gives the recorded time."""
        if not place.strip():
            raise NotARegistryError(repr(place), "give the path of a file, or the URL of a database")
        streams = cls({REGISTRY: place})
        streams.recorder.clock = clock
        return streams

    @property
    def event_log(self) -> EventLog:
        """The log, to be read."""
        return EventLog(self.recorder.database, clock=self.recorder.clock)

    def construct_mapper(self) -> Mapper[UUID]:
        """Return the mapper of our events."""
        return EventMapper(self.construct_transcoder())

    def patients(self, pseudonyms: Iterable[str], deciding: Iterable[str] = KINDS) -> dict[str, Patient]:
        """Return patients by pseudonym, each as its stream has it; one never seen has no facts.

        Where they are `deciding` about facts of some kinds only, they know what that takes, and not their other facts.
        """
        patients = {stream_of(pseudonym): Patient(pseudonym) for pseudonym in pseudonyms}
        names = _names(kinds_to_know(deciding))
        versions = self.recorder.versions(patients) if names else {}
        for stream, topic, state in self.recorder.select_streams(patients, names=names):
            if state:
                patients[stream].apply(happened(topic, state))
            else:
                patients[stream].pass_over()
        for stream, version in versions.items():  # asked first, so that what comes in between is a concurrent change
            patients[stream].version = version
        return {patient.pseudonym: patient for patient in patients.values()}

    def holders_of_studies(self, codes: Collection[str]) -> dict[str, str]:
        """Return whose each study is now: pseudonyms by code; a code that nobody has is left out."""
        streams = {stream for _, stream in self.recorder.streams_of_studies(codes)}
        return self._holders(streams, set(codes))

    def owner(self, named: Reference) -> str:
        """Return the pseudonym of the patient to whom a reference belongs.

        Raises `UnknownStudyError` or `UnknownFactError` where nobody has it.
        """
        if named.patient is not None:
            return named.patient
        if named.study is not None:
            return self._owner_of_study(TABLE_OF_KIND[named.kind].key[0], named.study)
        fact = str(named)
        for chunk in self.event_log.columns(topics=[name_of(KINDS[named.kind].recorded)]):
            for payload in chunk.payload:
                if payload and fact in payload:
                    whose = msgspec.json.decode(payload, type=Whose)
                    if whose.fact == fact:
                        return whose.patient
        raise UnknownFactError(fact)

    def streams_of(self, named: Reference) -> set[UUID]:
        """Return the streams that can hold a fact's history: a study may have moved from one patient to another.

        Raises `UnknownStudyError` or `UnknownFactError` where there is none.
        """
        streams = {stream for _, stream in self.recorder.streams_of_studies([named.study])} if named.study else set()
        return streams or {stream_of(self.owner(named))}

    def store(self, decided: Decided) -> int:
        """Store what patients decided, all or nothing; return the number of events.

        Raises `ConcurrentChangeError` where somebody recorded about one of them in between, and `AlreadyRecordedError`
        for the code of a study that another patient has.
        """
        if not decided:
            return 0
        claims: dict[str, UUID] = {}
        for each in decided:
            if each.topic in CLAIMING:
                code = CLAIM.decode(each.state).statement.study
                if claims.setdefault(code, each.originator_id) != each.originator_id:
                    raise _claimed(code)

        def unclaimed(connection: Connection) -> None:
            self._check_claims(claims, connection)

        try:
            self.recorder.insert_events(iter(decided), guard=unclaimed if claims else None)
        except IntegrityError:
            raise ConcurrentChangeError from None
        return len(decided)

    def erase(self, pseudonym: str, note: Note, *, dry_run: bool = False) -> Erasure:
        """Erase a patient: null what the events of the stream say, and record that this was done, in one transaction.

        An erasure that is asked for again does what was left to do. Raises `UnknownFactError` where nothing was ever
        recorded of the patient, `ConcurrentChangeError` where somebody recorded in between.
        """
        database, stream = self.recorder.database, stream_of(pseudonym)
        reason = checked_reason(note.reason or "", pseudonym)
        patient = self.patients([pseudonym])[pseudonym]
        if patient.version == 0:
            raise UnknownFactError(reference("patient", pseudonym))
        erasure = erasure_of(payloads_of(database, stream))
        if dry_run or (patient.is_erased and not erasure.events):
            return erasure
        told = PatientErased(actor=note.actor, source=note.source, reason=reason, erased=erasure.events)

        def erase(connection: Connection) -> None:
            if null_payloads(database, connection, stream) != erasure.events:
                raise ConcurrentChangeError

        try:
            [position] = self.recorder.insert_events(
                [encoded(StreamEvent(stream, patient.version + 1, told))], guard=erase
            )
        except IntegrityError:
            raise ConcurrentChangeError from None
        return msgspec.structs.replace(erasure, position=position)

    def check_not_erased(self, pseudonym: str) -> None:
        """Raise `ErasedPatientError` where a patient was erased."""
        for erased in erased_streams(self.event_log, streams=[stream_of(pseudonym)]):
            raise erased_error(erased)

    def _owner_of_study(self, field: str, code: str) -> str:
        holders = self.holders_of_studies([code])
        if code in holders:
            return holders[code]
        streams = [stream for _, stream in self.recorder.streams_of_studies([code])]
        for patient in self._patients_of(streams):
            return patient.pseudonym  # whose study it was, before it was retracted
        raise UnknownStudyError(field, code)

    def _holders(self, streams: Iterable[UUID], codes: set[str]) -> dict[str, str]:
        """Return the patient, among those of some streams, who has each study now."""
        patients = self._patients_of(streams)
        return {code: patient.pseudonym for patient in patients for code in codes & patient.studies.keys()}

    def _patients_of(self, streams: Iterable[UUID]) -> Iterable[Patient]:
        """Return the patients of some streams, who know their studies only; a stream that was erased has none."""
        patients: dict[UUID, Patient] = {}
        for stream, topic, state in self.recorder.select_streams(streams, names=_names({"imaging"})):
            event = happened(topic, state) if state else None
            if isinstance(event, Event):
                if stream not in patients:
                    patients[stream] = Patient(event.patient)
                patients[stream].apply(event)
        return patients.values()

    def _check_claims(self, claims: Mapping[str, UUID], connection: Connection) -> None:
        """Refuse a study's code that another patient has; asked inside the write lock, where nobody can be faster."""
        holders = self.recorder.streams_of_studies(claims, connection=connection)
        others = {stream for code, stream in holders if stream != claims[code]}
        for code in self._holders(others, set(claims)):
            raise _claimed(code)


def _names(kinds: Collection[str]) -> frozenset[str]:
    """Return the names of events of some kinds of facts, whatever their version, and of the erasure; none for all."""
    if len(kinds) == len(KINDS):
        return frozenset()
    told = (KINDS[kind] for kind in kinds)
    return frozenset({ERASURE, *(name_of(event) for kind in told for event in kind.events)})


def _claimed(code: str) -> AlreadyRecordedError:
    return AlreadyRecordedError(
        reference("imaging", code), mend="another patient has it; retract it there or correct the code"
    )
