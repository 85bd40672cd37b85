"""What goes with a decision of a patient: who made it, whence and why; and where its event stands in the stream."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self
from uuid import UUID

import msgspec
from msgspec.structs import replace

from registry.domain.events import Event, PatientErased
from registry.domain.origins import Origin
from registry.domain.stream_events import Merging
from registry.domain.texts import one_line


class Note(msgspec.Struct, frozen=True, gc=False):
    """Who records, whence, for amendments and retractions why, and what a delivery says beside the statement.

    `under` is another pseudonym of the patient: that under which a fact comes, or goes.
    """

    actor: str
    source: str
    reason: str | None = None
    origin: Origin | None = None
    under: str | None = None

    @classmethod
    def given(cls, actor: str, source: str, reason: str | None) -> Self:
        """Return the note of what a person asks for; a blank reason is none. What is no line of text is refused."""
        why = None if reason is None or not reason.strip() else one_line("reason", reason)
        return cls(who(actor), one_line("source", source, wanted="whence it comes"), why)

    def without(self, columns: Collection[str]) -> Note:
        """Return the note of an event that says nothing of some columns, of which another says what the row does."""
        return self if self.origin is None else replace(self, origin=self.origin.without(columns))


def who(actor: str) -> str:
    """Return the name of who records, on one line; refuse a blank one."""
    return one_line("actor", actor, wanted="who records")


class StreamEvent(msgspec.Struct, frozen=True, gc=False):
    """An event in its place in a patient's stream."""

    originator_id: UUID
    originator_version: int
    event: Event | Merging | PatientErased
