"""One row of a table that is not the same at two positions of the log, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

HOWS = (RECORDED, ENDED, CORRECTED, RETRACTED, FOLLOWED) = ("recorded", "ended", "corrected", "retracted", "followed")


class EventNote(msgspec.Struct, frozen=True, kw_only=True):
    """An event about a fact: where it stands in the log, when that was (UTC), what happened, who, whence, why."""

    position: int
    recorded_at: datetime
    event: str
    actor: str
    source: str
    reason: str | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is not the same.

    `how` is what was done to its fact: recorded, ended, corrected, retracted; or that nothing was, and the row
    `followed` from something else. `row` is what became of the row itself: insert, update, delete. `key` has the
    columns of the table's key; `before` and `after` those others that are not the same, None for a row that is not
    there; `same` those that are. `fact` and `events` are those from which it comes, where it is one fact's.
    """

    patient: str
    table: str
    how: str
    row: str
    key: dict[str, Any]
    fact: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    same: dict[str, Any]
    events: tuple[EventNote, ...]
