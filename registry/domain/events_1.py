"""The events as spondyl 0.1 and its followers stored them: version 1, and how each is told in version 2.

Version 1 did not say whether a statement came from a delivery. It is told by the source: one that names a file, or a
row of one, was imported from it. `FILE` knows the formats that there were while version 1 was written, and is never
extended: what is imported from another format says so itself.

The classes are never changed. A statement's class is shared by all versions, whose new fields have a default that is
the truth about old records.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

import msgspec

from registry.domain.origins import Origin
from registry.domain.references import row_id_of
from registry.domain.statement_cells import BASMI_VERSION, column_names
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

FILE: Final = re.compile(r".+(\.csv|\.tsv|\.xlsx|\.parquet)(![^!]+?)?(:\d+)?", re.IGNORECASE)
MEASURES: Final = (  # of which an imported visit spoke, all of them, taken or not
    *(f"basdai_{number}" for number in range(1, 7)),
    "basdai",
    *(f"basfi_{number}" for number in range(1, 11)),
    "basfi",
    "tragus_to_wall",
    "lateral_lumbar_flexion",
    "lumbar_flexion",
    "intermalleolar_distance",
    "cervical_rotation",
    "basmi",
    "schober",
    "chest_expansion",
    "crp",
    "esr",
    "patient_global",
    "physician_global",
    "total_back_pain",
    "night_back_pain",
    "morning_stiffness",
    "asqol",
    "asas_hi",
    "mases",
    "swollen_joints_44",
    "tender_joints_68",
    "swollen_joints_66",
    "bas_g_week",
    "bas_g_6months",
)
ENDED: Final = Origin()  # what the nameless source said before counts no longer


class Event1(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every event of version 1 carries."""

    patient: str
    fact: str
    clinical_on: date | None
    actor: str
    source: str
    reason: str | None


STATED: Final[dict[str, type[Statement] | None]] = {  # what each event of version 1 states; a retraction nothing
    "PatientEnrolled": Enrolment,
    "FollowUpEnded": Enrolment,
    "EnrolmentAmended": Enrolment,
    "EnrolmentRetracted": None,
    "FollowUpResumed": Resumption,
    "ResumptionEnded": Resumption,
    "ResumptionAmended": Resumption,
    "ResumptionRetracted": None,
    "VisitRecorded": Visit,
    "VisitAmended": Visit,
    "VisitRetracted": None,
    "TreatmentStarted": Treatment,
    "TreatmentStopped": Treatment,
    "TreatmentAmended": Treatment,
    "TreatmentRetracted": None,
    "FlareStarted": Flare,
    "FlareEnded": Flare,
    "FlareAmended": Flare,
    "FlareRetracted": None,
    "AdverseEventRecorded": AdverseEvent,
    "AdverseEventAmended": AdverseEvent,
    "AdverseEventRetracted": None,
    "StudyRecorded": Study,
    "StudyAmended": Study,
    "StudyRetracted": None,
    "ReadingRecorded": Reading,
    "ReadingAmended": Reading,
    "ReadingRetracted": None,
    "LesionVerdictRecorded": LesionVerdict,
    "LesionVerdictAmended": LesionVerdict,
    "LesionVerdictRetracted": None,
}


def _class(name: str, statement: type[Statement] | None) -> type[Event1]:
    fields = [] if statement is None else [("statement", statement)]
    made: Any = msgspec.defstruct(name, fields, bases=(Event1,), module=__name__, frozen=True, kw_only=True, gc=False)
    return made  # type: ignore[no-any-return]


EVENTS: Final = {name: _class(name, statement) for name, statement in STATED.items()}


def in_version_2(newest: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return how an event of version 1 is told by the class of version 2 that has its name."""

    def told(event: Any) -> Any:
        return newest(
            patient=event.patient,
            fact=event.fact,
            clinical_on=event.clinical_on,
            actor=event.actor,
            source=event.source,
            reason=event.reason,
            origin=origin_of(event),
            **({"statement": event.statement} if hasattr(event, "statement") else {}),
        )

    return told


def origin_of(event: Event1) -> Origin | None:
    """Return where an event came from: a file said the whole statement, and a file's retraction is the end of that."""
    if not of_a_file(event.source):
        return None
    statement: Statement | None = getattr(event, "statement", None)
    return ENDED if statement is None else _whole(type(statement), row_id_of(event.fact))


@lru_cache(maxsize=4096)  # nearly all events have no row id, and share what their kind of fact has
def _whole(kind: type[Statement], row_id: str | None) -> Origin:
    measures = (*MEASURES, BASMI_VERSION) if kind is Visit else ()
    return Origin(row=row_id, columns=(*column_names(kind), *measures))


def of_a_file(source: str) -> bool:
    """Return whether the source of an event of version 1 is a file that was imported, or a row of one.

    >>> [of_a_file(source) for source in ("visits.csv:17", "cohort.xlsx!visits:2", "command line", "python")]
    [True, True, False, False]
    """
    name, colon, line = source.rpartition(":")
    return _is_of_a_file(f"{name}:1" if colon and line.isdecimal() else source)


@lru_cache  # a batch has many rows and few files
def _is_of_a_file(source: str) -> bool:
    return FILE.fullmatch(source) is not None
