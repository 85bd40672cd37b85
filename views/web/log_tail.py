"""The log's tail: the last events up to a position, each with who recorded it, whence and why.

Of whoever was erased, or has withdrawn by now, it is only shown that something was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

import msgspec
import pyarrow as pa

from registry.domain.days import instant
from registry.domain.other_streams import stream_told
from registry.errors import RefusalError
from registry.wording import shown
from views.pages.sections import section, table
from views.pages.tables import Cell, Table
from views.web.asked import path_to
from views.web.pages import Page, Shown
from views.web.paging import ROWS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from projections.columns.arrow import ArrowTable
    from views.web.asked import Asked
    from views.web.live import Live
    from views.web.withheld import Withheld

BEFORE: Final = "before"  # what an address calls the position before which the events shown end
NOT_SHOWN: Final = "not shown: erased, or consent withdrawn"
SCHEMA: Final = pa.schema(
    [
        ("position", pa.int64()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("event", pa.string()),
        ("fact", pa.string()),
        ("actor", pa.string()),
        ("source", pa.string()),
        ("reason", pa.string()),
    ]
)


class Told(msgspec.Struct):
    """As much of an event as the tail shows."""

    fact: str | None = None
    actor: str | None = None
    source: str | None = None
    reason: str | None = None


class Others(msgspec.Struct):
    """As much of an event as says of which other patients it tells, by pseudonym or by stream."""

    under: str | None = None
    merged: str | None = None
    into: str | None = None

    @property
    def streams(self) -> set[UUID]:
        """The streams of these patients."""
        return {stream_told(name) for name in (self.under, self.merged, self.into) if name is not None}


class Event(NamedTuple):
    """One event of the log; nothing is told of one that is not shown."""

    position: int
    recorded_at: datetime
    event: str
    told: Told | None


def log_tail(asked: Asked) -> Shown:
    """Return the last events up to the point in time, or before a position."""
    end = _end(asked)
    found = [*_events(asked.live, max(end - ROWS_AT_ONCE, 0), end)][::-1]
    listed = Table(
        f"Events @{max(end - ROWS_AT_ONCE, 0) + 1} to @{end}",
        ("Position", "Recorded", "Event", "Fact", "By", "From", "Why"),
        [_row(asked, each) for each in found],
        empty="The log is empty at this point in time. `spondyl import FOLDER` fills it.",
    )
    return Shown(
        "The log",
        {
            "sections": [section("tail", "What was recorded last", table(listed))],
            "steps": (
                asked.address(before=end - ROWS_AT_ONCE + 1) if end > ROWS_AT_ONCE else "",
                asked.address(before=end + ROWS_AT_ONCE + 1) if end < asked.point.position else "",
            ),
        },
        lambda: _table(found),
    )


def _end(asked: Asked) -> int:
    """Return the last position that is shown."""
    said, last = asked.filters.get(BEFORE), asked.point.position
    if said is None:
        return last
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise RefusalError(f"{BEFORE}: {shown(said)} is no position", field=BEFORE)
    return min(max(int(said) - 1, 0), last)


def _events(live: Live, after: int, until: int) -> Iterator[Event]:
    for chunk in live.log.columns(after, until):
        for position, recorded_at, topic, stream, payload in zip(
            chunk.position, chunk.recorded_at, chunk.topic, chunk.stream, chunk.payload
        ):
            is_shown = payload is not None and _is_shown(live.withheld, UUID(bytes=bytes(stream)), position, payload)
            told = msgspec.json.decode(payload, type=Told) if is_shown and payload is not None else None
            yield Event(position, instant(recorded_at), topic, told)


def _is_shown(withheld: Withheld, stream: UUID, position: int, payload: str) -> bool:
    """Return whether an event is shown, and every other patient of whom it tells."""
    others = msgspec.json.decode(payload, type=Others).streams
    return all(withheld.shows(each, position) for each in (stream, *others))


def _row(asked: Asked, each: Event) -> list[object]:
    if each.told is None:
        return [Cell(f"@{each.position}"), each.recorded_at, each.event, Cell(NOT_SHOWN), None, None, None]
    fact = each.told.fact
    link = None if fact is None else Cell(fact, href=asked.address(path_to("facts", fact)))
    return [
        Cell(f"@{each.position}"),
        each.recorded_at,
        each.event,
        link,
        each.told.actor,
        each.told.source,
        each.told.reason,
    ]


def _table(found: Sequence[Event]) -> ArrowTable:
    rows = [
        {**each._asdict(), **(msgspec.structs.asdict(each.told) if each.told is not None else {})} for each in found
    ]
    return pa.Table.from_pylist([{name: row.get(name) for name in SCHEMA.names} for row in rows], schema=SCHEMA)


LOG: Final = Page("log", "/log", log_tail, (BEFORE,))
