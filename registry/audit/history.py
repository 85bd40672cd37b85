"""The history of one fact: every version of it, when, by whom, whence and why, and what each changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from registry.catalogue.methods import methods
from registry.domain.days import instant
from registry.domain.events import ERASURE
from registry.domain.topics import CONFIRMATIONS
from registry.errors import UnknownFactError
from registry.schema.field_mapping import ONLY_ITEM
from registry.store.log import EventLog


class Change(msgspec.Struct, frozen=True):
    """One part of a fact before and after an event, as JSON values; None where there was nothing."""

    field: str
    before: object
    after: object


class FactVersion(msgspec.Struct, frozen=True):
    """One event of a fact: its place on the recorded clock, its note, what stands after it, and what it changed.

    `origin` is what a delivery said beside the statement, None where a person made the event, and in version 1.
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

    @property
    def is_confirmation(self) -> bool:
        """Whether a source said what it has as its own, and nothing that stands changed."""
        return self.event in CONFIRMATIONS


def fact_history(log: EventLog, streams: Collection[UUID], fact: str) -> list[FactVersion]:
    """Return every version of a fact in some patients' streams, in the order of the log, without what was erased.

    Raises `UnknownFactError` where the fact was never recorded.
    """
    versions: list[FactVersion] = []
    others: set[str] = set()
    statement: dict[str, object] | None = None
    known: dict[str, object] = {}
    for chunk in log.columns(streams=streams):
        for position, recorded_at, topic, payload in zip(chunk.position, chunk.recorded_at, chunk.topic, chunk.payload):
            if payload is None or topic == ERASURE:
                continue
            event = msgspec.json.decode(payload, type=dict[str, object])
            if event["fact"] != fact:
                others.add(str(event["fact"]))
                continue
            if topic not in CONFIRMATIONS:
                statement = msgspec.convert(event.get("statement"), dict[str, object] | None)
            after = _parts(statement or {})
            versions.append(
                FactVersion(
                    position=position,
                    recorded_at=instant(recorded_at),
                    event=topic,
                    actor=str(event["actor"]),
                    source=str(event["source"]),
                    reason=msgspec.convert(event["reason"], str | None),
                    statement=statement,
                    changes=tuple(_changes(known, after)),
                    origin=msgspec.convert(event.get("origin"), dict[str, object] | None),
                )
            )
            known = after
    if not versions:
        raise UnknownFactError(fact, others)
    return versions


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    for field in dict.fromkeys((*before, *after)):
        if before.get(field) != after.get(field):
            yield Change(field, before.get(field), after.get(field))


def _parts(statement: Mapping[str, object]) -> dict[str, object]:
    """Return what a statement says, part by part: a visit by measure, a reading by item and location."""
    parts: dict[str, object] = {}
    for field, value in statement.items():
        if field == "measures" and isinstance(value, list):
            parts |= {taken["measure"]: _captured(taken) for taken in value}
        elif field == "grades" and isinstance(value, dict):
            code = str(statement["method"])
            parts |= dict(_grades(code, value))
        elif value not in (None, [], ""):
            parts[field] = value
    return parts


def _captured(taken: Mapping[str, str]) -> str:
    version = f" ({taken['version']})" if "version" in taken else ""
    return f"{taken.get('comparator', '')}{taken['value']} {taken['unit']}{version}"


def _grades(code: str, grades: Mapping[str, list[int | None]]) -> Iterator[tuple[str, object]]:
    for item, row in grades.items():
        for location, grade in zip(methods()[code].locations, row):
            if grade is not None:
                yield (location.name if item == ONLY_ITEM else f"{location.name} {item}"), grade
