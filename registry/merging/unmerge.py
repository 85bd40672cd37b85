"""A name of a patient becomes a patient of its own again: what came under it goes back, as it stands then."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from registry.domain.memories import Carried
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.domain.statements import Enrolment, Statement, Study
from registry.domain.stream_events import PatientUnmerged
from registry.domain.studies import studies_read
from registry.errors import ErasedPatientError, RefusalError
from registry.merging.joined import Merge, check_own, check_possible, in_order, references, renamed, said
from registry.wording import listed


def unmerge(old: Patient, survivor: Patient, note: Note, *, standards: Standards) -> Merge:
    """Let a name of the survivor be a patient of its own again: what came under it goes back, as it stands now.

    What both had stands in both. Raises `MergeRefusedError` with all that stands in the way, and the refusals of either
    patient.
    """
    _check_unmergeable(old, survivor)
    went, said_since = dict(old.merges.went), dict(old.merges.said_since)
    coming = in_order([*_came(old, survivor), *_withdrawn(old, survivor)])
    back = references(old, {fact: _former(fact, survivor, old) for fact in coming})
    told = said(PatientUnmerged, old, survivor, note)
    old.turn(told)
    shared = dict(_still_shared(old, survivor, went, set(back.values())))
    carried = {fact: survivor.carried(fact) for fact in coming}
    for fact in reversed(coming):
        survivor.give_away(carried[fact], replace(note, under=old.pseudonym), moved_to=back[fact])
    here = replace(note, under=survivor.pseudonym)
    for fact, statement in shared.items():
        cells = said_since.get(fact, {}) if isinstance(statement, Enrolment) else {}
        old.take_over(Carried(went[fact], replace(statement, **cells), {}), fact, here)
    for fact, former in back.items():
        old.take_over(carried[fact], former, here)
    survivor.turn(replace(told, patient=survivor.pseudonym))
    check_possible(f"{old.pseudonym} was not parted from {survivor.pseudonym}", [old, survivor], standards)
    moved = sum(each.statement is not None for each in carried.values())
    return Merge(merged=old.pseudonym, into=survivor.pseudonym, moved=moved, shared=len(shared))


def _check_unmergeable(old: Patient, survivor: Patient) -> None:
    """Refuse to undo another merge than the last of a patient of whom something may be recorded."""
    if old.is_erased:
        raise ErasedPatientError
    check_own(survivor)
    later = survivor.merges.merged[survivor.merges.merged.index(old.pseudonym) + 1 :]
    if later:
        raise RefusalError(
            f"patient: {listed(later, 'and')} was merged into {survivor.pseudonym!r} later; unmerge that first",
            field="patient",
            value=old.pseudonym,
        )


def _came(old: Patient, survivor: Patient) -> Iterator[str]:
    """Yield the facts that came under the other name, and what was read of nothing but such studies that are there."""
    came = {fact for fact, came in survivor.merges.came.items() if came.under == old.pseudonym}
    codes = {study.study for fact, study in survivor.facts.items() if fact in came and isinstance(study, Study)}
    for fact, statement in survivor.facts.items():
        read = [code for code in studies_read(statement) if code in survivor.studies]
        if codes.issuperset(read) if read else fact in came:
            yield fact


def _withdrawn(old: Patient, survivor: Patient) -> Iterator[str]:
    """Yield the facts that came and were withdrawn since, of which sources are remembered."""
    for fact, came in survivor.merges.came.items():
        if came.under == old.pseudonym and fact not in survivor.facts and survivor.memories.of(fact):
            yield fact


def _still_shared(
    old: Patient, survivor: Patient, went: dict[str, str], back: set[str]
) -> Iterator[tuple[str, Statement]]:
    """Yield what both had and still stands, as it stands; the enrolment as it was under the other name."""
    for fact in in_order(fact for fact in went if fact not in back):
        is_enrolment = fact == old.enrolment_reference
        statement = old.withdrawn(fact) if is_enrolment else survivor.facts.get(went[fact])
        if statement is not None:
            yield fact, statement


def _former(fact: str, survivor: Patient, old: Patient) -> str:
    """Return what a fact was called before it came, or would have been."""
    came = survivor.merges.came.get(fact)
    return came.moved_from if came is not None and came.moved_from is not None else renamed(fact, old)
