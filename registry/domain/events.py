"""What happened: every event that a registry keeps, by its topic.

An event states its fact whole, so that it can be read in thirty years without any other: who recorded it
(`actor`), whence (`source`, e.g. `visits.csv:17`), why (`reason`, for amendments and retractions), of which patient
and fact, on which clinical day, and the statement. A topic is a name, not a class path: modules and classes
may move, the names in `TOPICS` stay for ever, and so do the fields. A changed meaning is a new event version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

import msgspec

from registry.domain.statements import (
    AdverseEvent,
    Enrolment,
    Flare,
    LesionVerdict,
    Reading,
    Resumption,
    Statement,
    Study,
    Treatment,
    Visit,
)

FILE_ENDINGS: Final = (".csv", ".tsv", ".xlsx", ".parquet")  # that an import reads
FILE: Final = re.compile(rf".+({'|'.join(map(re.escape, FILE_ENDINGS))})(![^!]+?)?(:\d+)?", re.IGNORECASE)
ERASURE: Final = "PatientErased"  # the topic of the one event that is about a stream and not about a fact
PATIENT_NAMESPACE: Final = UUID("5b0a1d4e-7c1f-5c0e-9a7e-2d8f6f3f5a11")


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every event carries; the recorded clock is the log's to add."""

    patient: str
    fact: str
    clinical_on: date | None
    actor: str
    source: str
    reason: str | None


class StatementEvent(Event, frozen=True, kw_only=True, gc=False):
    """An event that states a fact."""

    statement: Statement


