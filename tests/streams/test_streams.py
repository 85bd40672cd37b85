"""Events outlive code: whatever a release stored is read by every later one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import JSONTranscoder, StoredEvent

from registry.domain import events, statements
from registry.domain.events import ERASURE, KINDS, TOPICS, Event, PatientErased, StatementEvent, stream_of
from registry.domain.patient import Patient
from registry.store.head import joined_topic
from registry.streams import EventMapper

FOLDER = Path(__file__).parent
MAPPER = EventMapper(JSONTranscoder())


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event as it stands in the log."""

    topic: str
    event_version: int
    payload: msgspec.Raw

    @property
    def stored(self) -> StoredEvent:
        return StoredEvent(
            originator_id=UUID(int=0),
            originator_version=1,
            topic=joined_topic(self.topic, self.event_version),
            state=bytes(self.payload),
        )

    @property
    def event(self) -> Event | PatientErased:
        return MAPPER.to_domain_event(self.stored).event


FILES = sorted(FOLDER.glob("*.jsonl"))
SAMPLES = {
    f"{file.name}:{number} {sample.topic}": sample
    for file in FILES
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
    for sample in [msgspec.json.decode(line, type=Sample)]
}
LAST_FILE_OF = {sample.stored.topic: name.partition(":")[0] for name, sample in SAMPLES.items()}
NEWEST = {name: sample for name, sample in SAMPLES.items() if name.startswith(LAST_FILE_OF[sample.stored.topic])}

CLASSES = {**TOPICS, ERASURE: PatientErased}

EVENT_FIELDS = "patient fact clinical_on actor source reason"
STATEMENT_FIELDS = {
    "Enrolment": "enrolled_on centre sex birth_year symptom_onset diagnosed_on criteria hla_b27 consented_on "
    "follow_up_ended_on follow_up_end_reason",
    "Resumption": "resumed_on ended_on end_reason",
    "Visit": "visited_on visit measures",
    "Measurement": "measure value unit comparator version",
    "Treatment": "agent started_on stopped_on stop_reason dose dose_unit frequency route",
    "Flare": "started_on ended_on basis severity trigger note",
    "AdverseEvent": "term started_on ended_on severity serious agent outcome",
    "Study": "study performed_on modality regions sequences note",
    "Reading": "study reader method method_version session read_on seconds grades",
    "LesionVerdict": "baseline_study followup_study reader session lesion region kind location verdict read_on",
}
STATED = {  # topic: what it states
    "PatientEnrolled": "Enrolment",
    "FollowUpEnded": "Enrolment",
    "EnrolmentAmended": "Enrolment",
    "EnrolmentRetracted": None,
    "FollowUpResumed": "Resumption",
    "ResumptionEnded": "Resumption",
    "ResumptionAmended": "Resumption",
    "ResumptionRetracted": None,
    "VisitRecorded": "Visit",
    "VisitAmended": "Visit",
    "VisitRetracted": None,
    "TreatmentStarted": "Treatment",
    "TreatmentStopped": "Treatment",
    "TreatmentAmended": "Treatment",
    "TreatmentRetracted": None,
    "FlareStarted": "Flare",
    "FlareEnded": "Flare",
    "FlareAmended": "Flare",
    "FlareRetracted": None,
    "AdverseEventRecorded": "AdverseEvent",
    "AdverseEventAmended": "AdverseEvent",
    "AdverseEventRetracted": None,
    "StudyRecorded": "Study",
    "StudyAmended": "Study",
    "StudyRetracted": None,
    "ReadingRecorded": "Reading",
    "ReadingAmended": "Reading",
    "ReadingRetracted": None,
    "LesionVerdictRecorded": "LesionVerdict",
    "LesionVerdictAmended": "LesionVerdict",
    "LesionVerdictRetracted": None,
}


def event_classes(base: type[Event] = Event) -> set[type[Event]]:
    found = {each for sub in base.__subclasses__() for each in (sub, *event_classes(sub))} - {StatementEvent}
    return {each for each in found if each.__module__ == events.__name__}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_every_event_that_was_ever_stored_is_read_by_its_class(sample: Sample) -> None:
    assert type(sample.event) is CLASSES[sample.stored.topic]


