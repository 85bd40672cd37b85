"""Merges and their ends, decided by both patients and stored, or decided again where somebody was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from registry.domain.notes import Note, StreamEvent
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.domain.stream_events import Merging
from registry.errors import ConcurrentChangeError, MissingValueError, RefusalError
from registry.merging.joined import Merge
from registry.merging.merge import merge
from registry.merging.unmerge import unmerge
from registry.streams import PatientStreams, encoded

DECIDED_AT_MOST: Final = 8  # times, when somebody else records about the same patients in between
Decision = Callable[[Patient, Patient, Standards], Merge]


def merge_patients(
    streams: PatientStreams, merged: str, into: str, note: Note, *, keep_enrolment: bool = False
) -> Merge:
    """Merge a pseudonym into another one; one that is a name of that already is left as it is."""
    if note.reason is None:
        raise MissingValueError("reason", "why the two are one patient")

    def decided(old: Patient, survivor: Patient, standards: Standards) -> Merge:
        if old.merges.into == into:
            return Merge(merged=merged, into=into, moved=0, shared=0)
        return merge(old, survivor, note, standards=standards, keep_enrolment=keep_enrolment)

    return _stored(streams, lambda: (merged, into), decided)


def unmerge_patients(streams: PatientStreams, merged: str, note: Note) -> Merge:
    """Undo the merge of a pseudonym."""
    if note.reason is None:
        raise MissingValueError("reason", "why the two are two patients")

    def pair() -> tuple[str, str]:
        standing = streams.mergings().standing
        if merged not in standing:
            streams.check_not_erased(merged)
            raise RefusalError(
                f"patient: {merged!r} is merged into nobody, there is nothing to undo", field="patient", value=merged
            )
        return standing[merged].into, merged

    def decided(survivor: Patient, old: Patient, standards: Standards) -> Merge:
        if old.merges.into != survivor.pseudonym:  # somebody undid it since it was looked up
            raise ConcurrentChangeError
        return unmerge(old, survivor, note, standards=standards)

    return _stored(streams, pair, decided)


def _stored(streams: PatientStreams, pair: Callable[[], tuple[str, str]], decision: Decision) -> Merge:
    """Let two patients decide, and store the outcome, or decide again where somebody was faster.

    Of the pair the one comes first from whom the facts go: the log tells of them where they were, then where they are.
    """
    for _ in range(DECIDED_AT_MOST):
        try:
            giver, taker = pair()
            patients = streams.patients([giver, taker])
            standards = streams.standards()
            done = decision(patients[giver], patients[taker], standards)
            events = [event for patient in patients.values() for event in patient.collect_events()]
            streams.store([*map(encoded, events)], standards=standards)
        except ConcurrentChangeError:
            continue
        return replace(done, position=_position(streams, events)) if events else done
    raise ConcurrentChangeError


def _position(streams: PatientStreams, events: list[StreamEvent]) -> int:
    told = next(placed for placed in events if isinstance(placed.event, Merging))
    return streams.event_log.position_of(told.originator_id, told.originator_version)
