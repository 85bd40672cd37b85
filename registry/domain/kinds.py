"""The kinds of facts: what states a fact of each, and which events make up its history."""

from __future__ import annotations

from typing import Final

import msgspec

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
    Confirmation,
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
    Retraction,
    StatementEvent,
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
from registry.domain.statements import (
    AdverseEvent,
    Assignment,
    Condition,
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


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of fact: what states it, and which events make up its history.

    `ended` is the event of its end where the end has one of its own, with the fields that only the end may fill.
    """

    name: str
    statement: type[Statement]
    recorded: type[StatementEvent]
    amended: type[StatementEvent]
    retracted: type[Retraction]
    confirmed: type[Confirmation]
    ended: type[StatementEvent] | None = None
    end_fields: tuple[str, ...] = ()

    @property
    def events(self) -> tuple[type[Event], ...]:
        """The events that make up the history of such a fact."""
        ended = () if self.ended is None else (self.ended,)
        return (self.recorded, *ended, self.amended, self.retracted, self.confirmed)


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind(
            name="patient",
            statement=Enrolment,
            recorded=PatientEnrolled,
            amended=EnrolmentAmended,
            retracted=EnrolmentRetracted,
            confirmed=EnrolmentConfirmed,
            ended=FollowUpEnded,
            end_fields=("follow_up_ended_on", "follow_up_end_reason"),
        ),
        Kind(
            name="follow-up",
            statement=Resumption,
            recorded=FollowUpResumed,
            amended=ResumptionAmended,
            retracted=ResumptionRetracted,
            confirmed=ResumptionConfirmed,
            ended=ResumptionEnded,
            end_fields=("ended_on", "end_reason"),
        ),
        Kind(
            name="visit",
            statement=Visit,
            recorded=VisitRecorded,
            amended=VisitAmended,
            retracted=VisitRetracted,
            confirmed=VisitConfirmed,
        ),
        Kind(
            name="treatment",
            statement=Treatment,
            recorded=TreatmentStarted,
            amended=TreatmentAmended,
            retracted=TreatmentRetracted,
            confirmed=TreatmentConfirmed,
            ended=TreatmentStopped,
            end_fields=("stopped_on", "stop_reason"),
        ),
        Kind(
            name="flare",
            statement=Flare,
            recorded=FlareStarted,
            amended=FlareAmended,
            retracted=FlareRetracted,
            confirmed=FlareConfirmed,
            ended=FlareEnded,
            end_fields=("ended_on",),
        ),
        Kind(
            name="adverse-event",
            statement=AdverseEvent,
            recorded=AdverseEventRecorded,
            amended=AdverseEventAmended,
            retracted=AdverseEventRetracted,
            confirmed=AdverseEventConfirmed,
        ),
        Kind(
            name="condition",
            statement=Condition,
            recorded=ConditionRecorded,
            amended=ConditionAmended,
            retracted=ConditionRetracted,
            confirmed=ConditionConfirmed,
            ended=ConditionEnded,
            end_fields=("ended_on",),
        ),
        Kind(
            name="imaging",
            statement=Study,
            recorded=StudyRecorded,
            amended=StudyAmended,
            retracted=StudyRetracted,
            confirmed=StudyConfirmed,
        ),
        Kind(
            name="assignment",
            statement=Assignment,
            recorded=StudyAssigned,
            amended=AssignmentAmended,
            retracted=AssignmentRetracted,
            confirmed=AssignmentConfirmed,
        ),
        Kind(
            name="reading",
            statement=Reading,
            recorded=ReadingRecorded,
            amended=ReadingAmended,
            retracted=ReadingRetracted,
            confirmed=ReadingConfirmed,
        ),
        Kind(
            name="lesion",
            statement=LesionVerdict,
            recorded=LesionVerdictRecorded,
            amended=LesionVerdictAmended,
            retracted=LesionVerdictRetracted,
            confirmed=LesionVerdictConfirmed,
        ),
    )
}
