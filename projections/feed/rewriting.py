"""The batches of a feed without whom was erased since, as another generation.

The rows and images of the erased go and nothing comes in their place; what was written of others stays as it is, by the
rule of its time. Where something was erased in the stream of a patient who stays, that patient's images are made anew
from the log. Sums are lowered by what went. Of events the places stay, without what they said.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pyarrow.compute as pc
from msgspec.structs import replace

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.export.parquet_schema import parquet_schema
from projections.export.parts import write_rows
from projections.feed.batches import Span, batch_appearing, put_batch
from projections.feed.happened import erased_positions, erasures
from projections.feed.made_anew import MadeAnew
from projections.feed.replaying import FolderBatch, in_columns, replayed, row_groups_of, stated_table
from projections.feed.row_sums import NO_ROWS, RowSum, row_sum, sum_in_order
from projections.feed.without_erased import OfErased, link, table_without
from projections.stated.events import EVENTS, NOTE

if TYPE_CHECKING:
    from projections.export.manifest import Part
    from projections.feed.batch_files import Batch, ChangedEvents, ChangedTable, FeedFile
    from registry.store.log import EventLog

SAID: Final = (*NOTE.names, "payload")  # what an erased event says no more


def rewritten(
    log: EventLog, feed: FeedFile, batches: Sequence[FolderBatch], generation: int, *, until: int
) -> list[FolderBatch]:
    """Write the batches of a feed without whom the log erased up to a position, and return them, in their order."""
    work = _Rewriting(log, feed, batches[-1].batch.until.position, until)
    found: list[FolderBatch] = []
    for old in batches:
        span = Span(feed, generation, old.batch.after, old.batch.until)
        name = span.folder(each.listed.folder for each in found)
        with batch_appearing(old.place, name) as folder:
            batch = work.batch(folder, old, generation)
            listed = put_batch(folder, batch, name)
        found.append(FolderBatch(old.place, listed, batch))
    return found


class _Rewriting:
    """Who is erased, and what went so far, batch by batch."""

    def __init__(self, log: EventLog, feed: FeedFile, after: int, until: int) -> None:
        found = erasures(log, after=after, until=until)
        streams = {UUID(stream) for stream in found["stream"].to_pylist()}
        whole = {UUID(stream) for stream in found.filter(pc.invert(found["remains"]))["stream"].to_pylist()}
        self._erased = OfErased(frozenset(streams))
        self._positions = erased_positions(log, streams)
        self._anew = MadeAnew(log, streams - whole, withdrawn=feed.withdrawn)
        self._gone: dict[str, list[ArrowTable]] = {}
        self._silenced, self._silent = NO_ROWS, NO_ROWS  # events as they were, and as they are without what they said

    def batch(self, folder: Path, old: FolderBatch, generation: int) -> Batch:
        """Write a batch without the erased into a folder, and return what it is."""
        self._anew.begin(old.batch)
        tables = {name: self._table(folder, old, name, stated) for name, stated in old.batch.tables.items()}
        events = self._events(folder, old)
        for part in old.batch.erasures.parts:
            link(old.file(part), folder / part.path)
        return replace(old.batch, generation=generation, tables=tables, events=events)

    def _table(self, folder: Path, old: FolderBatch, name: str, stated: ChangedTable) -> ChangedTable:
        table = stated_table(name, stated)
        more, theirs = self._anew.images(table)
        written = table_without(folder, old, table, self._erased, more)
        gone = self._gone.setdefault(name, [])
        gone += written.gone
        rows = replayed([in_columns(each, table) for each in gone], table)
        total = RowSum.read(stated.rows, stated.row_sum).minus(row_sum(rows, table)).plus(theirs)
        return replace(stated, counts=written.counts, rows=total.rows, row_sum=total.hex, parts=written.parts)

    def _events(self, folder: Path, old: FolderBatch) -> ChangedEvents:
        stated = old.batch.events
        parts = tuple(self._silenced_part(folder, old, part) for part in stated.parts)
        total = RowSum.read(stated.rows, stated.row_sum).minus(self._silenced).plus(self._silent)
        return replace(stated, rows=total.rows, row_sum=total.hex, parts=parts)

    def _silenced_part(self, folder: Path, old: FolderBatch, part: Part) -> Part:
        """Write a part of the events without what erased ones said, or have it stand there where there are none."""
        if not any(self._erased_in(rows).true_count for rows in row_groups_of(old.file(part))):
            link(old.file(part), folder / part.path)
            return part
        silent = map(self._without_said, row_groups_of(old.file(part)))
        return write_rows(folder, part.path, parquet_schema(EVENTS), silent)

    def _erased_in(self, rows: ArrowTable) -> ArrowArray:
        """Return which events say something still though they were erased."""
        is_erased = pc.and_(pc.is_in(rows["position"], value_set=self._positions), rows["payload"].is_valid())
        return is_erased.combine_chunks()

    def _without_said(self, rows: ArrowTable) -> ArrowTable:
        """Return events without what erased ones said, and take in what that does to the sum."""
        is_erased = self._erased_in(rows)
        columns = {
            name: pc.if_else(is_erased, None, rows[name]) if name in SAID else rows[name] for name in rows.column_names
        }
        silent = EVENTS.of(columns)
        self._silenced = self._silenced.plus(sum_in_order(EVENTS.of(rows.filter(is_erased)), EVENTS))
        self._silent = self._silent.plus(sum_in_order(silent.filter(is_erased), EVENTS))
        return silent
