"""What stands in the log of the things that a protocol can end or list: which fact uses it, and on which day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

import msgspec

from registry.domain.days import first_day
from registry.domain.kinds import KINDS
from registry.store.log import EventLog


class Use(NamedTuple):
    """That a standing fact holds a word of a table, as `("measures", "bmi")`, on a clinical day."""

    table: str
    word: str
    day: date


class TakenMeasure(msgspec.Struct, gc=False):
    """Of a value at a visit, which measure it is, its word where it is one of a list, or why there is no value."""

    measure: str
    code: str | None = None
    missing: str | None = None


class VisitStated(msgspec.Struct, gc=False):
    """Of a visit, its day and what was taken."""

    visited_on: date
    measures: tuple[TakenMeasure, ...]

    def uses(self) -> Iterator[Use]:
        """Yield each measure that has a value, and each code of one as `smoking.former`: a reason is taken for ever."""
        for taken in self.measures:
            if taken.missing is not None:
                continue
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


class AdverseEventStated(msgspec.Struct, gc=False):
    """Of an adverse event, its first day, and the drug that is suspected."""

    started_on: date
    agent: str | None = None

    def uses(self) -> Iterator[Use]:
        """Yield the agent."""
        if self.agent is not None:
            yield Use("agents", self.agent, self.started_on)


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


STATED: Final = {  # of a kind of fact, what of its statement can hold a word of a table
    "visit": VisitStated,
    "treatment": TreatmentStated,
    "adverse-event": AdverseEventStated,
    "patient": EnrolmentStated,
    "condition": ConditionStated,
}
OF_TABLES: Final = {  # the kinds of fact that can hold a word of a table
    "measures": ("visit",),
    "codes": ("visit",),
    "agents": ("treatment", "adverse-event"),
    "products": ("treatment",),
    "arms": ("treatment",),
    "centres": ("patient",),
    "conditions": ("condition",),
}
DECODER: Final = msgspec.json.Decoder(About)


def stored_uses(log: EventLog, tables: Collection[str]) -> list[Use]:
    """Return each use of a word of some tables by a fact that stands at the end of the log."""
    topics = [
        topic for kind in sorted({kind for table in tables for kind in OF_TABLES[table]}) for topic in _topics(kind)
    ]
    of_fact: dict[tuple[bytes, str], tuple[Use, ...]] = {}
    for chunk in log.columns(0, log.head().position, topics=topics) if topics else ():
        for stream, payload in zip(chunk.stream, chunk.payload):
            if payload is not None:
                about = DECODER.decode(payload)
                of_fact[stream, about.fact] = tuple(use for use in _uses(about) if use.table in tables)
    return [use for uses in of_fact.values() for use in uses]


def _topics(kind: str) -> Iterator[str]:
    """Yield the topics of the events that state or withdraw a fact of a kind."""
    of_kind = KINDS[kind]
    for event in (of_kind.recorded, of_kind.ended, of_kind.amended, of_kind.retracted):
        if event is not None:
            yield event.__name__


def _uses(about: About) -> Iterable[Use]:
    """Return what an event's fact uses from then on; nothing where the event withdraws it."""
    if not bytes(about.statement):
        return ()
    stated = STATED[about.fact.partition("/")[0]]
    uses: Iterable[Use] = msgspec.json.decode(about.statement, type=stated).uses()
    return uses
