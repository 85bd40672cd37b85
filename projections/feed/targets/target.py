"""What every target of a feed can do, and what it keeps of itself in the same commits as its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from projections.export.manifest import Count, Digest

if TYPE_CHECKING:
    from projections.feed.batch_files import Batch
    from projections.feed.replaying import FolderBatch
    from projections.feed.row_sums import RowSum
    from projections.feed.targets.erasing import Erasing


class Rule(msgspec.Struct, frozen=True):
    """By which edition a table of a target was made, with which columns and key."""

    edition: Count
    columns: tuple[str, ...]
    key: tuple[str, ...]


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """How far a target is: the point of the log, and all that decides what can be applied to it next.

    `erased_until` is the position up to which every erasure was carried out, never less than `position` where a batch
    was applied; `to_purge` whether rows were removed that may still stand in files. `contract` is that of docs/feed.md,
    `generation` that of the feed when it was last applied.
    """

    registry: Digest
    contract: Count
    generation: Count
    position: Count
    digest: Digest
    recorded_at: datetime | None
    withdrawn: Literal["keep", "exclude"]
    with_history: bool
    erased_until: Count
    to_purge: bool
    tables: dict[str, Rule]


class Target(Protocol):
    """Tables that a feed is applied to. Whatever fails there is raised as `TargetError`.

    `before` is what `state` returned. Whoever commits makes sure that this still is the state, in the same commit or
    under a lock that is held until it, and raises `TargetError` otherwise: so of two at once one does nothing.
    """

    @property
    def place(self) -> str:
        """Where it is, as messages say it: without a password."""

    def state(self) -> Applied | None:
        """Return how far it is, None where nothing was ever applied."""

    def apply(self, batch: FolderBatch, before: Applied | None, after: Applied) -> None:
        """Change the rows as a batch says, whose parts were checked, and be as `after` says, in one commit.

        Every image has to fit: a row that is updated or deleted is there as its earlier image, one that is inserted is
        not there; else somebody else wrote to the target.
        """

    def erase(self, erasing: Erasing, before: Applied, after: Applied) -> None:
        """Remove all rows of the erased, put in their place those of who remain, and be as `after` says."""

    def purge(self, before: Applied, after: Applied) -> str | None:
        """Write anew or remove the files that may still have removed rows, then be as `after` says.

        Returns what cannot be done from here and by whom it can, None where all is done. It may be killed and begun
        again.
        """

    def sums(self) -> Mapping[str, RowSum]:
        """Return the rows of every table and their sum, `events` too, from the rows as they are read back.

        Of a table with a history, `<table>_history` is the sum of the versions that are current.
        """

    def close(self) -> None:
        """Let go of it."""


def rules_of(batch: Batch, *, with_events: bool) -> dict[str, Rule]:
    """Return by which rules the tables are made that a batch changes, `events` among them where the feed has it."""
    rules = {name: Rule(each.edition, each.columns, each.key) for name, each in batch.tables.items()}
    if with_events:
        rules["events"] = Rule(batch.events.edition, batch.events.columns, ("position",))
    return rules
