"""The log as typed columns: every version of every fact, decoded once, for any number of points in time.

One Arrow table a kind of fact, one row a version, by patient and position: `position`, `superseded_by` (the position of
the fact's next event; the largest int64 while there is none), `patient`, `fact`, and the fields of the statement. So a
version is the current one at a position K exactly while position ≤ K < superseded_by. Readings have their grades apart,
as byte matrices. Nothing here depends on the clinical clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa

from projections.coded import coded
from projections.decoding import NO_EVENTS, decoded, decoded_stretches
from projections.grades import Grading, gradings
from projections.layouts import LAYOUTS
from registry.store.payload_lines import payload_lines

if TYPE_CHECKING:
    from uuid import UUID

    from projections.segment_files import Patients
    from registry.store.head import Head
    from registry.store.log import EventLog

EventsOf = Callable[[str], Sequence[Any]]
CURRENT: Final = np.iinfo(np.int64).max
GRADES: Final = "grades"


class LogColumns:
    """The log up to `head`, in columns. `log` is where they come from, for what is not kept in memory.

    `facts` has the versions of each kind of fact by the name of its table, made when they are first asked for.
    """

    def __init__(self, log: EventLog, head: Head, events_of: EventsOf) -> None:
        self.log = log
        self.head = head
        self.facts = _Versions(events_of)

    @classmethod
    def read(cls, log: EventLog, *, until: int | None = None, patients: Patients | None = None) -> Self:
        """Read the log up to a position, by default its end, from its segments and the events after them.

        With `patients` only a range of them. Events whose payload was erased are left out. Raises `NewerLogError` for
        an event or a method that this version does not know, `UnknownPointError` for a position beyond the end.
        """
        head = log.head() if until is None else log.head_at(until)
        return cls(log, head, _Pieces(log, head, patients))

    @classmethod
    def decoded(cls, log: EventLog, *, until: int | None = None, streams: Collection[UUID] | None = None) -> Self:
        """Decode the log up to a position, by default its end, whatever segments there are; or only some streams."""
        head = log.head() if until is None else log.head_at(until)
        found = _decoded(log, after=0, until=head.position, streams=streams)
        return cls(log, head, lambda kind: found.get(kind, ()))

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """The grades of all versions of readings, a method at a time."""
        return self.facts.gradings


class _Versions(dict[str, Any]):
    """Versions by kind, from the events that `events_of` gives, made when they are first asked for."""

    def __init__(self, events_of: EventsOf) -> None:
        self._events_of = events_of

    def __missing__(self, kind: str) -> Any:
        nothing = decoded(LAYOUTS[kind], NO_EVENTS)
        found = versions(pa.concat_tables([nothing, *self._events_of(kind)]))
        if GRADES in found.column_names:
            self._grades = found[GRADES].combine_chunks()
            found = found.drop_columns(GRADES)
        self[kind] = found
        return found

    @cached_property
    def gradings(self) -> tuple[Grading, ...]:
        method = self["readings"]["method"].combine_chunks()
        return tuple(gradings(method, self._grades))


class _Pieces:
    """The events of segments and of the log after them, of all patients or of a range."""

    def __init__(self, log: EventLog, head: Head, patients: Patients | None) -> None:
        from projections.segments import end_of, sealed_segments  # Parquet, which one patient's course needs not

        self._log = log
        self._head = head
        self._patients = patients
        self._segments = [each for each in sealed_segments(log) if each.segment.after < head.position]
        self._after(end_of(self._segments[-1]) if self._segments else 0)

    def __call__(self, kind: str) -> list[Any]:
        pieces = self._sealed(kind)
        if pieces is None:  # purged since, or damaged: the log has it all
            self._segments = []
            self._after(0)
            pieces = []
        pieces += [
            events if self._patients is None else self._patients.of(events) for events in self._tail.get(kind, ())
        ]
        return [piece for piece in pieces if piece is not None]

    def _sealed(self, kind: str) -> list[Any] | None:
        """Return what the segments have of a kind; None where one cannot be read, which is removed."""
        pieces = []
        for each in self._segments:
            try:
                pieces.append(each.read(kind, self._patients))
            except (OSError, pa.ArrowException):
                each.remove()
                return None
        return pieces

    def _after(self, position: int) -> None:
        self._tail = _decoded(self._log, after=position, until=self._head.position)


def _decoded(log: EventLog, *, after: int, until: int, streams: Collection[UUID] | None = None) -> dict[str, list[Any]]:
    kinds: dict[str, list[Any]] = {}
    for stretch in decoded_stretches(payload_lines(log, after=after, until=until, streams=streams)):
        for kind, events in stretch.items():
            kinds.setdefault(kind, []).append(events)
    return kinds


def versions(events: Any) -> Any:
    """Return the versions among a kind's events, by patient and position, each with the position that superseded it."""
    events = events.combine_chunks()
    position, states = events["position"].to_numpy(), events["states"].to_numpy()
    patient = coded(events["patient"])
    place = patient.codes.astype(np.int64) * (position.max(initial=0) + 1) + position
    in_place = bool((place[1:] > place[:-1]).all())
    order = np.arange(len(place)) if in_place else np.argsort(place)
    fact = events["fact"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    one_fact = (fact * len(patient.words) + patient.codes)[order]
    again = np.argsort(one_fact, kind="stable")
    followed = one_fact[again[1:]] == one_fact[again[:-1]]
    superseded_by = np.full(len(order), CURRENT)
    superseded_by[again[:-1][followed]] = position[order][again[1:][followed]]
    states = states[order]
    events = events.drop_columns("states")
    if not states.all():
        events = events.filter(pa.array(states)) if in_place else events.take(pa.array(order[states]))
    elif not in_place:
        events = events.take(pa.array(order))
    return events.combine_chunks().add_column(1, "superseded_by", pa.array(superseded_by[states]))
