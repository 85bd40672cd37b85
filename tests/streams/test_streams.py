"""Events outlive code: whatever a release stored is read by every later one."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from eventsourcing.persistence import JSONTranscoder, StoredEvent

from registry.catalogue import protocol
from registry.domain import campaigns, events, events_1, statements
from registry.domain.batches import BatchRecorded
from registry.domain.campaigns import CampaignLocked, CampaignStarted, CampaignUnblinded
from registry.domain.events import Confirmation, Event, PatientErased, Retraction, StatementEvent, stream_of
from registry.domain.events_1 import of_a_file
from registry.domain.freezes import FreezesListed, ListedFreeze, LogFrozen
from registry.domain.kinds import KINDS
from registry.domain.origins import Origin
from registry.domain.patient import Patient
from registry.domain.protocols import ProtocolAdopted
from registry.domain.registry_streams import BATCHES, CAMPAIGNS, FREEZES, PROTOCOLS
from registry.domain.stream_events import ABOUT_NO_FACT, FormerNameErased, Merging, PatientMerged, PatientUnmerged
from registry.domain.topics import TOPICS, UPCASTS
from registry.store.head import joined_topic
from registry.streams import DECODERS, ENCODER, EventMapper

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
    def decoded(self) -> object:
        """The event in the version in which it was stored."""
        return DECODERS[self.stored.topic].decode(bytes(self.payload))

    @property
    def event(self) -> Event | Merging | PatientErased:
        """The event as it is told now."""
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

CLASSES = {
    **TOPICS,
    "PatientErased": PatientErased,
    "FormerNameErased": FormerNameErased,
    "PatientMerged": PatientMerged,
    "PatientUnmerged": PatientUnmerged,
    "BatchRecorded": BatchRecorded,
    "LogFrozen": LogFrozen,
    "FreezesListed": FreezesListed,
    "ProtocolAdopted": ProtocolAdopted,
    "CampaignStarted": CampaignStarted,
    "CampaignLocked": CampaignLocked,
    "CampaignUnblinded": CampaignUnblinded,
}

EVENT_FIELDS = "patient fact clinical_on actor source reason"
FIELDS_OF_VERSION = {  # of events that state something, and of retractions
    1: (f"{EVENT_FIELDS} statement", EVENT_FIELDS),
    2: (f"{EVENT_FIELDS} moved_from under statement origin", f"{EVENT_FIELDS} moved_to under origin"),
}
STATEMENT_FIELDS = {
    "Enrolment": "enrolled_on centre sex birth_year symptom_onset diagnosed_on criteria hla_b27 consented_on "
    "follow_up_ended_on follow_up_end_reason",
    "Resumption": "resumed_on ended_on end_reason",
    "Visit": "visited_on visit measures",
    "Measurement": "measure value unit comparator version code text missing",
    "Treatment": "agent started_on stopped_on stop_reason dose dose_unit frequency route product arm",
    "Flare": "started_on ended_on basis severity trigger note",
    "AdverseEvent": "term started_on ended_on severity serious agent outcome",
    "Condition": "condition started_on ended_on basis side note",
    "Assignment": "campaign reader study unit repeat role",
    "Study": "study performed_on modality regions sequences note",
    "Reading": "study reader method method_version session read_on seconds grades",
    "LesionVerdict": "baseline_study followup_study reader session lesion region kind location verdict read_on",
}
FIELDS_OF_A_PROTOCOL = {
    "Protocol": "protocol title units measures scores agents products arms conditions centres missing schedule "
    "follow_up",
    "UnitRecord": "name to",
    "MeasureRecord": "name label holds unit range plausible laboratory codes ordinal until ended_codes",
    "ScoreRecord": "name edition label source items rule unit reverse weights constant range missing until",
    "MissingItems": "at_most then",
    "AgentRecord": "name class atc until",
    "ProductRecord": "name agent kind until",
    "CodeRecord": "code title until",
    "ConditionRecord": "name label icd10 group until",
    "ScheduledVisit": "name from of day every since window requires imaging until",
    "ScheduledImaging": "modality regions every",
    "FollowUpRule": "lost_after",
}
FIELDS_OF_CAMPAIGNS = {
    "Adjudication": "to status change",
    "Campaign": "campaign method method_version chosen_by chosen_in readers unit order readers_per_unit design repeats "
    "adjudicate final due",
    "CampaignStarted": "campaign position first key_sha256 code_length studies units cases actor source",
    "CampaignLocked": "campaign unread actor source reason",
    "CampaignUnblinded": "campaign key actor source reason",
}
STATED = {  # event: what it states in all its versions
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
STATED_SINCE = {  # the same of events that came after version 2, and are in their first
    "ConditionRecorded": "Condition",
    "ConditionEnded": "Condition",
    "ConditionAmended": "Condition",
    "ConditionRetracted": None,
    "StudyAssigned": "Assignment",
    "AssignmentAmended": "Assignment",
    "AssignmentRetracted": None,
}


CONFIRMED = [
    "EnrolmentConfirmed",
    "ResumptionConfirmed",
    "VisitConfirmed",
    "TreatmentConfirmed",
    "FlareConfirmed",
    "AdverseEventConfirmed",
    "StudyConfirmed",
    "ReadingConfirmed",
    "LesionVerdictConfirmed",
    "ConditionConfirmed",
    "AssignmentConfirmed",
]


def event_classes(base: type[Event] = Event) -> set[type[Event]]:
    found = {each for sub in base.__subclasses__() for each in (sub, *event_classes(sub))}
    found -= {StatementEvent, Retraction, Confirmation}
    return {each for each in found if each.__module__ == events.__name__}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_every_event_that_was_ever_stored_is_read_by_its_class(sample: Sample) -> None:
    assert type(sample.decoded) is CLASSES[sample.stored.topic]


@pytest.mark.parametrize("sample", NEWEST.values(), ids=NEWEST)
def test_an_event_is_encoded_again_byte_for_byte(sample: Sample) -> None:
    assert ENCODER.encode(sample.decoded) == bytes(sample.payload)


@pytest.mark.parametrize("sample", [sample for sample in NEWEST.values() if sample.topic in CONFIRMED])
def test_what_was_confirmed_is_all_the_source_s_own(sample: Sample) -> None:
    assert isinstance(sample.event, Confirmation)
    assert set(sample.event.origin.own) == set(sample.event.origin.columns)


@pytest.mark.parametrize("topic", CLASSES)
def test_every_topic_has_a_sample(topic: str) -> None:
    assert topic in {sample.stored.topic for sample in SAMPLES.values()}


def test_every_event_class_has_a_topic() -> None:
    assert event_classes() | set(events_1.EVENTS.values()) == set(TOPICS.values())


def test_no_topic_is_ever_taken_away() -> None:
    assert {sample.stored.topic for sample in SAMPLES.values()} <= set(CLASSES)


def test_an_erasure_has_the_fields_that_it_had_and_none_that_names_a_patient() -> None:
    for erasure in (PatientErased, FormerNameErased):
        assert erasure.__struct_encode_fields__ == ("actor", "source", "reason", "erased")
        assert erasure.__struct_defaults__ == ()


@pytest.mark.parametrize("event", [PatientMerged, PatientUnmerged])
def test_a_merge_and_its_end_have_the_fields_that_they_had(event: type[Merging]) -> None:
    assert " ".join(event.__struct_encode_fields__) == "patient merged into actor source reason"
    assert event.__struct_defaults__ == ()


def test_the_events_about_no_fact_are_these() -> None:
    assert {name: event for name, event in CLASSES.items() if name not in TOPICS} == ABOUT_NO_FACT


def test_a_batch_has_the_fields_that_it_had_and_none_that_names_a_patient() -> None:
    assert (
        " ".join(BatchRecorded.__struct_encode_fields__)
        == "first actor delivered_by files mapping counts shifted_dates"
    )
    assert BatchRecorded.__struct_defaults__ == (None,)  # of the last, which earlier batches do not have


def test_a_batch_that_was_read_by_a_mapping_says_by_which_and_whether_its_dates_were_shifted() -> None:
    batches = [sample.event for name, sample in NEWEST.items() if name.endswith(" BatchRecorded")]

    said = [(len(batch.mapping or ""), batch.shifted_dates) for batch in batches if isinstance(batch, BatchRecorded)]

    assert said == [(64, False), (64, True)]


def test_a_freeze_and_the_list_of_former_ones_have_the_fields_that_they_had() -> None:
    assert " ".join(LogFrozen.__struct_encode_fields__) == "name position actor note"
    assert " ".join(FreezesListed.__struct_encode_fields__) == "actor freezes"
    assert " ".join(ListedFreeze.__struct_encode_fields__) == "name position digest recorded_at actor note"
    assert {event.__struct_defaults__ for event in (LogFrozen, FreezesListed, ListedFreeze)} == {()}


def test_an_adoption_has_the_fields_that_it_had_and_none_that_names_a_patient() -> None:
    assert " ".join(ProtocolAdopted.__struct_encode_fields__) == "edition actor source reason protocol"
    assert ProtocolAdopted.__struct_defaults__ == ()


@pytest.mark.parametrize(("record", "fields"), FIELDS_OF_CAMPAIGNS.items())
def test_the_records_and_events_of_a_campaign_have_the_fields_that_they_had(record: str, fields: str) -> None:
    assert " ".join(getattr(campaigns, record).__struct_encode_fields__) == fields


def test_only_what_few_campaigns_have_may_be_left_out_of_a_payload() -> None:
    defaults = {name: getattr(campaigns, name).__struct_defaults__ for name in FIELDS_OF_CAMPAIGNS}

    assert {name: values for name, values in defaults.items() if values} == {
        "Adjudication": (None, None),
        "Campaign": ("random", Decimal(0), None, "mean", None),
    }


@pytest.mark.parametrize(("record", "fields"), FIELDS_OF_A_PROTOCOL.items())
def test_the_records_of_a_protocol_have_the_fields_that_they_had(record: str, fields: str) -> None:
    assert " ".join(getattr(protocol, record).__struct_encode_fields__) == fields


def test_every_stream_of_the_registry_s_own_has_the_id_that_it_had() -> None:
    assert [str(stream.id) for stream in (BATCHES, FREEZES, PROTOCOLS, CAMPAIGNS)] == [
        "21647053-2352-5aa2-a4e6-8b293ed7bd05",
        "8df3d6ed-3c9a-5e4e-93d7-9843b4de932a",
        "d3ba6921-b205-5ac3-9af5-7e8c32583bee",
        "e8982aad-a8ec-51a5-9506-eae0f86d99bb",
    ]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("name", "stated"), STATED.items())
def test_an_event_has_the_fields_that_it_had_in_the_order_that_they_had(
    name: str, stated: str | None, version: int
) -> None:
    event = TOPICS[joined_topic(name, version)]

    assert " ".join(event.__struct_fields__) == FIELDS_OF_VERSION[version][0 if stated else 1]
    assert event.__struct_encode_fields__ == event.__struct_fields__
    assert event.__struct_defaults__ == (
        () if version == 1 else (None, None, *[msgspec.NODEFAULT] * (2 if stated else 1))
    )


@pytest.mark.parametrize(("name", "stated"), STATED_SINCE.items())
def test_an_event_of_a_later_kind_has_the_fields_of_version_2_from_its_first_on(name: str, stated: str | None) -> None:
    event = TOPICS[name]

    assert " ".join(event.__struct_encode_fields__) == FIELDS_OF_VERSION[2][0 if stated else 1]
    assert event.__struct_defaults__ == (None, None, *[msgspec.NODEFAULT] * (2 if stated else 1))
    types = {field.name: field.type for field in msgspec.structs.fields(event)}
    assert types.get("statement") is (getattr(statements, stated) if stated else None)


@pytest.mark.parametrize("name", CONFIRMED)
def test_a_confirmation_has_the_fields_that_it_had(name: str) -> None:
    assert " ".join(TOPICS[name].__struct_encode_fields__) == f"{EVENT_FIELDS} under origin"
    assert TOPICS[name].__struct_defaults__ == (None, msgspec.NODEFAULT)


def test_an_origin_has_the_fields_that_it_had_and_leaves_out_what_it_has_not() -> None:
    assert " ".join(Origin.__struct_encode_fields__) == "source row columns own words"
    assert ENCODER.encode(Origin()) == b"{}"


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("name", "stated"), [(name, stated) for name, stated in STATED.items() if stated])
def test_an_event_states_what_it_stated(name: str, stated: str, version: int) -> None:
    fields = msgspec.structs.fields(TOPICS[joined_topic(name, version)])
    [statement] = [field.type for field in fields if field.name == "statement"]

    assert statement is getattr(statements, stated)


def test_every_topic_has_its_fields_pinned() -> None:
    assert set(TOPICS) == {joined_topic(name, version) for name in STATED for version in (1, 2)} | {
        *STATED_SINCE,
        *CONFIRMED,
    }


@pytest.mark.parametrize("name", STATED)
def test_an_event_of_version_1_is_told_in_version_2(name: str) -> None:
    [sample] = [sample for sample in SAMPLES.values() if sample.stored.topic == name][:1]

    assert type(sample.event) is TOPICS[f"{name}/2"]
    assert UPCASTS.keys() == set(events_1.EVENTS.values())


def told(sample: str) -> Event:
    event = SAMPLES[sample].event
    assert isinstance(event, Event)
    return event


def test_a_row_of_a_file_is_told_as_what_the_nameless_source_said_of_the_whole_statement() -> None:
    visit = told("0001.jsonl:3 VisitRecorded")
    study = told("0001.jsonl:23 StudyRecorded")

    assert visit.source == "visits.csv:2"
    assert isinstance(visit, StatementEvent)
    assert visit.origin is not None
    assert (visit.origin.source, visit.origin.row, visit.origin.own) == ("", None, {})
    assert {"visited_on", "visit", "crp", "basdai_1", "basmi", "basmi_version"} <= set(visit.origin.columns)
    assert isinstance(study, StatementEvent)
    assert study.fact == "imaging/id=17"
    assert study.origin == Origin(
        row="17", columns=("study", "performed_on", "modality", "regions", "sequences", "note")
    )


def test_what_a_person_recorded_is_told_without_an_origin() -> None:
    retraction = told("0001.jsonl:24 StudyRetracted")

    assert retraction.source == "python"
    assert isinstance(retraction, Retraction)
    assert retraction.origin is None


def test_a_file_s_retraction_ends_what_the_nameless_source_said() -> None:
    stored = {"patient": "P", "fact": "visit/P/2020-01-01", "clinical_on": "2020-01-01", "actor": "a"}
    payload = ENCODER.encode({**stored, "source": "visits.csv", "reason": "gone"})
    event = MAPPER.to_domain_event(StoredEvent(stream_of("P"), 2, "VisitRetracted", payload)).event

    assert isinstance(event, Retraction)
    assert event.origin == Origin()


@pytest.mark.parametrize(
    ("source", "is_file"),
    [
        *((f"visits{ending}{place}", True) for ending in (".csv", ".TSV", ".xlsx", ".parquet") for place in ("", ":2")),
        ("cohort.xlsx!visits:2", True),
        ("visits.jsonl:2", False),
        ("visits.sav:2", False),
        ("command line", False),
        ("python", False),
    ],
)
def test_the_files_that_version_1_knew_are_never_more(source: str, is_file: bool) -> None:
    assert events_1.FILE.pattern == r".+(\.csv|\.tsv|\.xlsx|\.parquet)(![^!]+?)?(:\d+)?"
    assert of_a_file(source) is is_file


@pytest.mark.parametrize(("name", "fields"), STATEMENT_FIELDS.items())
def test_a_statement_has_the_fields_that_it_had_in_the_order_that_they_had(name: str, fields: str) -> None:
    statement = getattr(statements, name)

    assert " ".join(statement.__struct_encode_fields__) == fields


def test_only_what_few_measurements_and_courses_have_may_be_left_out_of_a_payload() -> None:
    defaults = {name: getattr(statements, name).__struct_defaults__ for name in STATEMENT_FIELDS}

    assert {name: values for name, values in defaults.items() if values} == {
        "Measurement": (None, None, None, None, None),
        "Treatment": (None, None),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_fact_has_its_own_events(kind: str) -> None:
    own = set(KINDS[kind].events)
    others = [event for name, other in KINDS.items() if name != kind for event in other.events]

    assert own <= set(TOPICS.values())
    assert own.isdisjoint(others)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_samples_of_a_file_are_streams_that_can_be_replayed(file: Path) -> None:
    happened = [sample.event for name, sample in SAMPLES.items() if name.startswith(file.name)]
    happened = [event for event in happened if isinstance(event, Event | Merging)]

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
