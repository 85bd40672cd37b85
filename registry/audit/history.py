"""The history of one fact: every version of it, when, by whom, whence and why, and what each changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from registry.audit.pseudonyms import Pseudonyms
from registry.audit.told_part import WHOLE, Part
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.imaging.method import ONLY_ITEM, Method
from registry.catalogue.imaging.places import address_of
from registry.domain.days import instant
from registry.domain.other_streams import stream_told, unnamed_fact
from registry.domain.statements import Measurement
from registry.domain.stream_events import ABOUT_NO_FACT
from registry.domain.topics import CONFIRMATIONS
from registry.errors import UnknownFactError
from registry.store.log import EventLog
from registry.store.mergings import Mergings
from registry.store.payload_check import naming_damage


class Change(msgspec.Struct, frozen=True):
    """One part of a fact before and after an event, as JSON values; None where there was nothing."""

    field: str
    before: object
    after: object


class FactVersion(msgspec.Struct, frozen=True):
    """One event of a fact: its place on the recorded clock, its note, what stands after it, and what it changed.

    `origin` is what a delivery said beside the statement, None where a person made the event, and in version 1. `fact`
    is what the fact was called then: where two pseudonyms were merged or parted, `moved_from` is its reference before
    that, `moved_to` the one since, and `under` the other pseudonym. Where that patient was erased, its stream stands in
    the place of the pseudonym.
    """

    position: int
    recorded_at: datetime
    event: str
    actor: str
    source: str
    reason: str | None
    statement: dict[str, object] | None
    changes: tuple[Change, ...]
    origin: dict[str, object] | None
    fact: str
    moved_from: str | None
    moved_to: str | None
    under: str | None

    @property
    def is_confirmation(self) -> bool:
        """Whether a source said what it has as its own, and nothing that stands changed."""
        return self.event in CONFIRMATIONS


class OfFact(msgspec.Struct, kw_only=True):
    """As much of an event of a fact as says which it is, and of which other patient, by pseudonym or stream."""

    fact: str
    under: str | None = None


Read = TypeVar("Read", bound=OfFact)


class Told(OfFact, kw_only=True):
    """What an event of a fact says."""

    actor: str
    source: str
    reason: str | None
    statement: dict[str, object] | None = None
    origin: dict[str, object] | None = None
    moved_from: str | None = None
    moved_to: str | None = None


class Having(OfFact, kw_only=True):
    """As much of an event of a fact as says whose it is then."""

    patient: str
    moved_to: str | None = None


class Stored(NamedTuple):
    """An event of a fact in its place in the log."""

    position: int
    recorded_at: int
    topic: str
    told: Told


def fact_history(
    log: EventLog, streams: Collection[UUID], fact: str, *, catalogue: Catalogue, part: Part = WHOLE
) -> list[FactVersion]:
    """Return every version of a fact in some patients' streams, in the order of the log, without what was erased.

    Where it came from the stream of another pseudonym of the patient, with what had happened to it there. `catalogue`
    is that of today, which knows all methods that there were. Raises `UnknownFactError` where it was never recorded in
    the `part` of the log that is told.
    """
    found: dict[int, Stored] = {}
    others: set[str] = set()
    waiting = [(frozenset(streams), unnamed_fact(fact), part)]
    while waiting:
        where, wanted, within = waiting.pop()
        left_at: dict[UUID, int] = {}
        for position, recorded_at, topic, told in events_of_facts(log, where, Told, part=within):
            stored = Stored(position, recorded_at, topic, told)
            if unnamed_fact(told.fact) != wanted:
                others.add(told.fact)
                continue
            found[stored.position] = stored
            former = None if told.under is None else stream_told(told.under)
            if former is not None and told.moved_to is not None:
                left_at[former] = stored.position
            elif former is not None and told.moved_from is not None:
                moved_from = unnamed_fact(told.moved_from)
                before = part._replace(after=left_at.get(former, 0), until=stored.position)
                waiting.append((frozenset([former]), moved_from, before))
    if not found:
        raise UnknownFactError(fact, others)
    return [*_versions(_in_order(found), Pseudonyms(log), catalogue)]


def _in_order(found: Mapping[int, Stored]) -> list[Stored]:
    """Return events by position, but what lets go of a fact before what takes it over in the same transaction."""
    ordered: list[Stored] = []
    for position in sorted(found):
        stored = found[position]
        taken = [place for place, other in enumerate(ordered) if _takes_over(other, stored)]
        ordered.insert(taken[-1] if taken else len(ordered), stored)
    return ordered


def _takes_over(taking: Stored, giving: Stored) -> bool:
    return (
        taking.recorded_at == giving.recorded_at
        and giving.told.moved_to is not None
        and taking.told.moved_from is not None
        and unnamed_fact(giving.told.moved_to) == unnamed_fact(taking.told.fact)
        and unnamed_fact(taking.told.moved_from) == unnamed_fact(giving.told.fact)
    )


def events_of_facts(
    log: EventLog, streams: Collection[UUID], kind: type[Read], *, part: Part = WHOLE
) -> Iterator[tuple[int, int, str, Read]]:
    """Yield the events of facts in some streams, of the `part` of the log that is told, but erased ones.

    Each with its position, the instant of its recording (µs UTC), its topic and its payload, read as a struct of a
    `kind`. Raises `DamagedEventError` for one that cannot be read.
    """
    with naming_damage(log, after=part.after, until=part.until, streams=streams):
        for chunk in log.columns(part.after, part.until, streams=streams):
            for position, recorded_at, topic, stream, payload in zip(
                chunk.position, chunk.recorded_at, chunk.topic, chunk.stream, chunk.payload
            ):
                if payload is None or topic in ABOUT_NO_FACT:
                    continue
                said = msgspec.json.decode(payload, type=kind)
                if part.tells(UUID(bytes=bytes(stream)), position, under=said.under):
                    yield position, recorded_at, topic, said


def owner_at(log: EventLog, streams: Collection[UUID], fact: str, *, until: int) -> str:
    """Return the pseudonym of the patient who had a fact at a position of the log, else of who had it last.

    Raises `UnknownFactError` where it had not been recorded by then.
    """
    having: str | None = None
    for _, _, topic, said in events_of_facts(log, streams, Having, part=Part(until=until)):
        if said.fact == fact and topic not in CONFIRMATIONS and said.moved_to is None:
            having = said.patient
    if having is None:
        raise UnknownFactError(fact)
    return Mergings.read(log, until=until).survivor(having)


def _versions(happened: Iterable[Stored], pseudonyms: Pseudonyms, catalogue: Catalogue) -> Iterator[FactVersion]:
    """Yield the versions that events make; what only goes to another stream changes nothing."""
    statement: dict[str, object] | None = None
    known: dict[str, object] = {}
    for position, recorded_at, topic, told in happened:
        if topic not in CONFIRMATIONS:
            statement = told.statement
        after = known if statement is None and told.moved_to is not None else _parts(statement or {}, catalogue)
        yield FactVersion(
            position=position,
            recorded_at=instant(recorded_at),
            event=topic,
            actor=told.actor,
            source=told.source,
            reason=told.reason,
            statement=statement,
            changes=tuple(_changes(known, after)),
            origin=told.origin,
            fact=told.fact,
            moved_from=pseudonyms.named_fact(told.moved_from),
            moved_to=pseudonyms.named_fact(told.moved_to),
            under=pseudonyms.named(told.under),
        )
        known = after


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    for field in dict.fromkeys((*before, *after)):
        if before.get(field) != after.get(field):
            yield Change(field, before.get(field), after.get(field))


def _parts(statement: Mapping[str, object], catalogue: Catalogue) -> dict[str, object]:
    """Return what a statement says, part by part: a visit by measure, a reading by item and location."""
    parts: dict[str, object] = {}
    for field, value in statement.items():
        if field == "measures" and isinstance(value, list):
            parts |= {taken["measure"]: _captured(taken) for taken in value}
        elif field == "grades" and isinstance(value, dict):
            parts |= dict(_grades(catalogue.methods[str(statement["method"])], value))
        elif value not in (None, [], ""):
            parts[field] = value
    return parts


def _captured(taken: Mapping[str, str]) -> str:
    captured = msgspec.convert(taken, Measurement)
    return f"{captured.told} ({captured.version})" if captured.version else captured.told


def _grades(method: Method, grades: Mapping[str, list[int | None]]) -> Iterator[tuple[str, object]]:
    for item, row in grades.items():
        for location, grade in zip(method.locations, row):
            if grade is not None:
                yield address_of(location.name, None if item == ONLY_ITEM else item), grade
