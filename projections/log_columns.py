"""The log as typed columns: every version of every fact, decoded once, for any number of points in time.

One Arrow table a kind of fact, one row a version, in the order of the log: `position`, `superseded_by` (the position
of the fact's next event; the largest int64 while there is none), `patient`, `fact`, and the fields of the statement.
So a version is the current one at a position K exactly while position ≤ K < superseded_by. Readings have their
grades apart, as byte matrices. Nothing here depends on the clinical clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa

from projections.coded import coded
from projections.errors import NewerLogError
from projections.grades import Grading, gradings
from projections.json_lines import parsed
from projections.layouts import LAYOUTS, Layout

if TYPE_CHECKING:
    from registry.store.head import Head
    from registry.store.log import EventColumns, EventLog

CURRENT: Final = np.iinfo(np.int64).max
KIND_OF_TOPIC: Final = {
    topic: (name, states) for name, layout in LAYOUTS.items() for topic, states in layout.stating_topics.items()
}


class KindEvents(NamedTuple):
    """The events of one kind of fact in one piece of the log; `states` is false for a retraction."""

    position: list[int]
    states: list[bool]
    payload: list[str]


NO_EVENTS: Final = KindEvents([], [], [])


class LogColumns:
    """The log up to `head`, in columns. `log` is where they come from, for what is not kept in memory."""

    def __init__(self, log: EventLog, head: Head, facts: dict[str, Any], grades: Sequence[Grading]) -> None:
        self.log = log
        self.head = head
        self.facts = facts
        self.gradings = tuple(grades)

    @classmethod
    def read(cls, log: EventLog, *, until: int | None = None) -> Self:
        """Decode the log up to a position, by default its end.

        Events whose payload was erased are left out. Raises `NewerLogError` for an event or a method that this
        version does not know, `UnknownPointError` for a position beyond the end.
        """
        head = log.head() if until is None else log.head_at(until)
        pieces: dict[str, list[Any]] = {name: [decoded(layout, NO_EVENTS)] for name, layout in LAYOUTS.items()}
        for chunk in log.columns(until=head.position):
            for name, events in by_kind(chunk).items():
                pieces[name].append(decoded(LAYOUTS[name], events))
        facts = {name: _versions(pa.concat_tables(piece)) for name, piece in pieces.items()}
        readings = facts["readings"]
        facts["readings"] = readings.drop_columns("grades")
        return cls(log, head, facts, gradings(readings))


def by_kind(chunk: EventColumns) -> dict[str, KindEvents]:
    """Return a piece of the log by the kinds of its facts."""
    kinds = {name: KindEvents([], [], []) for name in LAYOUTS}
    for position, topic, version, payload in zip(chunk.position, chunk.topic, chunk.event_version, chunk.payload):
        if payload is None:
            continue
        known = KIND_OF_TOPIC.get(topic if version == 1 else f"{topic}/{version}")
        if known is None:
            raise NewerLogError(f"the event {topic}/{version}")
        events = kinds[known[0]]
        events.position.append(position)
        events.states.append(known[1])
        events.payload.append(payload)
    return {name: events for name, events in kinds.items() if events.position}


def decoded(layout: Layout, events: KindEvents) -> Any:
    """Return events of one kind as columns, retractions included, with `states` false and their statement null."""
    read = parsed(events.payload, layout.json_schema)
    columns = {
        "position": pa.array(events.position, pa.int64()),
        "states": pa.array(events.states, pa.bool_()),
        "patient": read["patient"].combine_chunks(),
        "fact": read["fact"].combine_chunks(),
        **layout.typed(read["statement"].combine_chunks()),
    }
    return pa.table(columns)


def _versions(events: Any) -> Any:
    """Return the versions among a kind's events, each with the position of the event that superseded it."""
    events = events.combine_chunks()
    position = events["position"].to_numpy()
    patients, facts = coded(events["patient"]), coded(events["fact"])
    fact = patients.codes.astype(np.int64) * (len(facts.words) + 1) + facts.codes
    order = np.argsort(fact, kind="stable")
    superseded_by = np.full(len(fact), CURRENT)
    again = fact[order[1:]] == fact[order[:-1]]
    superseded_by[order[:-1][again]] = position[order[1:][again]]
    versions = events.add_column(1, "superseded_by", pa.array(superseded_by))
    return versions.filter(versions["states"]).drop_columns("states").combine_chunks()
