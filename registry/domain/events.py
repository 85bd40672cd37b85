"""What happened: every event that a registry keeps, by its topic.

An event states its fact whole, so that it can be read in thirty years without any other: who recorded it
(`actor`), whence (`source`, e.g. `visits.csv:17`), why (`reason`, for amendments and retractions), of which patient
and fact, on which clinical day, and the statement; where it comes from a delivery, what that said beside it. The
classes are those of the newest versions; `registry.domain.topics` has the names under which the log keeps them.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID, uuid5

import msgspec

from registry.domain.origins import Origin
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


class StatementEvent(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An event that states a fact.

    `moved_from` is the reference that the fact had in the stream of another patient, where it came from there; `under`
    the other pseudonym of this patient under which it came, by a merge or by a delivery since. Both tell the other
    stream and not its name, as `registry.domain.other_streams` has it. `origin` is what a delivery said beside the
    statement; None where a person made it here.
    """

    moved_from: str | None = None
    under: str | None = None
    statement: Statement
    origin: Origin | None


class Retraction(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An event that withdraws a fact.

    `moved_to` is the reference that the fact has in the stream of another patient from now on, with all that sources
    said of it; `under` that patient's pseudonym, where the two were merged or parted. `origin` names the source that
    does not say the fact any more, None where a person withdrew it here.
    """

    moved_to: str | None = None
    under: str | None = None
    origin: Origin | None


class Confirmation(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An event that states nothing: a source said what its origin has, and what stands of the fact stays as it is.

    Its origin has all values of its columns as its own. `under` is the other pseudonym of the patient where a merge, or
    the end of one, takes over what the source had said before.
    """

    under: str | None = None
    origin: Origin


class PatientEnrolled(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Enrolment


class FollowUpEnded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Enrolment


class EnrolmentAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Enrolment


class EnrolmentRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class EnrolmentConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class FollowUpResumed(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Resumption


class ResumptionEnded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Resumption


class ResumptionAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Resumption


class ResumptionRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class ResumptionConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class VisitRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Visit


class VisitAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Visit


class VisitRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class VisitConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class TreatmentStarted(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Treatment


class TreatmentStopped(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Treatment


class TreatmentAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Treatment


class TreatmentRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class TreatmentConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class FlareStarted(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Flare


class FlareEnded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Flare


class FlareAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Flare


class FlareRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class FlareConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class AdverseEventRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: AdverseEvent


class AdverseEventAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: AdverseEvent


class AdverseEventRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class AdverseEventConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class ConditionRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Condition


class ConditionEnded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Condition


class ConditionAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Condition


class ConditionRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class ConditionConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class StudyRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Study


class StudyAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Study


class StudyRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class StudyConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class StudyAssigned(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Assignment


class AssignmentAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Assignment


class AssignmentRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class AssignmentConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class ReadingRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Reading


class ReadingAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: Reading


class ReadingRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class ReadingConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class LesionVerdictRecorded(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: LesionVerdict


class LesionVerdictAmended(StatementEvent, frozen=True, kw_only=True, gc=False):
    statement: LesionVerdict


class LesionVerdictRetracted(Retraction, frozen=True, kw_only=True, gc=False):
    pass


class LesionVerdictConfirmed(Confirmation, frozen=True, kw_only=True, gc=False):
    pass


class PatientErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The patient was erased: the stream's other events have no payload any more, and no event follows.

    It says who did it and why, how many events were erased, and not whose they were: the stream knows.
    """

    actor: str
    source: str
    reason: str
    erased: int


def stream_of(patient: str) -> UUID:
    """Return the identity of a patient's stream; it depends on the pseudonym and nothing else."""
    return uuid5(PATIENT_NAMESPACE, patient)
