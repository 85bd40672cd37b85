"""A feed as whoever applies it reads it: what comes after the state of a target, and whether it can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from projections.columns.arrow import ArrowTable
from projections.errors import FeedError, TargetError
from projections.feed.batch_files import (
    BATCH,
    CONTRACT,
    HEAD,
    FeedFile,
    Head,
    batch_folder,
    check_feed,
    check_parts,
    read_batch,
    read_feed,
    read_head,
)
from projections.feed.replaying import FolderBatch, check_known, read_file
from projections.feed.targets.target import Applied, Rule, rules_of
from projections.stated.events import EVENTS


class OpenedFeed(NamedTuple):
    """The folder of a feed: what it is of, and how far it is."""

    place: Path
    file: FeedFile
    head: Head

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Return what stands in a folder. Raises `FeedError`."""
        place = Path(folder)
        return cls(place, read_feed(place), read_head(place))

    def batch(self, number: int) -> FolderBatch:
        """Return a batch of the list, counted from 0. Raises `FeedError` where it is not what the head lists."""
        listed = self.head.batches[number]
        batch = read_batch(self.place, listed)
        check_feed(batch_folder(self.place, listed) / BATCH, self.file, batch)
        return FolderBatch(self.place, listed, batch)

    def rules(self, batch: FolderBatch) -> dict[str, Rule]:
        """Return by which rules the tables of a batch are made."""
        return rules_of(batch.batch, with_events=EVENTS.name in self.file.tables)

    def n_applied(self, state: Applied | None, target: str) -> int:
        """Return how many batches of the list a target has, by its state; the next one comes after these.

        Raises `TargetError` where none of them ends where the target is.
        """
        if state is None:
            return 0
        self._check(state, target)
        ends = [number for number, listed in enumerate(self.head.batches) if listed.until == state.position]
        for number in reversed(ends):
            batch = self.batch(number)
            if batch.batch.until.digest != state.digest:
                what = f"has digest {state.digest} at @{state.position:,}, the feed {batch.batch.until.digest}"
                raise TargetError(target, f"{what}: one of them is of a copy that went on separately")
            if self.rules(batch) == state.tables:
                return number + 1
        raise TargetError(target, self._why_none(state, is_end=bool(ends)))

    def erasures(self, *, after: int) -> Iterator[ArrowTable]:
        """Yield the rows that batches have of erasures after a position of the log. Raises `FeedError`."""
        for number, listed in enumerate(self.head.batches):
            if listed.until > after:
                batch = self.batch(number)
                for part in batch.batch.erasures.parts:
                    check_parts(self.place, listed, batch.batch)
                    rows = read_file(batch.file(part))
                    yield rows.filter([position > after for position in rows["position"].to_pylist()])

    def check_next(self, batch: FolderBatch, state: Applied | None) -> None:
        """Raise `FeedError` where a batch does not go on from a state, is not whole, or says what nobody here knows."""
        file = batch_folder(self.place, batch.listed) / BATCH
        if state is not None and batch.batch.after.digest != state.digest:
            what = f"begins with digest {batch.batch.after.digest}, the batch before it ended with {state.digest}"
            raise FeedError(file, what)
        for name, rule in self.rules(batch).items():
            check_known(file, name, rule)
            if state is not None and rule.key != state.tables[name].key:
                raise FeedError(file, f"has another key of {name} than the batch before it; begin a new target")
            if state is not None and not batch.batch.restated and rule != state.tables[name]:
                raise FeedError(file, f"has {name} by another rule than the batch before it, and none restates it")
        check_parts(self.place, batch.listed, batch.batch)

    def _check(self, state: Applied, target: str) -> None:
        if state.contract > CONTRACT:
            what = f"is of contract {state.contract}, this spondyl knows {CONTRACT}; use a newer spondyl"
            raise TargetError(target, what)
        if state.registry != self.file.registry:
            what = f"is of registry {state.registry}, the feed of {self.file.registry}; name another target"
            raise TargetError(target, what)
        if (state.withdrawn, {*state.tables}) != (self.file.withdrawn, {*self.file.tables}):
            what = f"has {', '.join(state.tables)} ({state.withdrawn} who withdrew), the feed has "
            what += f"{', '.join(self.file.tables)} ({self.file.withdrawn}); name another target"
            raise TargetError(target, what)
        if self.head.position < (known := max(state.position, state.erased_until)):
            what = f"goes to @{self.head.position:,}, {target} knows of @{known:,}: it is an older copy of the feed"
            raise FeedError(self.place / HEAD, what)

    def _why_none(self, state: Applied, *, is_end: bool) -> str:
        if is_end:
            return f"has tables by rules that no batch of the feed ends with at @{state.position:,}; begin a new target"
        within = next(each for each in self.head.batches if each.after < state.position < each.until)
        batch = f"the batch from @{within.after:,} to @{within.until:,}"
        return f"is at @{state.position:,}, where no batch begins: {batch} would be applied twice in part"
