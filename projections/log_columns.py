"""The log as typed columns: every version of every fact, decoded once, for any number of points in time.

One Arrow table a kind of fact, one row a version, in the order of the log: `position`, `superseded_by` (the position
of the fact's next event; the largest int64 while there is none), `patient`, `fact`, and the fields of the statement.
So a version is the current one at a position K exactly while position ≤ K < superseded_by. Readings have their
grades apart, as byte matrices. Nothing here depends on the clinical clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa

from projections.decoding import NO_EVENTS, decoded, decoded_stretches
from projections.grades import Grading, gradings
from projections.layouts import LAYOUTS
from registry.store.payload_lines import payload_lines

if TYPE_CHECKING:
    from registry.store.head import Head
    from registry.store.log import EventLog

CURRENT: Final = np.iinfo(np.int64).max


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
        for stretch in decoded_stretches(payload_lines(log, after=0, until=head.position)):
            for name, events in stretch.items():
                pieces[name].append(events)
        facts = {name: versions(pa.concat_tables(piece)) for name, piece in pieces.items()}
        readings = facts["readings"]
        facts["readings"] = readings.drop_columns("grades")
        return cls(log, head, facts, gradings(readings["method"].combine_chunks(), readings["grades"].combine_chunks()))


def versions(events: Any) -> Any:
    """Return the versions among a kind's events in the order of the log, each with the position that superseded it."""
    events = events.combine_chunks()
    position = events["position"].to_numpy()
    patient, fact = (events[name].combine_chunks().dictionary_encode() for name in ("patient", "fact"))
    one_fact = patient.indices.to_numpy().astype(np.int64) * len(fact.dictionary) + fact.indices.to_numpy()
    order = np.lexsort((position, one_fact))
    superseded_by = np.full(len(position), CURRENT)
    again = one_fact[order[1:]] == one_fact[order[:-1]]
    superseded_by[order[:-1][again]] = position[order[1:][again]]
    events = events.add_column(1, "superseded_by", pa.array(superseded_by))
    states = events["states"].to_numpy()
    rows = np.argsort(position)
    rows = rows[states[rows]]
    events = events.drop_columns("states")
    return events if np.array_equal(rows, np.arange(len(position))) else events.take(pa.array(rows)).combine_chunks()
