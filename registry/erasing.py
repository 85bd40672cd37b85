"""What an erasure takes: the streams of all names of a patient, and what is about that patient in others.

Who was taken for somebody else has events in that one's stream, from the merge to its end; and so has who got a row
that had been another's. They go too, and only they: the other one is not erased.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple, Self

import msgspec
from sqlalchemy import Connection

from registry.domain.events import PatientErased, stream_of
from registry.domain.kinds import KINDS
from registry.domain.other_streams import unnamed
from registry.domain.stream_events import FormerNameErased
from registry.domain.topics import name_of
from registry.erased_elsewhere import Elsewhere, elsewhere
from registry.erasure import Erasure, Payload, erasure_of, null_payloads, payloads_of
from registry.errors import ConcurrentChangeError
from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.mergings import Mergings

RETRACTIONS: Final = {name_of(kind.retracted) for kind in KINDS.values()}


class Told(msgspec.Struct):
    """As much of a payload as says whether it is about what came under a name, or about a merge with one."""

    fact: str | None = None
    under: str | None = None
    merged: str | None = None
    into: str | None = None


class Erasing(NamedTuple):
    """An erasure before it is done: which versions go of which stream, by pseudonym, `names` being the patient's own.

    Of the others some `facts` have to be stated anew, by pseudonym.
    """

    database: Database
    names: tuple[str, ...]
    versions: Mapping[str, Collection[int]]
    facts: Mapping[str, Collection[str]]
    erasure: Erasure

    @classmethod
    def of(cls, log: EventLog, pseudonym: str) -> Self:
        """Return what the erasure of a patient takes, by any of the names."""
        mergings = Mergings.read(log)
        names = (pseudonym, *(name for name in mergings.names(pseudonym) if name != pseudonym))
        own = {name: payloads_of(log.database, stream_of(name)) for name in names}
        going = [payload for of in own.values() for payload in of.values()]
        others = _of_others(log.database, names, mergings.parted(pseudonym), going)
        going += [other.payloads[version] for other in others for version in sorted(other.gone)]
        parted = tuple(other.patient for other in others if other.patient in mergings.parted(pseudonym))
        moved = tuple(other.patient for other in others if other.patient not in parted and other.gone)
        facts = {other.patient: tuple(dict.fromkeys(other.naming.values())) for other in others}
        erasure = msgspec.structs.replace(
            erasure_of(going),
            names=names,
            parted=parted,
            moved=moved,
            anew={fact: None for of in facts.values() for fact in of},
        )
        versions = own | {other.patient: {*other.gone, *other.naming} for other in others}
        return cls(log.database, names, versions, facts, erasure)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to erase."""
        return not any(self.versions.values())

    def told(self, name: str, *, actor: str, source: str, reason: str) -> PatientErased:
        """Return the event that tells of it in the stream of a pseudonym."""
        event = PatientErased if name in self.names else FormerNameErased
        return event(actor=actor, source=source, reason=reason, erased=len(self.versions[name]))

    def null(self, connection: Connection) -> None:
        """Erase inside the write lock. Raises `ConcurrentChangeError` where something came in between."""
        for name, versions in self.versions.items():
            chosen = None if name in self.names else versions
            if null_payloads(self.database, connection, stream_of(name), chosen) != len(versions):
                raise ConcurrentChangeError


def _of_others(
    database: Database, names: Collection[str], parted: Iterable[str], own: Iterable[Payload]
) -> list[Elsewhere]:
    """Return what of other patients' streams is about the patient, whose own say `own`, by their pseudonyms."""
    found = {other.patient: other for other in elsewhere(database, names, own)}
    for name in parted:
        other = found.get(name) or Elsewhere(name, payloads_of(database, stream_of(name)), frozenset(), {})
        if left := _left_behind(other.payloads, set(names)):
            found[name] = other.with_gone(left)
    return [found[name] for name in sorted(found)]


def _left_behind(payloads: Mapping[int, Payload], names: set[str]) -> list[int]:
    """Return the versions of a stream that are about what came under some names, or about merges with them.

    A fact that came under a name is that one's from its first statement until it goes back; one that only went back, as
    the reading of a study that came, from its first statement too. What went to another patient's stream and came back
    is this one's own.
    """
    all_told = {version: msgspec.json.decode(payload.text, type=Told) for version, payload in payloads.items()}
    left = [version for version, told in all_told.items() if told.fact is None and names & {told.merged, told.into}]
    came = {unnamed(name) for name in names & {all_told[version].merged for version in left}}
    runs: dict[str, Run] = {}
    for version, told in all_told.items():
        if told.fact is None:
            continue
        is_of_names = told.under is not None and unnamed(told.under) in came
        run = runs.setdefault(told.fact, Run())
        run.take(version, is_of_names=is_of_names)
        if payloads[version].topic in RETRACTIONS and (is_of_names or not run.has_come):
            left += runs.pop(told.fact).gone(went_back=is_of_names)
    return sorted([*left, *(version for run in runs.values() for version in run.gone(went_back=False))])


class Run:
    """The events of a fact from its first statement until it is retracted, or goes back under another name."""

    def __init__(self) -> None:
        self._all: list[int] = []
        self._of_names: list[int] = []

    @property
    def has_come(self) -> bool:
        """Whether the first of them came under another name."""
        return self._all[:1] == self._of_names[:1]

    def take(self, version: int, *, is_of_names: bool) -> None:
        """Take in one more."""
        self._all.append(version)
        if is_of_names:
            self._of_names.append(version)

    def gone(self, *, went_back: bool) -> list[int]:
        """Return those that go: all where the fact came or went back, else those that came under another name."""
        return self._all if went_back or self.has_come else self._of_names
