"""A step of the feed: from one position of the log to another, and the rows of whom it can have changed, at both.

The facts of those to whom something happened are read by the index of their streams, some patients at a time, and of
the kinds alone of which tables come that can have changed. Those of everybody are only where the step begins with
nothing, or where the protocol moved, on which rows of everybody depend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.export.pieces import EVENTS_OF_A_RANGE, ranges
from projections.feed.happened import assigned
from projections.feed.kinds_read import ALWAYS, kinds_read
from projections.log.decoding import ahead
from projections.log.log_columns import LogColumns
from projections.point_in_time import Facts, facts_at
from projections.tables import TABLES, project
from registry.domain.events import stream_of

if TYPE_CHECKING:
    from datetime import date

    from projections.feed.happened import Happened
    from projections.log.block_files import Patients
    from registry.store.log import EventLog

PATIENTS_AT_ONCE: Final = 500  # whose streams are read together: some 37,000 events


class Step(NamedTuple):
    """A step of a log after one position and until another, of patients as the policy for withdrawn consent says.

    `as_of` is the clinical day at both ends, inclusive; a feed has no limit.
    """

    log: EventLog
    after: int
    until: int
    withdrawn: str
    as_of: date | None = None


class BothRows(NamedTuple):
    """Rows of a table before and after a step, of some patients; parts are in the order of pseudonyms."""

    table: str
    part: int
    before: ArrowTable
    after: ArrowTable


class Sides(NamedTuple):
    """The facts of some patients before and after a step; None before the first event."""

    before: Facts | None
    after: Facts

    @classmethod
    def of(cls, step: Step, columns: LogColumns) -> Self:
        """Return the facts that columns have."""
        before, after = (
            facts_at(columns, as_of=step.as_of, known_at=position, withdrawn=step.withdrawn) if position else None
            for position in (step.after, step.until)
        )
        assert after is not None, "no step ends before the first event"
        return cls(before, after)

    def rows(self, table: str, part: int) -> BothRows:
        """Return their rows of a table."""
        nothing = TABLES[table].schema.empty_table()
        before = nothing if self.before is None else project(table, self.before)
        return BothRows(table, part, before, project(table, self.after))


def both_rows(step: Step, happened: Happened, tables: Sequence[str]) -> Iterator[BothRows]:
    """Yield the rows of all who can have changed in a step, of each table that is one of a feed."""
    if not step.after or happened.is_wide("patient and protocol"):
        columns = LogColumns.read(step.log, until=step.until)
        for part, patients in enumerate(ranges_of(columns)):
            sides = Sides.of(step, columns.of(patients))
            yield from (sides.rows(table, part) for table in tables)
        return
    touched = {*happened.patients}
    if happened.is_wide("campaign"):
        touched |= assigned(step.log, until=step.until)
    yield from rows_of(step, happened, tables, sorted(touched))


def rows_of(step: Step, happened: Happened, tables: Sequence[str], patients: Sequence[str]) -> Iterator[BothRows]:
    """Yield the rows of some patients, whose pseudonyms are in order, where something happened of which they come."""
    stretches = (patients[first : first + PATIENTS_AT_ONCE] for first in range(0, len(patients), PATIENTS_AT_ONCE))
    for part, touched in enumerate(ahead(_Touched(step, happened, stretch, tables) for stretch in stretches)):
        yield from touched.rows(part)


def ranges_of(columns: LogColumns) -> list[Patients]:
    """Return all patients, cut into ranges."""
    return ranges(columns.events_by_patient(until=columns.head.position), at_most=EVENTS_OF_A_RANGE)


class _Touched:
    """Some patients to whom something happened; for each table only those of them whose rows can be others for it.

    Of their events those are read of which these tables come.
    """

    def __init__(self, step: Step, happened: Happened, patients: Sequence[str], tables: Sequence[str]) -> None:
        self._step, self._patients = step, patients
        found = {table: _concerned(happened, patients, table) for table in tables}
        self._concerned = {table: patients for table, patients in found.items() if patients}
        self._kinds = ALWAYS.union(*map(kinds_read, self._concerned))
        streams = [*map(stream_of, patients)]
        self._columns = LogColumns.decoded(step.log, until=step.until, streams=streams, kinds=self._kinds)
        self._columns.facts["patients"]  # so that the next are decoded while these are projected
        self._sides: dict[tuple[str, ...], Sides] = {}

    def rows(self, part: int) -> Iterator[BothRows]:
        for table, patients in self._concerned.items():
            yield self._of(patients).rows(table, part)

    def _of(self, patients: tuple[str, ...]) -> Sides:
        if patients not in self._sides:
            columns = self._columns
            if len(patients) < len(self._patients):
                about = columns.events_about(pa.array(patients, pa.string()), self._kinds)
                columns = columns.with_events({kind: [events] for kind, events in about.items()})
            self._sides[patients] = Sides.of(self._step, columns)
        return self._sides[patients]


def _concerned(happened: Happened, patients: Sequence[str], table: str) -> tuple[str, ...]:
    """Return the patients whose rows of a table can be others."""
    if TABLES[table].function_of == "campaign" and happened.is_wide("campaign"):
        return tuple(patients)
    concerned = happened.patients_of(kinds_read(table))
    return tuple(patient for patient in patients if patient in concerned)
