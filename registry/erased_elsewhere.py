"""What other patients' streams say of who is erased: facts that went to that one as rows moved, and older mentions.

A fact that another patient held by mistake until its row moved is the erased one's, and goes from its first statement
on. What went the other way is the other one's, and stays; where an older event of it has the pseudonym in `moved_from`,
`moved_to` or `under`, that event goes, and the fact has to be stated anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, or_, select

from registry.domain.events import stream_of
from registry.domain.other_streams import stream_of_fact, unnamed_fact
from registry.domain.references import quoted
from registry.domain.topics import CONFIRMATIONS
from registry.erasure import Payload, payloads_of
from registry.store.database import Database
from registry.store.schema import events

MOVED: Final = '"moved_'  # begins both fields that tell a reference in another stream


class Told(msgspec.Struct):
    """As much of a payload as says of whose fact it is, and of which other stream."""

    patient: str | None = None
    fact: str | None = None
    under: str | None = None
    moved_from: str | None = None
    moved_to: str | None = None

    @property
    def moved_row_to(self) -> str | None:
        """The reference that the fact has with another patient since its row moved there."""
        return self.moved_to if self.under is None else None


class Elsewhere(NamedTuple):
    """Of another patient's stream: the versions that are `gone` with the erased one, and those that only name them.

    The latter are `naming`, each with its fact, which has to be stated anew without them. `payloads` is all that the
    stream says, by version.
    """

    patient: str
    payloads: Mapping[int, Payload]
    gone: frozenset[int]
    naming: Mapping[int, str]

    def with_gone(self, versions: Iterable[int]) -> Elsewhere:
        """Return the same, where more is gone."""
        gone = self.gone.union(versions)
        return self._replace(gone=gone, naming={each: fact for each, fact in self.naming.items() if each not in gone})


class Erased(NamedTuple):
    """Who is erased: the names, their streams, and the facts that came to them as rows moved, and went on."""

    names: frozenset[str]
    streams: frozenset[UUID]
    taken: frozenset[str]
    given_on: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str], own: Iterable[Payload]) -> Erased:
        """Return who is erased, with all that the own streams say."""
        by_fact = _by_fact(enumerate(own))
        last = {fact: _last_change(told) for fact, told in by_fact.items()}
        taken = {
            fact for fact, told in by_fact.items() if any(each.moved_from and not each.under for _, _, each in told)
        }
        given_on = {unnamed_fact(fact) for fact, change in last.items() if change and change[1].moved_row_to}
        names = frozenset(names)
        return cls(names, frozenset(map(stream_of, names)), frozenset(map(unnamed_fact, taken)), frozenset(given_on))

    def has(self, fact: str) -> bool:
        """Return whether a reference that another stream tells is that of a fact of theirs."""
        stream, known = stream_of_fact(fact), unnamed_fact(fact)
        return known not in self.given_on and (known in self.taken if stream is None else stream in self.streams)

    def is_named_by(self, told: Told) -> bool:
        """Return whether an event says one of the names, as older ones do."""
        facts = [fact for fact in (told.moved_from, told.moved_to) if fact is not None and unnamed_fact(fact) != fact]
        return told.under in self.names or any(stream_of_fact(fact) in self.streams for fact in facts)

    def telling(self, payload: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the condition that a payload may tell of one of the streams or facts; those who read on decide."""
        texts = [f"stream={stream}" for stream in self.streams]
        texts += [f'"moved_to":{_json(fact)}' for fact in self.taken if stream_of_fact(fact) is None]
        texts += [f'"under":{_json(name)}' for name in self.names]
        ends = [f"/{_json(quoted(name))[1:-1]}{end}" for name in self.names for end in '/"']
        has = [payload.contains(text, autoescape=True) for text in ends]
        return or_(*(payload.contains(text, autoescape=True) for text in texts), payload.contains(MOVED) & or_(*has))


def elsewhere(database: Database, names: Collection[str], own: Iterable[Payload]) -> list[Elsewhere]:
    """Return what the streams of other patients say of one who is erased, whose own streams say `own`.

    Every payload of the log is looked at.
    """
    erased = Erased.of(names, own)
    statement = select(database.stream_bytes).distinct()
    statement = statement.where(events.c.payload.is_not(None), erased.telling(events.c.payload))
    with database.reading() as connection:
        streams = {UUID(bytes=stream) for stream in connection.scalars(statement)} - erased.streams
    found = [_of_stream(payloads_of(database, stream), erased) for stream in streams]
    return [each for each in found if each.gone or each.naming]


def _of_stream(payloads: Mapping[int, Payload], erased: Erased) -> Elsewhere:
    gone: list[int] = []
    naming: dict[int, str] = {}
    patient = ""
    for fact, told in _by_fact(payloads.items()).items():
        patient = told[0][2].patient or patient
        change = _last_change(told)
        if change and (moved_to := change[1].moved_row_to) and erased.has(moved_to):
            gone += [version for version, _, _ in told if version <= change[0]]
        else:
            naming |= {version: fact for version, _, each in told if erased.is_named_by(each)}
    return Elsewhere(patient, payloads, frozenset(gone), naming)


def _by_fact(payloads: Iterable[tuple[int, Payload]]) -> dict[str, list[tuple[int, str, Told]]]:
    """Return the events of each fact, in order: version, topic and what it tells."""
    by_fact: defaultdict[str, list[tuple[int, str, Told]]] = defaultdict(list)
    for version, payload in payloads:
        told = msgspec.json.decode(payload.text, type=Told)
        if told.fact is not None:
            by_fact[told.fact].append((version, payload.topic, told))
    return by_fact


def _last_change(told: list[tuple[int, str, Told]]) -> tuple[int, Told] | None:
    """Return the last event of a fact that stated or withdrew it."""
    return next(((version, each) for version, topic, each in reversed(told) if topic not in CONFIRMATIONS), None)


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()
