"""What goes with a decision of a patient: who made it, whence and why; and where its event stands in the stream."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import msgspec
from msgspec.structs import replace

from registry.domain.events import Event, PatientErased
from registry.domain.origins import Origin
from registry.domain.stream_events import Merging


class Note(msgspec.Struct, frozen=True, gc=False):
    """Who records, whence, for amendments and retractions why, and what a delivery says beside the statement.

    `under` is another pseudonym of the patient: that under which a fact comes, or goes.
    """

    actor: str
    source: str
    reason: str | None = None
    origin: Origin | None = None
    under: str | None = None

    def without(self, columns: Collection[str]) -> Note:
        """Return the note of an event that says nothing of some columns, of which another says what the row does."""
        return self if self.origin is None else replace(self, origin=self.origin.without(columns))


class StreamEvent(msgspec.Struct, frozen=True, gc=False):
    """An event in its place in a patient's stream."""

    originator_id: UUID
    originator_version: int
    event: Event | Merging | PatientErased
