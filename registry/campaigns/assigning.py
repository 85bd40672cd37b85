"""What an assignment says, and what it is called: that a reader is to read one study of a case."""

from __future__ import annotations

from registry.campaigns.blinding import CaseKey
from registry.domain.references import reference
from registry.domain.statements import Assignment
from registry.schema.fact_tables import ASSIGNMENTS


def assignment_of(campaign: str, case: CaseKey, study: str, role: str) -> tuple[str, Assignment]:
    """Return the reference of an assignment, and what it says."""
    again = ("repeat",) if case.repeat else ()
    fact = reference(ASSIGNMENTS.kind, study, campaign, case.reader, *again)
    return fact, Assignment(
        campaign=campaign,
        reader=case.reader,
        study=study,
        unit=case.unit,
        repeat=case.repeat,
        role=role,
    )
