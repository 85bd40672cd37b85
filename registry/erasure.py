"""Erasing a patient: what would go, what is said of it afterwards, and what it may not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from registry.domain.days import instant
from registry.domain.events import of_a_file
from registry.errors import ErasedPatientError, MissingValueError, RefusalError
from registry.store.erasing import ErasedStream


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure took away, or would take: events by kind of fact, and the files that they came from.

    `position` is that of the event that tells of it, None where nothing was done. `overwritten` is whether the pages of
    the database were written anew, so that none of them keeps what was erased; `why_not` says what stood in the way.
    """

    events: int
    facts: dict[str, int]
    files: tuple[str, ...]
    position: int | None = None
    overwritten: bool = False
    why_not: str | None = None


class _Said(msgspec.Struct):
    """What of a payload an erasure tells."""

    fact: str
    source: str


def erasure_of(payloads: Iterable[str]) -> Erasure:
    """Return what the erasure of some events takes away."""
    said = [msgspec.json.decode(payload, type=_Said) for payload in payloads]
    kinds = Counter(fact.partition("/")[0] for fact in {each.fact for each in said})
    return Erasure(
        events=len(said),
        facts=dict(sorted(kinds.items())),
        files=tuple(sorted({each.source.rpartition(":")[0] for each in said if of_a_file(each.source)})),
    )


def checked_reason(reason: str, pseudonym: str) -> str:
    """Return the reason for an erasure; it stays in the log for ever, so the pseudonym may not be in it."""
    text = reason.strip()
    if not text:
        raise MissingValueError("reason", "why the patient is erased, as the article of the law")
    if pseudonym.casefold() in text.casefold():
        raise RefusalError("reason: it stays in the log for ever; leave the pseudonym out", field="reason")
    return text


def erased_error(erased: ErasedStream) -> ErasedPatientError:
    """Return what is said of a patient who was erased."""
    return ErasedPatientError(f" on {instant(erased.recorded_at):%Y-%m-%d}, at @{erased.position}")
