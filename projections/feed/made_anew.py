"""The images of patients who stay and in whose streams something was erased: as a feed made today would have them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from projections.columns.arrow import ArrowTable
from projections.feed.change_files import change_rows, change_schema
from projections.feed.happened import Happened, latest_events
from projections.feed.restating import since_point
from projections.feed.row_changes import row_changes
from projections.feed.row_sums import NO_ROWS, RowSum, row_sum
from projections.feed.steps import Sides, Step
from projections.log.log_columns import LogColumns
from projections.stated.events import recorded_stretches
from projections.tables import TABLES

if TYPE_CHECKING:
    from uuid import UUID

    from projections.columns.tables import Table
    from projections.feed.batch_files import Batch
    from registry.store.log import EventLog


class MadeAnew:
    """The images of some patients in one batch of a feed after the other.

    A batch by another rule than this spondyl has holds nothing of them in that table; the next one by this rule, which
    restates it, has all their rows as inserted.
    """

    def __init__(self, log: EventLog, streams: Collection[UUID], *, withdrawn: str) -> None:
        self._log, self._streams, self._withdrawn = log, streams, withdrawn
        self._there: set[str] = set()  # tables that have their rows after the batch

    def begin(self, batch: Batch) -> None:
        """Turn to a batch, the one after the last."""
        if not self._streams:
            return
        after, until = batch.after.position, batch.until.position
        columns = LogColumns.decoded(self._log, until=until, streams=self._streams)
        self._batch = batch
        self._sides = Sides.of(Step(self._log, after, until, self._withdrawn), columns)
        stretches = recorded_stretches(self._log, after=after, until=until)
        happened = Happened(latest_events(stretch) for stretch in stretches)
        self._since = since_point(batch.until) if batch.restated else happened.since

    def images(self, table: Table) -> tuple[ArrowTable, RowSum]:
        """Return their images in a table as the batch has it, as rows of changes, and the sum of their rows."""
        now = TABLES[table.name]
        nothing = change_schema(table).empty_table()
        if not self._streams or table != now:
            return nothing, NO_ROWS
        both = self._sides.rows(table.name, 0)
        before = both.before if table.name in self._there else both.before.slice(0, 0)
        self._there.add(table.name)
        changes = row_changes(before, both.after, table)
        since = self._since(changes.rows["patient"], table.function_of)
        rows = change_rows(changes, since, batch=self._batch.until.position)
        return rows, row_sum(both.after, table)
