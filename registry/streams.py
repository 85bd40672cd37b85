"""Patients' streams on eventsourcing: stored events to patients, and patients' decisions to stored events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import ClassVar, Final, Self
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Mapper, StoredEvent
from eventsourcing.utils import Environment, EnvType
from sqlalchemy import Connection

from registry.campaigns.states import judging_campaigns, version_of_campaigns
from registry.catalogue.catalogue import Catalogue
from registry.claims import Claims, Decided, Whose, claimed, claims_of
from registry.domain.campaigns import NO_CAMPAIGNS
from registry.domain.days import today
from registry.domain.decoders import DECODERS
from registry.domain.events import Event, PatientErased, stream_of
from registry.domain.kinds import KINDS
from registry.domain.notes import Note, StreamEvent
from registry.domain.patient import Patient
from registry.domain.references import quoted, reference
from registry.domain.registry_streams import RegistryEvent, stream_of_event
from registry.domain.related_kinds import kinds_to_know
from registry.domain.rules import Standards
from registry.domain.stream_events import ABOUT_STREAMS, Merging
from registry.domain.topics import TOPIC_OF, in_newest_version, name_of
from registry.erasing import Erasing
from registry.erasure import Erasure, checked_reason, erased_error, erased_streams
from registry.errors import (
    ConcurrentChangeError,
    NotARegistryError,
    RefusalError,
    UnknownFactError,
    UnknownStudyError,
)
from registry.protocol.adopted import catalogue_at
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.typed_references import Reference
from registry.stated_anew import stated_anew
from registry.store.event_rows import EncodedEvent
from registry.store.factory import ONLY_READ, REGISTRY
from registry.store.head import Clock, head_of
from registry.store.log import EventLog
from registry.store.mergings import Mergings
from registry.store.payload_check import naming_damage
from registry.store.recorder import Guard, SQLApplicationRecorder
from registry.store.registry_events import next_event
from registry.store.schema import ROW_ID_AT_MOST

TOPIC_STORED: Final[dict[type, str]] = {**TOPIC_OF, **{event: topic for topic, event in ABOUT_STREAMS.items()}}
ENCODER: Final = msgspec.json.Encoder()
KIND_OF_EVENT: Final = {name_of(event): kind.name for kind in KINDS.values() for event in kind.events}
SourceRow = tuple[str, str]  # a kind of fact, and the id of a row of it


Closing = Callable[[int], RegistryEvent]  # what is told of many events together, given the position of the first


def encoded(placed: StreamEvent) -> EncodedEvent:
    """Return an event as the log stores it."""
    event = placed.event
    topic = TOPIC_STORED[type(event)]
    return EncodedEvent(placed.originator_id, placed.originator_version, topic, ENCODER.encode(event))


def happened(topic: str, state: bytes) -> Event | Merging | PatientErased:
    """Return what a stored event says happened, in the words of today."""
    event: Event | Merging | PatientErased = in_newest_version(DECODERS[topic].decode(state))
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
    def open(cls, place: str, *, clock: Clock, only_read: bool = False) -> Self:
        """Return the streams of the registry at a path or a URL, perhaps to be `only_read`; `clock` gives the time."""
        if not place.strip():
            raise NotARegistryError(repr(place), "give the path of a file, or the URL of a database")
        streams = cls({REGISTRY: place, ONLY_READ: "yes"} if only_read else {REGISTRY: place})
        streams.recorder.clock = clock
        return streams

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Return what configures the library: our words, and nothing of the process's environment."""
        return Environment(name, {**self.env, **(env or {})})

    @property
    def event_log(self) -> EventLog:
        """The log, to be read."""
        return EventLog(self.recorder.database, clock=self.recorder.clock)

    def catalogue(self) -> Catalogue:
        """Return what can be recorded now, and in which words."""
        return catalogue_at(self.event_log)

    def standards(self) -> Standards:
        """Return by what facts are judged now, beside one another."""
        return Standards(today(self.recorder.clock()), self.catalogue(), judging_campaigns(self.event_log))

    def construct_mapper(self) -> Mapper[UUID]:
        """Return the mapper of our events."""
        return EventMapper(self.construct_transcoder())

    def patients(self, pseudonyms: Iterable[str], deciding: Iterable[str] = KINDS) -> dict[str, Patient]:
        """Return patients by pseudonym, each as its stream has it; one never seen has no facts.

        Where they are `deciding` about facts of some kinds only, they know what that takes, and not their other facts.
        """
        patients = {patient.id: patient for patient in map(Patient, pseudonyms)}
        names = _names(kinds_to_know(deciding))
        versions = self.recorder.versions(patients) if names else {}
        with naming_damage(self.event_log, streams=patients):
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

    def holders_of_rows(self, rows: Mapping[SourceRow, str], source: str) -> dict[SourceRow, tuple[str, str]]:
        """Return which rows of a source are another patient's: their pseudonym and the fact, by kind and id.

        `rows` has, by kind of fact and id, the pseudonym of the patient to whom the source gives the row now.
        """
        wanted: defaultdict[tuple[str, str], list[SourceRow]] = defaultdict(list)
        for kind, row_id in rows:
            for text in {row_id, quoted(row_id)}:
                wanted[kind, text[:ROW_ID_AT_MOST]].append((kind, row_id))
        streams: set[UUID] = set()
        for row_id, name, stream in self.recorder.streams_of_rows({row_id for _, row_id in wanted}):
            asked = wanted.get((KIND_OF_EVENT[name], row_id), ())
            if any(stream_of(rows[each]) != stream for each in asked):
                streams.add(stream)
        return {
            row: (patient.pseudonym, fact)
            for patient in self._patients_of(streams, {kind for kind, _ in rows})
            for row, fact in patient.memories.rows_of(source).items()
            if row in rows and rows[row] != patient.pseudonym
        }

    def owner(self, named: Reference) -> str:
        """Return the pseudonym of the patient to whom a reference belongs.

        A fact, or its study, may have gone from one patient to another: it is the one who has it now, else who had it.
        Raises `UnknownStudyError` or `UnknownFactError` where nobody ever had it.
        """
        if named.patient is not None:
            return named.patient
        kinds = {"imaging", named.kind}
        patients = [*self._patients_of(self._streams_without_patient(named), kinds)]
        patients += self._patients_of(_survivors(patients), kinds)
        having_fact = [patient for patient in patients if str(named) in patient.facts]
        having_study = [patient for patient in patients if named.study in patient.studies]
        for patient in (*having_fact, *having_study, *patients):
            return patient.pseudonym
        raise self._unknown(named)

    def streams_of(self, named: Reference) -> set[UUID]:
        """Return the streams that can hold a fact's history: it may have gone from one patient to another.

        Raises `UnknownStudyError` or `UnknownFactError` where there is none.
        """
        if named.patient is not None:
            return {stream_of(named.patient)}
        streams = self._streams_without_patient(named)
        if not streams:
            raise self._unknown(named)
        return streams | _survivors(self._patients_of(streams, {"imaging"}))

    def _streams_without_patient(self, named: Reference) -> set[UUID]:
        """Return the streams that ever had the study of a reference, or where that names none, the fact."""
        if named.study is not None:
            return {stream for _, stream in self.recorder.streams_of_studies([named.study])}
        fact = str(named)
        with naming_damage(self.event_log):
            return {
                stream_of(whose.patient)
                for chunk in self.event_log.columns(topics=[name_of(KINDS[named.kind].recorded)])
                for payload in chunk.payload
                if payload and fact in payload and (whose := msgspec.json.decode(payload, type=Whose)).fact == fact
            }

    def _unknown(self, named: Reference) -> RefusalError:
        if named.study is None:
            return UnknownFactError(str(named))
        return UnknownStudyError(TABLE_OF_KIND[named.kind].key[0], named.study)

    def store(
        self,
        decided: Decided,
        *,
        standards: Standards | None = None,
        guard: Guard | None = None,
        closing: Closing | None = None,
    ) -> int:
        """Store what patients decided, all or nothing; return the number of events.

        `standards` are those by which they were judged, None for what no campaign concerns; `guard` is asked inside the
        write lock; `closing` makes the last event, one of the registry's own, given the position of the first. Raises
        `ConcurrentChangeError` where somebody recorded about one of the patients in between, or what is read may belong
        to a campaign and one was started, locked or unblinded since, and `AlreadyRecordedError` for the code of a study
        that another patient has.
        """
        if not decided:
            return 0
        claims = claims_of(decided)
        campaigns = NO_CAMPAIGNS if standards is None else standards.campaigns

        def unclaimed(connection: Connection) -> None:
            if claims.is_of_campaigns and version_of_campaigns(self.recorder.database, connection) != campaigns.version:
                raise ConcurrentChangeError
            if claims.holders:
                self._check_claims(claims, connection)
            if guard is not None:
                guard(connection)
            if closing is not None:
                told.append(self._closing_event(closing, connection))

        told: list[EncodedEvent] = []  # once the lock is held, and before the first event is asked for
        try:
            self.recorder.insert_events(chain(decided, told), guard=unclaimed)
        except IntegrityError:
            raise ConcurrentChangeError from None
        return len(decided)

    def mergings(self) -> Mergings:
        """Return which pseudonyms are names of one patient."""
        return Mergings.read(self.event_log)

    def erase(self, pseudonym: str, note: Note, *, dry_run: bool = False) -> Erasure:
        """Erase a patient under all names: null what events say, and record that this was done, in one transaction.

        An erasure that is asked for again does what was left to do. Raises `UnknownFactError` where nothing was ever
        recorded of the patient, `ConcurrentChangeError` where somebody recorded in between.
        """
        with naming_damage(self.event_log):
            erasing = Erasing.of(self.event_log, pseudonym)
        reason = checked_reason(note, erasing.names)
        patients = self.patients(erasing.versions)
        if patients[pseudonym].version == 0:
            raise UnknownFactError(reference("patient", pseudonym))
        if dry_run or (patients[pseudonym].is_erased and erasing.is_done):
            return erasing.erasure
        told = [*self._told(erasing, patients, Note(note.actor, note.source, reason))]
        try:
            positions = self.recorder.insert_events([*map(encoded, told)], guard=erasing.null)
        except IntegrityError:
            raise ConcurrentChangeError from None
        anew = {each.event.fact: at for at, each in zip(positions, told) if isinstance(each.event, Event)}
        return msgspec.structs.replace(erasing.erasure, position=positions[0], anew=anew)

    def _told(self, erasing: Erasing, patients: Mapping[str, Patient], note: Note) -> Iterator[StreamEvent]:
        """Yield the events of an erasure: those that tell of it, and before each the facts that are stated anew."""
        for name, patient in patients.items():
            if patient.is_erased and not erasing.versions[name]:
                continue
            anew = [*self._stated_anew(patient, erasing, note)] if erasing.facts.get(name) else []
            yield from anew
            event = erasing.told(name, actor=note.actor, source=note.source, reason=note.reason or "")
            yield StreamEvent(patient.id, patient.version + len(anew) + 1, event)

    def _stated_anew(self, patient: Patient, erasing: Erasing, note: Note) -> list[StreamEvent]:
        """Return the events by which a patient has again what an erasure takes with events that name somebody."""
        kept, going = Patient(patient.pseudonym), erasing.versions[patient.pseudonym]
        for version, (_, topic, state) in enumerate(self.recorder.select_streams([patient.id]), 1):
            if state and version not in going:
                kept.apply(happened(topic, state))
            else:
                kept.pass_over()
        return stated_anew(patient, kept, erasing.facts[patient.pseudonym], note)

    def check_not_erased(self, pseudonym: str) -> None:
        """Raise `ErasedPatientError` where a patient was erased."""
        for erased in erased_streams(self.event_log, streams=[stream_of(pseudonym)]):
            raise erased_error(erased)

    def _holders(self, streams: Iterable[UUID], codes: set[str]) -> dict[str, str]:
        """Return the patient, among those of some streams, who has each study now."""
        patients = self._patients_of(streams, {"imaging"})
        return {code: patient.pseudonym for patient in patients for code in codes & patient.studies.keys()}

    def _patients_of(self, streams: Iterable[UUID], kinds: Collection[str]) -> Iterable[Patient]:
        """Return the patients of some streams, who know facts of some kinds only; a stream that was erased has none."""
        patients: dict[UUID, Patient] = {}
        asked = set(streams)
        with naming_damage(self.event_log, streams=asked):
            for stream, topic, state in self.recorder.select_streams(asked, names=_names(kinds)):
                event = happened(topic, state) if state else None
                if isinstance(event, Event | Merging):
                    if stream not in patients:
                        patients[stream] = Patient(event.patient)
                    patients[stream].apply(event)
        return patients.values()

    def _closing_event(self, closing: Closing, connection: Connection) -> EncodedEvent:
        """Return the event that ends what is stored together; asked inside the write lock, so its place is known."""
        told = closing(head_of(connection).position + 1)
        return next_event(self.recorder.database, connection, stream_of_event(told), told)

    def _check_claims(self, claims: Claims, connection: Connection) -> None:
        """Refuse a study's code that another patient has; asked inside the write lock, where nobody can be faster."""
        holders = self.recorder.streams_of_studies(claims.holders, connection=connection)
        others = {stream for code, stream in holders if stream != claims.holders[code]}
        for patient in self._patients_of(others, {"imaging"}):
            for code in claims.holders.keys() & patient.studies.keys():
                if (patient.id, patient.studies[code]) not in claims.given_up:
                    raise claimed(code)


def _survivors(patients: Iterable[Patient]) -> set[UUID]:
    """Return the streams of the patients into whom some were merged: a fact can be there whose study was not."""
    return {stream_of(patient.merges.into) for patient in patients if patient.merges.into is not None}


def _names(kinds: Collection[str]) -> frozenset[str]:
    """Return the names of events of some kinds of facts, whatever their version, and of streams; none for all."""
    if len(kinds) == len(KINDS):
        return frozenset()
    told = (KINDS[kind] for kind in kinds)
    return frozenset({*ABOUT_STREAMS, *(name_of(event) for kind in told for event in kind.events)})