@pytest.mark.parametrize("sample", NEWEST.values(), ids=NEWEST)
def test_an_event_is_stored_again_byte_for_byte(sample: Sample) -> None:
    assert MAPPER.to_stored_event(MAPPER.to_domain_event(sample.stored)) == sample.stored


@pytest.mark.parametrize("topic", CLASSES)
def test_every_topic_has_a_sample(topic: str) -> None:
    assert topic in {sample.stored.topic for sample in SAMPLES.values()}


def test_every_event_class_has_a_topic() -> None:
    assert event_classes() == set(TOPICS.values())


def test_no_topic_is_ever_taken_away() -> None:
    assert {sample.stored.topic for sample in SAMPLES.values()} <= set(CLASSES)


def test_an_erasure_has_the_fields_that_it_had_and_none_that_names_a_patient() -> None:
    assert PatientErased.__struct_encode_fields__ == ("actor", "source", "reason", "erased")
    assert PatientErased.__struct_defaults__ == ()


@pytest.mark.parametrize(("topic", "stated"), STATED.items())
def test_an_event_has_the_fields_that_it_had_in_the_order_that_they_had(topic: str, stated: str | None) -> None:
    event = TOPICS[topic]

    assert " ".join(event.__struct_fields__) == (f"{EVENT_FIELDS} statement" if stated else EVENT_FIELDS)
    assert event.__struct_encode_fields__ == event.__struct_fields__
    assert event.__struct_defaults__ == ()


@pytest.mark.parametrize(("topic", "stated"), [(topic, stated) for topic, stated in STATED.items() if stated])
def test_an_event_states_what_it_stated(topic: str, stated: str) -> None:
    [statement] = [field.type for field in msgspec.structs.fields(TOPICS[topic]) if field.name == "statement"]

    assert statement is getattr(statements, stated)


def test_every_topic_has_its_fields_pinned() -> None:
    assert list(STATED) == list(TOPICS)


@pytest.mark.parametrize(("name", "fields"), STATEMENT_FIELDS.items())
def test_a_statement_has_the_fields_that_it_had_in_the_order_that_they_had(name: str, fields: str) -> None:
    statement = getattr(statements, name)

    assert " ".join(statement.__struct_encode_fields__) == fields


def test_only_what_few_measurements_have_may_be_left_out_of_a_payload() -> None:
    defaults = {name: getattr(statements, name).__struct_defaults__ for name in STATEMENT_FIELDS}

    assert {name: values for name, values in defaults.items() if values} == {"Measurement": (None, None)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_fact_has_its_own_events(kind: str) -> None:
    own = {KINDS[kind].recorded, KINDS[kind].amended, KINDS[kind].retracted, KINDS[kind].ended} - {None}
    others = [event for name, other in KINDS.items() if name != kind for event in (other.recorded, other.amended)]

    assert own <= set(TOPICS.values())
    assert own.isdisjoint(others)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_samples_of_a_file_are_streams_that_can_be_replayed(file: Path) -> None:
    happened = [sample.event for name, sample in SAMPLES.items() if name.startswith(file.name)]
    happened = [event for event in happened if isinstance(event, Event)]

    for pseudonym in {event.patient for event in happened}:
        patient = Patient.of([event for event in happened if event.patient == pseudonym])
        assert (patient.pseudonym, patient.id) == (pseudonym, stream_of(pseudonym))
        assert patient.version == sum(event.patient == pseudonym for event in happened)


def test_a_file_of_samples_is_never_changed() -> None:
    lines = (FOLDER / "released.sha256").read_text().splitlines()
    files = [*FILES, *sorted(FOLDER.glob("*.sql"))]

    assert [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files] == lines


def test_the_streams_of_patients_keep_their_identities() -> None:
    assert str(events.PATIENT_NAMESPACE) == "5b0a1d4e-7c1f-5c0e-9a7e-2d8f6f3f5a11"
    assert str(stream_of("BAR1-01")) == "3ff5c286-1843-5bec-b207-4e40de81d90e"
