"""The names of events in the log, and how what is stored in an earlier version is told in the newest one.

A topic is a name, not a class path: modules and classes may move, the names stay for ever, and so do the fields. A
changed meaning is a new event version, whose number stands after a slash; the first has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from registry.domain import events_1
from registry.domain.events import (
    AdverseEventAmended,
    AdverseEventConfirmed,
    AdverseEventRecorded,
    AdverseEventRetracted,
    AssignmentAmended,
    AssignmentConfirmed,
    AssignmentRetracted,
    ConditionAmended,
    ConditionConfirmed,
    ConditionEnded,
    ConditionRecorded,
    ConditionRetracted,
    EnrolmentAmended,
    EnrolmentConfirmed,
    EnrolmentRetracted,
    Event,
    FlareAmended,
    FlareConfirmed,
    FlareEnded,
    FlareRetracted,
    FlareStarted,
    FollowUpEnded,
    FollowUpResumed,
    LesionVerdictAmended,
    LesionVerdictConfirmed,
    LesionVerdictRecorded,
    LesionVerdictRetracted,
    PatientEnrolled,
    ReadingAmended,
    ReadingConfirmed,
    ReadingRecorded,
    ReadingRetracted,
    ResumptionAmended,
    ResumptionConfirmed,
    ResumptionEnded,
    ResumptionRetracted,
    StudyAmended,
    StudyAssigned,
    StudyConfirmed,
    StudyRecorded,
    StudyRetracted,
    TreatmentAmended,
    TreatmentConfirmed,
    TreatmentRetracted,
    TreatmentStarted,
    TreatmentStopped,
    VisitAmended,
    VisitConfirmed,
    VisitRecorded,
    VisitRetracted,
)
from registry.domain.kinds import KINDS

VERSION_2: Final[dict[str, type[Event]]] = {
    "PatientEnrolled/2": PatientEnrolled,
    "FollowUpEnded/2": FollowUpEnded,
    "EnrolmentAmended/2": EnrolmentAmended,
    "EnrolmentRetracted/2": EnrolmentRetracted,
    "FollowUpResumed/2": FollowUpResumed,
    "ResumptionEnded/2": ResumptionEnded,
    "ResumptionAmended/2": ResumptionAmended,
    "ResumptionRetracted/2": ResumptionRetracted,
    "VisitRecorded/2": VisitRecorded,
    "VisitAmended/2": VisitAmended,
    "VisitRetracted/2": VisitRetracted,
    "TreatmentStarted/2": TreatmentStarted,
    "TreatmentStopped/2": TreatmentStopped,
    "TreatmentAmended/2": TreatmentAmended,
    "TreatmentRetracted/2": TreatmentRetracted,
    "FlareStarted/2": FlareStarted,
    "FlareEnded/2": FlareEnded,
    "FlareAmended/2": FlareAmended,
    "FlareRetracted/2": FlareRetracted,
    "AdverseEventRecorded/2": AdverseEventRecorded,
    "AdverseEventAmended/2": AdverseEventAmended,
    "AdverseEventRetracted/2": AdverseEventRetracted,
    "StudyRecorded/2": StudyRecorded,
    "StudyAmended/2": StudyAmended,
    "StudyRetracted/2": StudyRetracted,
    "ReadingRecorded/2": ReadingRecorded,
    "ReadingAmended/2": ReadingAmended,
    "ReadingRetracted/2": ReadingRetracted,
    "LesionVerdictRecorded/2": LesionVerdictRecorded,
    "LesionVerdictAmended/2": LesionVerdictAmended,
    "LesionVerdictRetracted/2": LesionVerdictRetracted,
}
FIRST: Final[dict[str, type[Event]]] = {  # events that are in their first version
    "EnrolmentConfirmed": EnrolmentConfirmed,
    "ResumptionConfirmed": ResumptionConfirmed,
    "VisitConfirmed": VisitConfirmed,
    "TreatmentConfirmed": TreatmentConfirmed,
    "FlareConfirmed": FlareConfirmed,
    "AdverseEventConfirmed": AdverseEventConfirmed,
    "StudyConfirmed": StudyConfirmed,
    "ReadingConfirmed": ReadingConfirmed,
    "LesionVerdictConfirmed": LesionVerdictConfirmed,
    "ConditionRecorded": ConditionRecorded,
    "ConditionEnded": ConditionEnded,
    "ConditionAmended": ConditionAmended,
    "ConditionRetracted": ConditionRetracted,
    "ConditionConfirmed": ConditionConfirmed,
    "StudyAssigned": StudyAssigned,
    "AssignmentAmended": AssignmentAmended,
    "AssignmentRetracted": AssignmentRetracted,
    "AssignmentConfirmed": AssignmentConfirmed,
}
# Of the events of facts, the name in the log: the class that reads it.
TOPICS: Final[dict[str, type[Any]]] = {**events_1.EVENTS, **VERSION_2, **FIRST}
TOPIC_OF: Final = {event: topic for topic, event in TOPICS.items()}
# An earlier version of an event, and how it is told in the next one.
UPCASTS: Final[dict[type, Callable[[Any], Any]]] = {
    event: events_1.in_version_2(VERSION_2[f"{name}/2"]) for name, event in events_1.EVENTS.items()
}


def name_of(event: type[Event]) -> str:
    """Return the name of an event in the log, whatever its version.

    >>> from registry.domain.events import VisitRecorded
    >>> name_of(VisitRecorded)
    'VisitRecorded'
    """
    return TOPIC_OF[event].partition("/")[0]


CONFIRMATIONS: Final = frozenset(name_of(kind.confirmed) for kind in KINDS.values())
EVENT_NAMES: Final = tuple(dict.fromkeys(map(name_of, TOPIC_OF)))  # without versions


def in_newest_version(event: Any) -> Event:
    """Return an event in the newest version of its kind, one step after the other; the log keeps the old one."""
    while (step := UPCASTS.get(type(event))) is not None:
        event = step(event)
    newest: Event = event
    return newest
