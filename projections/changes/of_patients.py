"""The changes of some patients: how many of which kind, counted over columns, and each as an object where asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.changes.change import HOWS, Change
from projections.changes.compared import COMPARED, both_sides
from projections.changes.events_of_facts import EventsOfFacts
from projections.changes.facts_of_rows import facts_of_rows
from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import changes, coded
from projections.columns.tables import rows as plain_rows
from projections.feed.row_changes import DELETE, INSERT, POSTIMAGE, PREIMAGE, RowChanges, row_changes

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.feed.steps import Sides, Step

Runs = dict[str, tuple[int, int]]  # by patient, where the images begin and end


class _OfTable(NamedTuple):
    """The changes of a table: images of rows by key, of each what was done to its fact, and which fact that is."""

    table: Table
    found: RowChanges
    hows: npt.NDArray[np.int8]
    facts: ArrowArray
    runs: Runs

    @classmethod
    def of(cls, table: Table, found: RowChanges, sides: Sides, events: EventsOfFacts) -> _OfTable:
        facts = facts_of_rows(table.name, found.rows, sides)
        patients = found.rows["patient"]
        return cls(table, found, events.hows(patients, facts, found.types), facts, _runs(patients))

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many rows there are of each way; of a row that is updated one of two images counts."""
        hows = self.hows[truth(pc.not_equal(self.found.types, PREIMAGE))]
        return Counter({(self.table.name, HOWS[how]): int(n) for how, n in zip(*np.unique(hows, return_counts=True))})

    def changes(self, patient: str, events: EventsOfFacts) -> Iterator[Change]:
        """Yield the changes of one patient by key."""
        if patient not in self.runs:
            return
        first, last = self.runs[patient]
        images = plain_rows(self.found.rows.slice(first, last - first))
        types, facts = (each.slice(first, last - first).to_pylist() for each in (self.found.types, self.facts))
        for place, (image, type_, fact) in enumerate(zip(images, types, facts, strict=True)):
            if type_ != PREIMAGE:
                before = images[place - 1] if type_ == POSTIMAGE else image if type_ == DELETE else None
                yield Change(
                    patient=patient,
                    table=self.table.name,
                    how=HOWS[self.hows[first + place]],
                    row={INSERT: "insert", DELETE: "delete"}.get(type_, "update"),
                    key={name: image[name] for name in self.table.key if name != "patient"},
                    fact=fact,
                    **self._compared(before, None if type_ == DELETE else image),
                    events=events.of(patient, fact),
                )

    def _compared(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
        """Return the columns beside the key that are not the same, before and after, and those that are."""
        own = [column.name for column in self.table.columns if column.name not in {"patient", *self.table.key}]
        if before is None or after is None:
            sides = {"before": before, "after": after}
            return {"same": {}, **{side: row and {name: row[name] for name in own} for side, row in sides.items()}}
        unlike = [name for name in own if before[name] != after[name]]
        return {
            "before": {name: before[name] for name in unlike},
            "after": {name: after[name] for name in unlike},
            "same": {name: after[name] for name in own if name not in unlike},
        }


class ChangesOfPatients:
    """The changes of some patients in some tables between the ends of a step."""

    def __init__(self, step: Step, sides: Sides, tables: Sequence[str]) -> None:
        found = {name: _found(sides, name) for name in tables}
        self.patients = sorted({name for each in found.values() for name in each.rows["patient"].unique().to_pylist()})
        self._events = EventsOfFacts(step, self.patients)
        self._of_tables = [
            _OfTable.of(COMPARED[name], each, sides, self._events) for name, each in found.items() if each.rows.num_rows
        ]

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many rows there are by table and by what was done to their facts."""
        counted: Counter[tuple[str, str]] = Counter()
        for each in self._of_tables:
            counted += each.counts
        return counted

    def __iter__(self) -> Iterator[Change]:
        """Yield every change by patient, table and key."""
        return (change for patient in self.patients for change in self.of(patient))

    def of(self, patient: str) -> Iterator[Change]:
        """Yield the changes of one patient by table and key."""
        return (change for each in self._of_tables for change in each.changes(patient, self._events))


def _found(sides: Sides, table: str) -> RowChanges:
    return row_changes(*both_sides(table, sides), COMPARED[table])


def _runs(patients: ArrowArray) -> Runs:
    """Return where the images of each patient stand; they are by key, of which the patient comes first."""
    told = coded(patients)
    begins = np.flatnonzero(changes(told.codes))
    names = told.words.take(pa.array(told.codes[begins])).to_pylist()
    return dict(zip(names, zip(begins.tolist(), [*begins[1:].tolist(), len(told.codes)])))
