"""The columns of a log that has grown, made of those that were read before: only what happened to whom it was is read.

Whoever an event since then is about is decoded anew from his stream, and his rows are put in the place of the former
ones; so an amendment, a retraction and an erasure come out as they do of the whole log. What was read of everybody else
stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.log.log_columns import LogColumns
from registry.domain.events import stream_of
from registry.domain.registry_streams import STREAMS

if TYPE_CHECKING:
    from registry.store.log import EventLog

STREAMS_AT_MOST: Final = 2_000  # of whom something happened since; of more the log is read from its blocks
PIECES_AT_MOST: Final = 64  # in which a table lies; of more it is copied into one
KNOWN_BY_NAME: Final = "patients"  # the kind of fact that everybody has


def extended(columns: LogColumns, log: EventLog) -> LogColumns:
    """Return columns, which were read `to_grow`, up to the present end of their log; themselves if nothing happened.

    Raises as `LogColumns.read` does.
    """
    head = log.head()
    if head.position == columns.head.position:
        return columns
    streams = _streams(log, after=columns.head.position, until=head.position)
    if len(streams) > STREAMS_AT_MOST:
        return LogColumns.read(log, until=head.position, to_grow=True)
    grown = LogColumns.read(log, until=head.position, to_grow=True)
    if not streams:
        for kind in [*columns.facts]:
            grown.facts.put(kind, columns.facts.whole(kind))
        return grown
    anew = LogColumns.decoded(log, until=head.position, streams=streams)
    touched = _pseudonyms(columns, anew, streams)
    for kind in [*columns.facts]:
        grown.facts.put(kind, _spliced(columns.facts.whole(kind), anew.facts.whole(kind), touched))
    return grown


def _streams(log: EventLog, *, after: int, until: int) -> set[UUID]:
    """Return the streams of patients in which something happened between two positions."""
    found = {UUID(bytes=bytes(stream)) for chunk in log.columns(after, until) for stream in chunk.stream}
    return found - {stream.id for stream in STREAMS}


def _pseudonyms(columns: LogColumns, anew: LogColumns, streams: set[UUID]) -> list[str]:
    """Return whose the streams are, in order; of who was erased since only the former columns have the name."""
    told = {*anew.facts[KNOWN_BY_NAME]["patient"].to_pylist()}
    unknown = streams - {stream_of(patient) for patient in told}
    if unknown:
        former = columns.facts[KNOWN_BY_NAME]["patient"].unique().to_pylist()
        told |= {patient for patient in former if stream_of(patient) in unknown}
    return sorted(told)


def _spliced(former: ArrowTable, anew: ArrowTable, touched: list[str]) -> ArrowTable:
    """Return versions by patient and position, those of some patients in the place of their former ones."""
    spliced = pa.concat_tables(_pieces(former, anew, touched))
    return spliced if spliced["position"].num_chunks <= PIECES_AT_MOST else spliced.combine_chunks()


def _pieces(former: ArrowTable, anew: ArrowTable, touched: list[str]) -> Iterator[ArrowTable]:
    yield former.slice(0, 0)
    end = 0
    for patient in touched:
        begin = _place(former, patient, end)
        yield former.slice(end, begin - end)
        end = _end(former, patient, begin)
        first = _place(anew, patient, 0)
        yield anew.slice(first, _end(anew, patient, first) - first)
    yield former.slice(end)


def _place(versions: ArrowTable, patient: str, first: int) -> int:
    """Return the first row from one on whose patient is this one or comes later."""
    names, last = versions["patient"], versions.num_rows
    while first < last:
        middle = (first + last) // 2
        if names[middle].as_py() < patient:
            first = middle + 1
        else:
            last = middle
    return first


def _end(versions: ArrowTable, patient: str, first: int) -> int:
    """Return the row after the last one of a patient whose rows begin at one."""
    names = versions["patient"]
    while first < versions.num_rows and names[first].as_py() == patient:
        first += 1
    return first
