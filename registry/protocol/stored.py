"""What stands in the log of the things that a protocol can end or list: by whom it is used, and on which days.

It is read from the log once, and then on from where it was read to, so that whoever decides inside the write lock has
only the last events to read there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from registry.domain.days import first_day
from registry.store.log import EventLog


class Use(NamedTuple):
    """That a standing fact holds a word of a table, as `("measures", "bmi")`, on a clinical day."""

    table: str
    word: str
    day: date


class TakenMeasure(msgspec.Struct, gc=False):
    """Of a value at a visit, which measure it is, and its word where it is one of a list."""

    measure: str
    code: str | None = None


class VisitStated(msgspec.Struct, gc=False):
    """Of a visit, its day and what was taken."""

    visited_on: date
    measures: tuple[TakenMeasure, ...]

    def uses(self) -> Iterator[Use]:
        """Yield each measure, and each code of one as `smoking.former`."""
        for taken in self.measures:
            yield Use("measures", taken.measure, self.visited_on)
            if taken.code is not None:
                yield Use("codes", f"{taken.measure}.{taken.code}", self.visited_on)


class TreatmentStated(msgspec.Struct, gc=False):
    """Of a course, the first day that its start can mean, the agent, and the product and arm where they are known."""

    agent: str
    started_on: str
    product: str | None = None
    arm: str | None = None

    def uses(self) -> Iterator[Use]:
        """Yield the agent, the product and the arm."""
        words = {"agents": self.agent, "products": self.product, "arms": self.arm}
        yield from (Use(table, word, first_day(self.started_on)) for table, word in words.items() if word is not None)


class EnrolmentStated(msgspec.Struct, gc=False):
    """Of an enrolment, its day and the centre."""

    enrolled_on: date
    centre: str | None = None

    def uses(self) -> Iterator[Use]:
        """Yield the centre."""
        if self.centre is not None:
            yield Use("centres", self.centre, self.enrolled_on)


class ConditionStated(msgspec.Struct, gc=False):
    """Of a condition, its name and the first day that its start can mean; without a start it is used on no day."""

    condition: str
    started_on: str | None = None

    def uses(self) -> Iterator[Use]:
        """Yield the condition."""
        if self.started_on is not None:
            yield Use("conditions", self.condition, first_day(self.started_on))


NOTHING: Final = msgspec.Raw(b"")


class About(msgspec.Struct, gc=False):
    """Of any event, the fact that it is about, and what it states of it, nothing where it withdraws the fact."""

    fact: str
    statement: msgspec.Raw = NOTHING


Stated = VisitStated | TreatmentStated | EnrolmentStated | ConditionStated
STATED: Final[Mapping[str, type[Stated]]] = {  # by what a topic begins with
    "Visit": VisitStated,
    "Treatment": TreatmentStated,
    "Enrolment": EnrolmentStated,
    "PatientEnrolled": EnrolmentStated,
    "FollowUpEnded": EnrolmentStated,
    "Condition": ConditionStated,
}
OF_TABLES: Final = {  # topics of what can hold a word of a table
    "measures": ("VisitRecorded", "VisitAmended", "VisitRetracted"),
    "agents": ("TreatmentStarted", "TreatmentStopped", "TreatmentAmended", "TreatmentRetracted"),
    "centres": ("PatientEnrolled", "FollowUpEnded", "EnrolmentAmended", "EnrolmentRetracted"),
    "conditions": ("ConditionRecorded", "ConditionEnded", "ConditionAmended", "ConditionRetracted"),
}
SAME_FACTS: Final = {"codes": "measures", "products": "agents", "arms": "agents"}
DECODER: Final = msgspec.json.Decoder(About)


class StoredUses:
    """What standing facts hold of some tables, up to the position that was read last."""

    def __init__(self, log: EventLog, tables: Collection[str]) -> None:
        kinds = {SAME_FACTS.get(table, table) for table in tables}
        self._topics = [topic for kind in sorted(kinds) for topic in OF_TABLES[kind]]
        self._log, self._tables, self._read_to = log, frozenset(tables), 0
        self._of_fact: dict[tuple[bytes, str], tuple[Use, ...]] = {}

    def up_to(self, position: int) -> list[Use]:
        """Return each use by a fact that stands at a position, which is not before that of the last question."""
        if self._topics:
            for chunk in self._log.columns(self._read_to, position, topics=self._topics):
                for stream, topic, payload in zip(chunk.stream, chunk.topic, chunk.payload):
                    if payload is not None:
                        self._apply(stream, topic, payload)
        self._read_to = position
        return [use for uses in self._of_fact.values() for use in uses]

    def _apply(self, stream: bytes, topic: str, payload: str) -> None:
        about = DECODER.decode(payload)
        if not bytes(about.statement):
            self._of_fact.pop((stream, about.fact), None)
            return
        stated: Any = msgspec.json.decode(about.statement, type=_stated_by(topic))
        self._of_fact[stream, about.fact] = tuple(use for use in stated.uses() if use.table in self._tables)


def _stated_by(topic: str) -> type[Stated]:
    return next(kind for begins, kind in STATED.items() if topic.startswith(begins))
