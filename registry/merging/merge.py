"""A patient becomes another name of the survivor: which fact goes where, and what stands in the way.

Nothing is remapped: what stands under the one name is retracted there and stated under the other, with all that sources
said of it. Where both state the same under one key one stays, and the other stream goes on remembering what sources say
of it under its name; as it does where a source said something under that key here, which was withdrawn.
"""

from __future__ import annotations

from msgspec.structs import replace

from registry.domain.memories import Carried, Memory
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.references import reference
from registry.domain.rules import Standards
from registry.domain.stream_events import PatientMerged
from registry.errors import MergeRefusedError, NotEnrolledError, RefusalError, UnknownFactError
from registry.merging.differences import differences, shared_facts
from registry.merging.joined import Merge, check_own, check_possible, in_order, references, renamed, said
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.keys import Key, said_key
from registry.wording import listed


def merge(old: Patient, survivor: Patient, note: Note, *, standards: Standards, keep_enrolment: bool = False) -> Merge:
    """Let a patient become another name of the survivor; both hold the events to be saved.

    The survivor's enrolment stays. Where the other one says something that it does not say, that is refused unless
    `keep_enrolment` is asked for: the values stay in the history of the other one then, and come back when the merge is
    undone. Raises `MergeRefusedError` with all that stands in the way, and the refusals of either patient.
    """
    _check_mergeable(old, survivor)
    shared = dict(shared_facts(old, survivor))
    if differing := list(differences(old, survivor, shared, keep_enrolment=keep_enrolment)):
        raise MergeRefusedError(_not_merged(old, survivor), differing)
    told = said(PatientMerged, old, survivor, note)
    survivor.turn(replace(told, patient=survivor.pseudonym))
    standing = in_order(old.facts)
    carried = {fact: old.carried(fact) for fact in standing}
    moving = [fact for fact in standing if fact not in shared]
    targets = references(survivor, {fact: renamed(fact, survivor) for fact in moving}) | shared
    for fact in reversed(standing):
        old.give_away(carried[fact], replace(note, under=survivor.pseudonym), moved_to=targets[fact])
    taken = _Memories(survivor)
    staying = {fact: carried[fact] if fact in shared else taken.among(carried[fact]) for fact in standing}
    for fact in moving:
        survivor.take_over(_without(carried[fact], staying[fact]), targets[fact], replace(note, under=old.pseudonym))
    for fact in standing:
        _go_on_remembering(old, staying[fact], replace(note, under=survivor.pseudonym))
    old.turn(told)
    check_possible(_not_merged(old, survivor), [survivor], standards)
    return Merge(merged=old.pseudonym, into=survivor.pseudonym, moved=len(moving), shared=len(shared))


def _check_mergeable(old: Patient, survivor: Patient) -> None:
    """Refuse to merge what is not two patients, each of its own and known."""
    if old.pseudonym == survivor.pseudonym:
        raise RefusalError("into: a patient cannot be merged into itself", field="into", value=old.pseudonym)
    for patient in (old, survivor):
        if patient.version == 0:
            raise UnknownFactError(reference("patient", patient.pseudonym))
        check_own(patient)
    if old.merges.merged:
        names = listed(old.merges.merged, "and")
        raise RefusalError(
            f"patient: {names} was merged into {old.pseudonym!r}; merge the other into {old.pseudonym!r}, or unmerge "
            f"{names} first",
            field="patient",
            value=old.pseudonym,
        )
    if survivor.enrolment is None:
        raise NotEnrolledError(survivor.pseudonym)


class _Memories:
    """What sources said of the survivor's facts under each key: who says it under the other name has two rows of it."""

    def __init__(self, survivor: Patient) -> None:
        self._known = {
            (source, *_said_key(fact, memory))
            for fact in survivor.memories
            for source, memory in survivor.memories.of(fact).items()
        }

    def among(self, carried: Carried) -> Carried:
        """Return a fact with those of its memories only whose source says its key of one of the survivor's facts."""
        memories = carried.memories.items()
        known = {
            source: memory for source, memory in memories if (source, *_said_key(carried.fact, memory)) in self._known
        }
        return carried._replace(memories=known)


def _said_key(fact: str, memory: Memory) -> tuple[str, Key]:
    kind = fact.partition("/")[0]
    return kind, said_key(TABLE_OF_KIND[kind], memory)


def _without(carried: Carried, staying: Carried) -> Carried:
    memories = {source: memory for source, memory in carried.memories.items() if source not in staying.memories}
    return carried._replace(memories=memories)


def _go_on_remembering(old: Patient, carried: Carried, note: Note) -> None:
    """Let the stream of the other name remember what sources say of a fact under it, beside what they say here."""
    for source, memory in carried.memories.items():
        old.confirm(carried.fact, replace(note, origin=memory.alone(source)))


def _not_merged(old: Patient, survivor: Patient) -> str:
    return f"{old.pseudonym} was not merged into {survivor.pseudonym}"
