"""What a merge and its end have in common: the event, the order, the references, and who may be merged at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from registry.domain.follow_up import FollowUp
from registry.domain.kinds import KINDS
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.references import numbered
from registry.domain.rules import Standards
from registry.domain.stream_events import Merging
from registry.errors import ConsentWithdrawnError, ErasedPatientError, MergedPatientError, MergeRefusedError
from registry.schema.typed_references import PATIENT_KEYED, parsed

KIND_ORDER: Final = {kind: number for number, kind in enumerate(KINDS)}


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """What a merge did, or the end of one: how many facts went to the other stream, and how many stood in both.

    `position` is that of the event that tells of it, None where nothing was left to do.
    """

    merged: str
    into: str
    moved: int
    shared: int
    position: int | None = None


def said(event: type[Merging], old: Patient, survivor: Patient, note: Note) -> Merging:
    assert note.reason is not None, "who merges says why"
    return event(
        patient=old.pseudonym,
        merged=old.pseudonym,
        into=survivor.pseudonym,
        actor=note.actor,
        source=note.source,
        reason=note.reason,
    )


def check_own(patient: Patient) -> None:
    """Refuse a patient who was erased, is a name of another one, or has withdrawn consent."""
    if patient.is_erased:
        raise ErasedPatientError
    if patient.merges.into is not None:
        raise MergedPatientError(patient.pseudonym, patient.merges.into)
    withdrawn_on = FollowUp.of(patient.facts).withdrawn_on
    if withdrawn_on is not None:
        raise ConsentWithdrawnError(
            withdrawn_on, mend=f"amend the enrolment of {patient.pseudonym!r} first where that was an error"
        )


def check_possible(what: str, patients: Iterable[Patient], standards: Standards) -> None:
    problems = [f"{fact}: {refusal}" for patient in patients for fact, refusal in patient.refusals(standards)]
    if problems:
        raise MergeRefusedError(what, problems)


def references(patient: Patient, proposed: dict[str, str]) -> dict[str, str]:
    """Return the references that facts get in a patient's stream; one that names another fact there gets a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for fact, wanted in proposed.items():
        candidate, number = wanted, 1
        while candidate in taken or _names_another(candidate, fact, patient):
            number += 1
            candidate = numbered(wanted, number)
        found[fact] = candidate
        taken.add(candidate)
    return found


def _names_another(candidate: str, fact: str, patient: Patient) -> bool:
    """Return whether a reference names another fact than that which comes, or comes back."""
    if candidate in patient.facts:
        return True
    if _kind(candidate) not in PATIENT_KEYED or patient.merges.has_gone(candidate, to=fact):
        return False
    return patient.withdrawn(candidate) is not None or bool(patient.memories.of(candidate))


def renamed(fact: str, patient: Patient) -> str:
    """Return what a fact would be called if it were a patient's."""
    named = parsed(fact)
    if named.patient is None:
        return fact
    return str(named._replace(parts=(patient.pseudonym, *named.parts[1:])))


def in_order(facts: Iterable[str]) -> list[str]:
    """Return facts in the order in which they can be stated: studies before what rests on them."""
    return sorted(facts, key=lambda fact: KIND_ORDER[_kind(fact)])


def _kind(fact: str) -> str:
    return fact.partition("/")[0]
