"""The facts whose references begin as one that was only begun: a patient's visits, a study's readings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from registry.audit.history import OfFact, events_of_facts
from registry.audit.told_part import WHOLE, Part
from registry.domain.days import instant
from registry.schema.typed_references import Reference
from registry.store.log import EventLog


class KnownFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with a history: how many versions that has, and the place, the time and the event of the last."""

    fact: str
    versions: int
    position: int
    recorded_at: datetime
    event: str


def facts_begun(log: EventLog, streams: Collection[UUID], named: Reference, *, part: Part = WHOLE) -> list[KnownFact]:
    """Return the facts whose references begin so, by reference, in the `part` of the log that is told.

    What was erased is not among them. The first part of a key, a patient or a study, is meant whole; the last after it
    may be begun: `visit/P-1/2020`.
    """
    begins = str(named) if len(named.parts) > 1 else f"{named}/"
    known: dict[str, KnownFact] = {}
    for position, recorded_at, topic, said in events_of_facts(log, streams, OfFact, part=part):
        fact = said.fact
        if fact.startswith(begins):
            before = known[fact].versions if fact in known else 0
            known[fact] = KnownFact(
                fact=fact, versions=before + 1, position=position, recorded_at=instant(recorded_at), event=topic
            )
    return [known[fact] for fact in sorted(known)]
