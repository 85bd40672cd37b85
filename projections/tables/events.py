"""One row per event of the log up to `known_at`, whatever `as_of` is; its payload as it was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns import Column, Table, day, declared, number, text, word
from projections.frames import frame
from projections.json_lines import parsed
from registry.events import ERASURE, TOPICS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts
    from registry.store.log import EventColumns, EventLog

EVENTS: Final[Table] = declared(
    "events",
    "event of the log",
    key="position",
    columns=(
        number("position", "place in the log, from 1", type_="int64"),
        Column("recorded_at", "timestamp[us, UTC]", "instant at which the registry learnt of it"),
        word("actor", "who recorded it"),
        text("source", "whence, as visits.csv:17"),
        text("reason", "why, for amendments and retractions"),
        word("patient", "pseudonym"),
        word("event", "what happened", *TOPICS, ERASURE),
        number("event_version", "edition of the event's layout"),
        text("fact", "reference of the fact"),
        day("clinical_on", "the clinical day that the event belongs to"),
        text("payload", "the event as it was stored, JSON; null where it was erased, as is what comes from it"),
        text("digest", "digest of the chain up to this event, hexadecimal"),
    ),
)
NOTE: Final = pa.schema(
    [(name, pa.string()) for name in ("actor", "source", "reason", "patient", "fact", "clinical_on")]
)


def events(facts: Facts) -> pd.DataFrame:
    """Return the events as a frame, one row an event; columns as declared in `EVENTS`."""
    return frame(table(facts))


def table(facts: Facts) -> Any:
    """Return the events as an Arrow table by position; read from the log, as payloads are not kept in memory."""
    found = recorded(facts.log, until=facts.at.position)
    if not len(facts.excluded):
        return found
    return found.filter(pc.invert(pc.is_in(found["patient"], value_set=facts.excluded)))


def recorded(log: EventLog, *, until: int, after: int = 0) -> Any:
    """Return the events after one position and up to another as an Arrow table by position."""
    pieces = [_piece(chunk) for chunk in log.columns(after, until)]
    return EVENTS.of(pa.concat_tables(pieces) if pieces else EVENTS.schema.empty_table())


def _piece(chunk: EventColumns) -> Any:
    """Return a piece of the log as columns; the rows of erased payloads have nothing that a payload says."""
    lines = "\n".join(payload for payload in chunk.payload if payload is not None)
    notes = parsed(lines.encode(), NOTE)
    stored = np.array([payload is not None for payload in chunk.payload])
    row = pa.array(np.cumsum(stored) - 1, mask=~stored)
    said = {name: notes[name].take(row) for name in notes.column_names}
    return pa.table(
        {
            **said,
            "clinical_on": said["clinical_on"].cast(pa.date32()),
            "position": pa.array(chunk.position, pa.int64()),
            "recorded_at": pa.array(chunk.recorded_at, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
            "event": pa.array(chunk.topic, pa.string()),
            "event_version": pa.array(chunk.event_version, pa.int16()),
            "payload": pa.array(chunk.payload, pa.string()),
            "digest": pa.array([digest.hex() for digest in chunk.digest], pa.string()),
        }
    )
