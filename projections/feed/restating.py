"""A restated batch: a table whose rule or columns are others now, compared with what the batches before it left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.errors import FeedError
from projections.feed.batch_files import BATCH
from projections.feed.batches import Span, Totals, told_events
from projections.feed.change_files import ROW_KEY, Since
from projections.feed.replaying import FolderBatch, replayed
from projections.feed.row_sums import NO_ROWS, row_sum
from projections.feed.steps import BothRows, ranges_of
from projections.feed.written_changes import Changed, SinceOf, written_parts
from projections.log.log_columns import LogColumns
from projections.point_in_time import facts_at
from projections.stated.events import EVENTS
from projections.tables import TABLES, project

if TYPE_CHECKING:
    from pathlib import Path

    from projections.columns.tables import FunctionOf
    from projections.export.manifest import KnownAt
    from projections.feed.batch_files import Batch
    from registry.store.log import EventLog

LAST_OF_ALL: Final = "\U0010ffff"  # after every pseudonym


def other_rules(last: FolderBatch) -> list[str]:
    """Return the tables whose edition, columns or key are others than in the last batch of a feed.

    Raises `FeedError` where the batch was made by a later edition than this spondyl computes.
    """
    found = []
    for name, stated in last.batch.tables.items():
        now = TABLES[name]
        if stated.edition > now.edition or len(stated.columns) > len(now.columns):
            what = f"has {name} by edition {stated.edition} with {len(stated.columns)} columns, this spondyl makes "
            what += f"edition {now.edition} with {len(now.columns)}; use the spondyl that wrote it"
            raise FeedError(last.place / last.listed.folder / BATCH, what)
        if (stated.edition, stated.columns, stated.key) != _told(name):
            found.append(name)
    return found


def write_restated(folder: Path, span: Span, log: EventLog, batches: Sequence[FolderBatch], totals: Totals) -> Batch:
    """Write what a change of rules does to tables at the position of the last batch, and return the batch.

    Rows of which no column differs are not in it.
    """
    position = span.until.position
    columns = LogColumns.read(log, until=position)
    changed = {name: Changed(totals[name]) for name in span.feed.tables if name != EVENTS.name}
    for name in other_rules(batches[-1]):
        anew = _Anew(name, columns, replayed(_images(name, batches), TABLES[name]))
        made = Changed(NO_ROWS)
        both = anew.both_rows(position, withdrawn=span.feed.withdrawn)
        for written in written_parts(folder, both, since_point(span.until), batch=position):
            made = made.with_part(written)
        changed[name] = made._replace(total=anew.total)
    tables = {name: each.told(TABLES[name]) for name, each in changed.items()}
    return span.batch(tables, told_events(totals[EVENTS.name], ()))


class _Anew:
    """A table by its new rule beside what it was, a range of patients at a time; `total` sums what was yielded."""

    def __init__(self, name: str, columns: LogColumns, before: ArrowTable) -> None:
        self._name, self._columns, self._before = name, columns, before
        self._patients = before["patient"].cast(pa.string())
        self.total = NO_ROWS

    def both_rows(self, position: int, *, withdrawn: str) -> Iterator[BothRows]:
        """Yield the rows of each range; those of patients who are in none any more come with the last one."""
        table, cut = TABLES[self._name], ranges_of(self._columns)
        ends = [*(patients.last for patients in cut[:-1]), LAST_OF_ALL]
        for part, (begin, end) in enumerate(zip([None, *ends], ends)):
            after = table.schema.empty_table()
            if cut:
                facts = facts_at(self._columns.of(cut[part]), known_at=position, withdrawn=withdrawn)
                after = project(self._name, facts)
            self.total = self.total.plus(row_sum(after, table))
            yield BothRows(self._name, part, self._between(begin, end), after)

    def _between(self, begin: str | None, end: str) -> ArrowTable:
        """Return the earlier rows of the patients after one pseudonym and up to another."""
        within = pc.less_equal(self._patients, end)
        if begin is not None:
            within = pc.and_(within, pc.greater(self._patients, begin))
        return self._before.filter(within).drop_columns(ROW_KEY)


def _images(name: str, batches: Sequence[FolderBatch]) -> Iterator[ArrowTable]:
    return (rows for batch in batches for rows in batch.changes(TABLES[name]))


def since_point(point: KnownAt) -> SinceOf:
    """Return what says of all rows that they are as they are since a point, for a rule is no matter of events."""

    def since(patients: ArrowArray, _: FunctionOf) -> Since:
        n = len(patients)
        at = pa.scalar(point.recorded_at, pa.timestamp("us", tz="UTC"))
        return Since(pa.repeat(pa.scalar(point.position, pa.int64()), n), pa.repeat(at, n))

    return since


def _told(name: str) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    table = TABLES[name]
    return table.edition, tuple(column.name for column in table.columns), table.key
