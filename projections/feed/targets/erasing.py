"""Who was erased since a target was last changed, and what of whom it has to have instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Self
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.feed.replaying import FolderBatch, read_file, read_rows, stated_table
from projections.feed.without_erased import OfErased
from projections.stated.events import EVENTS

if TYPE_CHECKING:
    from projections.export.manifest import Part


class Erasing(NamedTuple):
    """The streams that were erased, those of them that remain, and the batches that the target has, without the erased.

    A stream remains where it is that of a patient who stays, of whom it said what nobody may know any more.
    """

    streams: frozenset[UUID]
    remaining: frozenset[UUID]
    batches: Sequence[FolderBatch]

    @classmethod
    def of(cls, found: Iterable[ArrowTable], batches: Sequence[FolderBatch]) -> Self | None:
        """Return what rows of `erasures.parquet` say; None where there are none."""
        rows = [row for each in found for row in each.to_pylist()]
        if not rows:
            return None
        whole = {UUID(row["stream"]) for row in rows if not row["remains"]}
        remaining = {UUID(row["stream"]) for row in rows} - whole
        return cls(frozenset(whole | remaining), frozenset(remaining), batches)

    def among(self, pseudonyms: Collection[str | None]) -> list[str]:
        """Return which pseudonyms are those of the erased: all rows of these go."""
        return OfErased(self.streams).among([name for name in pseudonyms if name is not None])

    def images(self, name: str) -> Iterator[ArrowTable]:
        """Yield the images that the batches have of those who remain, of a table, in the columns of the last batch."""
        if not self.remaining:
            return
        table = stated_table(name, self.batches[-1].batch.tables[name])
        for batch in self.batches:
            for part in batch.batch.tables[name].parts:
                if patients := self._remaining_in(batch, part):
                    yield read_rows(batch.file(part), table, patients=patients)

    def silent_events(self) -> Iterator[ArrowTable]:
        """Yield the events of the batches that say nothing any more, whole rows of `events`."""
        for batch in self.batches:
            for part in batch.batch.events.parts:
                rows = read_file(batch.file(part))
                yield EVENTS.of(rows.filter(pc.is_null(rows["payload"])))

    def _remaining_in(self, batch: FolderBatch, part: Part) -> list[str]:
        names = read_file(batch.file(part), ["patient"])["patient"].cast(pa.string()).unique().to_pylist()
        return OfErased(self.remaining).among(names)