class PatientEnrolled(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Enrolment


class FollowUpEnded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Enrolment


class EnrolmentAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Enrolment


class EnrolmentRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class FollowUpResumed(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Resumption


class ResumptionEnded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Resumption


class ResumptionAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Resumption


class ResumptionRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class VisitRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Visit


class VisitAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Visit


class VisitRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class TreatmentStarted(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Treatment


class TreatmentStopped(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Treatment


class TreatmentAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Treatment


class TreatmentRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class FlareStarted(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Flare


class FlareEnded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Flare


class FlareAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Flare


class FlareRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class AdverseEventRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: AdverseEvent


class AdverseEventAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: AdverseEvent


class AdverseEventRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class StudyRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Study


class StudyAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Study


class StudyRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class ReadingRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Reading


class ReadingAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Reading


class ReadingRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class LesionVerdictRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: LesionVerdict


class LesionVerdictAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: LesionVerdict


class LesionVerdictRetracted(Event, frozen=True, kw_only=True, gc=False):
    pass


class PatientErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The patient was erased: the stream's other events have no payload any more, and no event follows.

    It says who did it and why, how many events were erased, and not whose they were: the stream knows.
    """

    actor: str
    source: str
    reason: str
    erased: int


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of fact: what states it, and which events make up its history.

    `ended` is the event of its end where the end has one of its own, with the fields that only the end may fill.
    """

    name: str
    statement: type[Statement]
    recorded: type[StatementEvent]
    amended: type[StatementEvent]
    retracted: type[Event]
    ended: type[StatementEvent] | None = None
    end_fields: tuple[str, ...] = ()


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind(
            name="patient",
            statement=Enrolment,
            recorded=PatientEnrolled,
            amended=EnrolmentAmended,
            retracted=EnrolmentRetracted,
            ended=FollowUpEnded,
            end_fields=("follow_up_ended_on", "follow_up_end_reason"),
        ),
        Kind(
            name="follow-up",
            statement=Resumption,
            recorded=FollowUpResumed,
            amended=ResumptionAmended,
            retracted=ResumptionRetracted,
            ended=ResumptionEnded,
            end_fields=("ended_on", "end_reason"),
        ),
        Kind(
            name="visit",
            statement=Visit,
            recorded=VisitRecorded,
            amended=VisitAmended,
            retracted=VisitRetracted,
        ),
        Kind(
            name="treatment",
            statement=Treatment,
            recorded=TreatmentStarted,
            amended=TreatmentAmended,
            retracted=TreatmentRetracted,
            ended=TreatmentStopped,
            end_fields=("stopped_on", "stop_reason"),
        ),
        Kind(
            name="flare",
            statement=Flare,
            recorded=FlareStarted,
            amended=FlareAmended,
            retracted=FlareRetracted,
            ended=FlareEnded,
            end_fields=("ended_on",),
        ),
        Kind(
            name="adverse-event",
            statement=AdverseEvent,
            recorded=AdverseEventRecorded,
            amended=AdverseEventAmended,
            retracted=AdverseEventRetracted,
        ),
        Kind(
            name="imaging",
            statement=Study,
            recorded=StudyRecorded,
            amended=StudyAmended,
            retracted=StudyRetracted,
        ),
        Kind(
            name="reading",
            statement=Reading,
            recorded=ReadingRecorded,
            amended=ReadingAmended,
            retracted=ReadingRetracted,
        ),
        Kind(
            name="lesion",
            statement=LesionVerdict,
            recorded=LesionVerdictRecorded,
            amended=LesionVerdictAmended,
            retracted=LesionVerdictRetracted,
        ),
    )
}

TOPICS: Final[dict[str, type[Event]]] = {  # of the events of facts, the name in the log: the class that reads it
    "PatientEnrolled": PatientEnrolled,
    "FollowUpEnded": FollowUpEnded,
    "EnrolmentAmended": EnrolmentAmended,
    "EnrolmentRetracted": EnrolmentRetracted,
    "FollowUpResumed": FollowUpResumed,
    "ResumptionEnded": ResumptionEnded,
    "ResumptionAmended": ResumptionAmended,
    "ResumptionRetracted": ResumptionRetracted,
    "VisitRecorded": VisitRecorded,
    "VisitAmended": VisitAmended,
    "VisitRetracted": VisitRetracted,
    "TreatmentStarted": TreatmentStarted,
    "TreatmentStopped": TreatmentStopped,
    "TreatmentAmended": TreatmentAmended,
    "TreatmentRetracted": TreatmentRetracted,
    "FlareStarted": FlareStarted,
    "FlareEnded": FlareEnded,
    "FlareAmended": FlareAmended,
    "FlareRetracted": FlareRetracted,
    "AdverseEventRecorded": AdverseEventRecorded,
    "AdverseEventAmended": AdverseEventAmended,
    "AdverseEventRetracted": AdverseEventRetracted,
    "StudyRecorded": StudyRecorded,
    "StudyAmended": StudyAmended,
    "StudyRetracted": StudyRetracted,
    "ReadingRecorded": ReadingRecorded,
    "ReadingAmended": ReadingAmended,
    "ReadingRetracted": ReadingRetracted,
    "LesionVerdictRecorded": LesionVerdictRecorded,
    "LesionVerdictAmended": LesionVerdictAmended,
    "LesionVerdictRetracted": LesionVerdictRetracted,
}
# An earlier version of an event, and how it is told in the next one. Empty: every event is in its first version.
UPCASTS: Final[dict[type[Event], Callable[[Event], Event]]] = {}
TOPIC_OF: Final = {event: topic for topic, event in TOPICS.items()}
OBSERVED: Final = frozenset({"patient", "follow-up"})  # the kinds of facts that say when a patient was followed
# The kinds of facts of which deciding about a kind takes account, beside those of `OBSERVED` and the kind itself: on
# what it rests, and what rests on it. Everything rests on an enrolment and on the resumptions of follow-up.
RELATED_KINDS: Final[dict[str, Collection[str]]] = {
    "patient": KINDS,
    "follow-up": KINDS,
    "imaging": ("reading", "lesion"),
    "reading": ("imaging",),
    "lesion": ("imaging",),
}


def kinds_to_know(deciding: Iterable[str]) -> set[str]:
    """Return the kinds of which all facts of a patient must be known, to decide about facts of some kinds.

    >>> sorted(kinds_to_know(["flare"])), sorted(kinds_to_know(["lesion"])), kinds_to_know(["patient"]) == set(KINDS)
    (['flare', 'follow-up', 'patient'], ['follow-up', 'imaging', 'lesion', 'patient'], True)
    """
    deciding = set(deciding)
    return {*OBSERVED}.union(deciding, *(RELATED_KINDS.get(kind, ()) for kind in deciding))


def in_newest_version(event: Event) -> Event:
    """Return an event in the newest version of its kind, one step after the other; the log keeps the old one."""
    while (step := UPCASTS.get(type(event))) is not None:
        event = step(event)
    return event


def of_a_file(source: str) -> bool:
    """Return whether a source is a file that was imported, or a row of one.

    >>> [of_a_file(source) for source in ("visits.csv:17", "cohort.xlsx!visits:2", "command line", "python")]
    [True, True, False, False]
    """
    name, colon, line = source.rpartition(":")
    return _is_of_a_file(f"{name}:1" if colon and line.isdecimal() else source)


@lru_cache  # a batch has many rows and few files
def _is_of_a_file(source: str) -> bool:
    return FILE.fullmatch(source) is not None


def stream_of(patient: str) -> UUID:
    """Return the identity of a patient's stream; it depends on the pseudonym and nothing else."""
    return uuid5(PATIENT_NAMESPACE, patient)
