"""What a patient's stream says of other pseudonyms of the same person, and of the facts that came from them.

A pseudonym that was merged into another one is a name of that patient until the merge is undone. Its own stream says
where each of its facts went, and goes on remembering what sources say of those that stood there already.
"""

from __future__ import annotations

from typing import NamedTuple

from registry.domain.events import Confirmation, Event, Retraction, StatementEvent
from registry.domain.kinds import KINDS
from registry.domain.other_streams import named_fact, unnamed, unnamed_fact
from registry.domain.statement_cells import from_plain
from registry.domain.stream_events import Merging, PatientMerged


class Came(NamedTuple):
    """Under which pseudonym a fact came, and the reference that it had in the stream of that; None for a new one."""

    under: str
    moved_from: str | None


class Merges:
    """The merges of one patient, as the stream has them.

    `into` is the patient whose name this pseudonym is now, None while it is a patient of its own; `merged` are the
    pseudonyms that are names of this one, the latest last. `came` has the facts that came under these by reference, and
    `went` the references that facts have in the stream of `into`, by the one here. `said_since` is what sources said
    under this name since it was merged of facts that stood in the other stream already: cells by column, by reference.
    """

    def __init__(self, pseudonym: str) -> None:
        self._pseudonym = pseudonym
        self.into: str | None = None
        self.merged: list[str] = []
        self.came: dict[str, Came] = {}
        self.went: dict[str, str] = {}
        self.said_since: dict[str, dict[str, object]] = {}

    def turn(self, event: Merging) -> None:
        """Take in that two pseudonyms are one patient, or two again."""
        is_merged = isinstance(event, PatientMerged)
        if event.merged == self._pseudonym:
            self.into = event.into if is_merged else None
            if is_merged:
                self.went = {fact: named_fact(went, event.into) for fact, went in self.went.items()}
            else:
                self.went.clear()
                self.said_since.clear()
        elif is_merged:
            self.merged.append(event.merged)
        else:
            self.merged.remove(event.merged)
            self.came = {fact: came for fact, came in self.came.items() if came.under != event.merged}

    def take(self, event: Event, *, is_standing: bool, was_withdrawn: bool) -> None:
        """Take in an event of a fact, which was standing before it, or had been withdrawn, or was never there.

        One that was withdrawn and is stated anew under another name stays whose it was; under the patient's own, it is
        the patient's.
        """
        fact = event.fact
        match event:
            case StatementEvent(under=under) if not is_standing:
                is_back = self.went.pop(fact, None) is not None
                is_new = event.moved_from is not None or is_back or not was_withdrawn
                if under is None:
                    self.came.pop(fact, None)
                elif is_new and (name := self._merged_name(under)) is not None:
                    self.came[fact] = Came(name, event.moved_from and named_fact(event.moved_from, name))
            case Retraction(moved_to=str(moved_to), under=under):
                self.came.pop(fact, None)
                if under is not None:
                    self.went[fact] = moved_to
            case Confirmation() if self.into is not None:
                self._remember(event)

    def has_gone(self, fact: str, *, to: str) -> bool:
        """Return whether a fact went to another stream, and is another one there."""
        return fact in self.went and unnamed_fact(self.went[fact]) == unnamed_fact(to)

    def _merged_name(self, under: str) -> str | None:
        """Return which of the merged pseudonyms an event tells of, None where it is none of them."""
        return next((name for name in self.merged if unnamed(name) == unnamed(under)), None)

    def _remember(self, event: Confirmation) -> None:
        kind = KINDS[event.fact.partition("/")[0]].statement
        said = {column: from_plain(kind, column, told) for column, told in event.origin.own.items()}
        self.said_since.setdefault(event.fact, {}).update(said)
