"""Payloads to columns: the only decoder of the log.

One table a kind of fact, one row an event that states it: `position`, `again` (whether the fact was stated before),
`recorded_at` (the recorded clock), `patient`, `fact`, and the fields of the statement as their layout has them.
Retractions of all kinds are one more table, without a statement. Readings are decoded with the methods that the log's
last catalogue has, which are all that were ever adopted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.errors import NewerLogError
from projections.log.json_lines import UnusualPayloadError, as_encoded
from projections.log.layouts import EVENT_LAYOUTS, LAYOUTS, RETRACTIONS, Layout
from registry.domain.kinds import KINDS
from registry.domain.stream_events import ABOUT_NO_FACT
from registry.domain.topics import CONFIRMATIONS, TOPICS, name_of
from registry.protocol.adopted import catalogue_at
from registry.store.joined_lines import payload_lines
from registry.store.payload_check import naming_damage

if TYPE_CHECKING:
    from uuid import UUID

    from registry.catalogue.imaging.method import Method
    from registry.store.joined_lines import PayloadLines
    from registry.store.log import EventLog

TABLE_OF_EVENT: Final = {  # by the event's name: the table, and whether the fact was stated before
    name: (table, again) for table, layout in LAYOUTS.items() for name, again in layout.statement_names.items()
} | {name_of(kind.retracted): (RETRACTIONS, True) for kind in KINDS.values()}
CHANGING_NOTHING: Final = {*ABOUT_NO_FACT, *CONFIRMATIONS}  # that stands of a fact
KNOWN_TOPICS: Final = {*ABOUT_NO_FACT, *TOPICS}
Item = TypeVar("Item")


class KindEvents(NamedTuple):
    """The events of one table in one stretch of the log, in any order; `again` where the fact was stated before.

    `recorded_at` is the recorded clock, µs UTC; `payloads` are JSON lines in UTF-8.
    """

    position: npt.NDArray[np.int64]
    again: npt.NDArray[np.bool_]
    recorded_at: npt.NDArray[np.int64]
    payloads: bytes


NO_EVENTS: Final = KindEvents(
    np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.int64), b""
)
INSTANT: Final = pa.timestamp("us", tz="UTC")


def decoded_log(
    log: EventLog,
    *,
    after: int,
    until: int,
    streams: Collection[UUID] | None = None,
    kinds: Collection[str] = tuple(EVENT_LAYOUTS),
) -> dict[str, list[ArrowTable]]:
    """Return the tables of each kind of fact, in order, from the events after one position and up to another.

    With `streams` only of these, with `kinds` only of some, by the names of their tables; retractions are of all.
    Raises `NewerLogError` for what this version does not know, `DamagedEventError` for an event that cannot be read.
    """
    with naming_damage(log, after=after, until=until, streams=streams, also=UnusualPayloadError):
        lines = payload_lines(log, after=after, until=until, streams=streams, without=_of_other_kinds(kinds))
        return joined_kinds(decoded_stretches(lines, methods=catalogue_at(log).methods))


def _of_other_kinds(kinds: Collection[str]) -> list[tuple[str, int]]:
    """Return the topics, each with its version, that this version knows and that state facts of none of the kinds."""
    known = [(topic, int(version or 1)) for topic, _, version in (name.partition("/") for name in KNOWN_TOPICS)]
    others = {*LAYOUTS} - {*kinds}
    return [each for each in known if TABLE_OF_EVENT.get(each[0], ("", False))[0] in others]


def decoded_stretches(
    stretches: Iterator[list[PayloadLines]], *, methods: Mapping[str, Method]
) -> Iterator[dict[str, ArrowTable]]:
    """Yield stretches of the log as tables by kind; the next is fetched while one is decoded."""
    for stretch in ahead(stretches):
        yield {name: _stated(EVENT_LAYOUTS[name], events, methods) for name, events in by_kind(stretch).items()}


def joined_kinds(tables: Iterable[Mapping[str, ArrowTable]]) -> dict[str, list[ArrowTable]]:
    """Return the tables of each kind of fact, in order, from tables by kind of one piece after the other."""
    kinds: defaultdict[str, list[ArrowTable]] = defaultdict(list)
    for of_piece in tables:
        for kind, events in of_piece.items():
            kinds[kind].append(events)
    return kinds


def by_kind(stretch: Sequence[PayloadLines]) -> dict[str, KindEvents]:
    """Return a stretch of the log by the kinds of its facts, without what changes none. Raises `NewerLogError`."""
    pieces: defaultdict[str, list[KindEvents]] = defaultdict(list)
    for lines in stretch:
        topic, version = lines.topic, lines.event_version
        if (topic if version == 1 else f"{topic}/{version}") not in KNOWN_TOPICS:
            raise NewerLogError(f"the event {topic}/{version}")
        if topic in CHANGING_NOTHING:
            continue
        table, again = TABLE_OF_EVENT[topic]
        positions, recorded_at = (
            np.fromstring(numbers, dtype=np.int64, sep="\n") for numbers in (lines.positions, lines.recorded_at)
        )
        pieces[table].append(KindEvents(positions, np.full(len(positions), again), recorded_at, lines.payloads))
    return {name: _joined(parts) for name, parts in pieces.items()}


def decoded(layout: Layout, events: KindEvents, *, methods: Mapping[str, Method]) -> ArrowTable:
    """Return events of one table as columns; readings are by some of `methods`."""
    try:
        read = layout.read(events.payloads, methods=methods)
    except (UnusualPayloadError, pa.ArrowInvalid):  # the latter where an origin that stands first was cut in two
        read = layout.read(as_encoded(events.payloads, methods=methods), methods=methods)
    return pa.table(
        {
            "position": pa.array(events.position),
            "again": pa.array(events.again),
            "recorded_at": pa.array(events.recorded_at, INSTANT),
            **read,
        }
    )


def no_events(layout: Layout) -> ArrowTable:
    """Return the columns of one table without an event."""
    return decoded(layout, NO_EVENTS, methods={})


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield items, the next of which is made in a thread while the last is used."""
    nothing = object()
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, items, nothing)
        while (item := coming.result()) is not nothing:
            coming = thread.submit(next, items, nothing)
            yield item  # type: ignore[misc]


def _stated(layout: Layout, events: KindEvents, methods: Mapping[str, Method]) -> ArrowTable:
    """Return events of one table as columns, none of which lacks what an event has to say."""
    table = decoded(layout, events, methods=methods)
    for name in layout.never_null:
        if table[name].null_count:
            raise UnusualPayloadError(f"an event of {layout.name} without its {name}")
    return table


def _joined(parts: Sequence[KindEvents]) -> KindEvents:
    positions, again, recorded_at, payloads = zip(*parts)
    return KindEvents(
        np.concatenate(positions), np.concatenate(again), np.concatenate(recorded_at), b"\n".join(payloads)
    )
