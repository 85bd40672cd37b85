"""The studies of a patient, and on which of them a fact rests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from registry.domain.statements import Assignment, Enrolment, LesionVerdict, Reading, Statement, Study


class Facts(Protocol):
    """The facts of one patient as they stand: statements by reference, and the reference of each study."""

    @property
    def facts(self) -> Mapping[str, Statement]: ...
    @property
    def studies(self) -> Mapping[str, str]: ...
    @property
    def enrolment(self) -> Enrolment | None: ...


def study_of(patient: Facts, code: str) -> Study | None:
    """Return the patient's study of a code, None where there is none."""
    study = patient.facts.get(patient.studies.get(code, ""))
    return study if isinstance(study, Study) else None


def studies_read(statement: Statement) -> tuple[str, ...]:
    """Return the codes of the studies on which an assignment, a reading or a verdict rests."""
    match statement:
        case Assignment(study=study) | Reading(study=study):
            return (study,)
        case LesionVerdict(baseline_study=baseline, followup_study=followup):
            return baseline, followup
    return ()
