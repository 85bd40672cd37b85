"""One row per event of the log up to `known_at`, whatever `as_of` is; its payload as it was stored."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.tables import LOGICAL_TYPES, Column, Table, day, declared, frame, number, text, word
from projections.log.decoding import ahead
from projections.log.json_lines import of_parts, parsed
from registry.domain.stream_events import ABOUT_NO_FACT
from registry.domain.topics import CONFIRMATIONS, EVENT_NAMES
from registry.store.joined_lines import ERASED, event_lines, payload_lines
from registry.store.mergings import Mergings
from registry.store.payload_check import naming_damage

if TYPE_CHECKING:
    from uuid import UUID

    import pandas as pd

    from projections.point_in_time import Facts
    from registry.store.joined_lines import EventLines, PayloadLines
    from registry.store.log import EventLog

EVENTS: Final[Table] = declared(
    "events",
    "event of the log",
    order="position",
    columns=(
        number("position", "place in the log, from 1", type_="int64"),
        Column("recorded_at", "timestamp[us, UTC]", "instant at which the registry learnt of it"),
        word("actor", "who recorded it"),
        text("source", "whence, as visits.csv:17"),
        text("reason", "why, for amendments and retractions"),
        word("patient", "pseudonym"),
        word("event", "what happened", *EVENT_NAMES, *ABOUT_NO_FACT),
        number("event_version", "edition of the event's layout"),
        text("fact", "reference of the fact"),
        day("clinical_on", "the clinical day that the event belongs to"),
        text("payload", "the event as it was stored, JSON; null where it was erased, as is what comes from it"),
        text("digest", "digest of the chain up to this event, hexadecimal"),
    ),
).keyed(
    "position",
    never_null="recorded_at event event_version digest",
    betrays={
        "clock": "position recorded_at",
        "person": "actor",
        "text": "source reason payload digest",
        "identifier": "patient",
        "reference": "fact",
        "day": "clinical_on",
        "none": "event event_version",
    },
)
STORED: Final = pa.schema([(column.name, LOGICAL_TYPES[column.type]) for column in EVENTS.columns])
NOTE: Final = pa.schema(
    [(name, pa.string()) for name in ("actor", "source", "reason", "patient", "fact", "clinical_on")]
)
NOTED: Final = pa.schema(
    [
        STORED.field(name)
        for name in ("position", "recorded_at", "event", "reason", "actor", "source", "patient", "fact")
    ]
)
HEXADECIMAL: Final = np.frombuffer(bytes(range(256)).hex().encode(), dtype=np.uint16)  # of a byte: its two digits
STATEMENT: Final = ',"statement":'  # no text of JSON holds it, as a quotation mark within one is escaped


def events(facts: Facts) -> pd.DataFrame:
    """Return the events as a frame, one row an event; columns as declared in `EVENTS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the events as an Arrow table by position; read from the log, as payloads are not kept in memory."""
    return EVENTS.of(pa.concat_tables(_kept(facts, after=0, until=facts.at.position)))


def stretches(facts: Facts, *, after: int, until: int) -> Iterator[ArrowTable]:
    """Yield the rows of the events after one position and up to another, a stretch of the log at a time."""
    return map(EVENTS.of, _kept(facts, after=after, until=until))


def recorded(log: EventLog, *, until: int, after: int = 0) -> ArrowTable:
    """Return the events after one position and up to another as an Arrow table by position."""
    return EVENTS.of(pa.concat_tables(_stretches(log, after=after, until=until)))


def recorded_stretches(log: EventLog, *, until: int, after: int = 0) -> Iterator[ArrowTable]:
    """Yield the same rows, a stretch of the log at a time."""
    return map(EVENTS.of, _stretches(log, after=after, until=until))


def noted(log: EventLog, *, until: int, streams: Collection[UUID], after: int = 0) -> ArrowTable:
    """Return what the events of some streams say beside their statements, after one position and up to another.

    They are in any order, in the columns of `NOTED`; erased events and those that confirm what stood say nothing here.
    """
    with naming_damage(log, after=after, until=until, streams=streams):
        stretches = payload_lines(log, after=after, until=until, streams=streams)
        said = [_noted_of(lines) for stretch in stretches for lines in stretch if lines.topic not in CONFIRMATIONS]
    return pa.concat_tables([NOTED.empty_table(), *said])


def _noted_of(lines: PayloadLines) -> ArrowTable:
    """Return the notes of the events of one name."""
    notes = _noted(_texts(lines.payloads))
    numbers = {"position": lines.positions, "recorded_at": lines.recorded_at}
    columns = {
        **{name: pa.array(np.fromstring(told, dtype=np.int64, sep="\n")) for name, told in numbers.items()},
        "event": pa.repeat(lines.topic, notes.num_rows),
        **{name: notes[name] for name in ("reason", "actor", "source", "patient", "fact")},
    }
    return pa.table(columns).cast(NOTED)


def _kept(facts: Facts, *, after: int, until: int) -> Iterator[ArrowTable]:
    """Yield stretches without the patients who are left out, by whatever name."""
    excluded = excluded_names(facts)
    for stretch in _stretches(facts.log, after=after, until=until):
        is_kept = pc.invert(pc.is_in(stretch["patient"], value_set=excluded))
        yield stretch.filter(is_kept) if len(excluded) else stretch


def excluded_names(facts: Facts) -> ArrowArray:
    """Return the pseudonyms of the patients who are left out, those among them that were merged into others."""
    if not len(facts.excluded):
        return facts.excluded
    mergings = Mergings.read(facts.log, until=facts.at.position)
    return pa.array([name for own in facts.excluded.to_pylist() for name in mergings.names(own)], pa.string())


def _stretches(log: EventLog, *, after: int, until: int) -> Iterator[ArrowTable]:
    """Yield stretches of the log by position, texts as they are, after one without rows."""
    yield STORED.empty_table()
    with naming_damage(log, after=after, until=until):
        for stretch in ahead(event_lines(log, after=after, until=until)):
            rows = pa.concat_tables(map(_columns, stretch))
            position = rows["position"].to_numpy()
            yield rows if (np.diff(position) > 0).all() else rows.take(pa.array(np.argsort(position)))


def _columns(lines: EventLines) -> ArrowTable:
    """Return some events as columns; erased ones have nothing that a payload says."""
    payloads = _texts(lines.payload)
    position, recorded_at, version = (
        np.fromstring(numbers, dtype=np.int64, sep="\n")
        for numbers in (lines.position, lines.recorded_at, lines.event_version)
    )
    noted = _noted(payloads)
    columns = {
        **{name: noted[name] for name in NOTE.names},
        "position": pa.array(position),
        "recorded_at": pa.array(recorded_at),
        "event": _texts(lines.event),
        "event_version": pa.array(version),
        "payload": pc.if_else(pc.equal(payloads, ERASED), None, payloads),
        "digest": _in_hexadecimal(lines.digest, len(position)),
    }
    return pa.table([columns[name] for name in STORED.names], STORED.names).cast(STORED)


def _noted(payloads: ArrowArray) -> ArrowTable:
    """Return what payloads say beside their statements, which are cut off before the rest is read as JSON."""
    pieces = pc.split_pattern(payloads, STATEMENT, max_splits=1)
    heads, is_cut = pc.list_element(pieces, 0), pc.equal(pc.list_value_length(pieces), 2)
    noted = parsed(of_parts(heads, pc.if_else(is_cut, "}\n", "\n")), NOTE)
    for name in (name for name in NOTE.names if noted[name].null_count):
        unsaid = heads.filter(pc.and_(is_cut, pc.is_null(noted[name])))
        others = unsaid.filter(pc.invert(pc.ends_with(unsaid, f'"{name}":null')))
        if not pc.all(pc.match_substring(others, f'"{name}":'), min_count=0).as_py():  # it stands after the statement
            return parsed(of_parts(payloads, "\n"), NOTE)
    return noted


def _in_hexadecimal(digests: bytes, number: int) -> ArrowArray:
    """Return so many digests, end to end, as texts."""
    digits = HEXADECIMAL[np.frombuffer(digests, dtype=np.uint8)]
    ends = np.linspace(0, digits.nbytes, number + 1, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), number, [None, pa.py_buffer(ends), pa.py_buffer(digits)])


def _texts(lines: bytes) -> ArrowArray:
    """Return texts, one a line, as an Arrow array."""
    bounds = pa.array([0, len(lines)], pa.int32())
    joined = pa.Array.from_buffers(pa.string(), 1, [None, bounds.buffers()[1], pa.py_buffer(lines)])
    return pc.split_pattern(joined, "\n").flatten()
