"""What happened to each fact of some patients between two positions of the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.changes.change import CORRECTED, ENDED, FOLLOWED, HOWS, RECORDED, RETRACTED, EventNote
from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.feed.row_changes import DELETE, INSERT
from projections.stated.events import noted
from registry.domain.events import stream_of
from registry.domain.kinds import KINDS
from registry.domain.topics import name_of

if TYPE_CHECKING:
    from projections.feed.steps import Step

RECORDING: Final = pa.array([name_of(kind.recorded) for kind in KINDS.values()])
ENDING: Final = pa.array([name_of(kind.ended) for kind in KINDS.values() if kind.ended is not None])
RETRACTING: Final = pa.array([name_of(kind.retracted) for kind in KINDS.values()])
NUMBER: Final = {how: number for number, how in enumerate(HOWS)}
NOTE: Final = ("position", "recorded_at", "event", "actor", "source", "reason")


class EventsOfFacts:
    """The events of a step about facts of some patients, by position, without those that change nothing."""

    def __init__(self, step: Step, patients: Collection[str]) -> None:
        streams = [stream_of(patient) for patient in patients]
        self._events = noted(step.log, after=step.after, until=step.until, streams=streams).sort_by("position")

    def __len__(self) -> int:
        return int(self._events.num_rows)

    def of(self, patient: str, fact: str | None) -> tuple[EventNote, ...]:
        """Return the events about one fact."""
        return self._of_fact.get(f"{patient}\n{fact}", ())

    def hows(self, patients: ArrowArray, facts: ArrowArray, types: ArrowArray) -> npt.NDArray[np.int8]:
        """Return what was done to the fact of each image of a row, by its patient, fact and type, as in `HOWS`."""
        found = pc.index_in(_names(patients, facts), value_set=self._by_fact["name"], skip_nulls=True)
        of_fact = self._by_fact.take(found)
        was_recorded, was_only_ended, was_retracted_last = (
            truth(of_fact[name].fill_null(False))
            for name in ("is_recording_any", "is_ending_all", "is_retracting_last")
        )
        is_insert, is_delete = (truth(pc.equal(types, each)) for each in (INSERT, DELETE))
        hows = np.full(len(types), NUMBER[CORRECTED], dtype=np.int8)
        hows[was_only_ended & ~is_insert & ~is_delete] = NUMBER[ENDED]
        hows[was_recorded & is_insert] = NUMBER[RECORDED]
        hows[was_retracted_last & is_delete] = NUMBER[RETRACTED]
        hows[truth(found.is_null())] = NUMBER[FOLLOWED]
        return hows

    @cached_property
    def _by_fact(self) -> ArrowTable:
        """What happened to each fact, by its name."""
        topics = {"is_recording": RECORDING, "is_ending": ENDING, "is_retracting": RETRACTING}
        is_one = {name: pc.is_in(self._events["event"], value_set=among) for name, among in topics.items()}
        events = pa.table({"name": self._names, **is_one})
        told = [("is_recording", "any"), ("is_ending", "all"), ("is_retracting", "last")]
        return events.group_by("name", use_threads=False).aggregate(told).combine_chunks()

    @cached_property
    def _of_fact(self) -> dict[str, tuple[EventNote, ...]]:
        """The events about each fact, by its name."""
        notes: defaultdict[str, list[EventNote]] = defaultdict(list)
        for name, note in zip(self._names.to_pylist(), self._events.select(NOTE).to_pylist(), strict=True):
            notes[name].append(EventNote(**note))
        return {name: tuple(each) for name, each in notes.items()}

    @cached_property
    def _names(self) -> ArrowArray:
        return _names(self._events["patient"], self._events["fact"])


def _names(patients: ArrowArray, facts: ArrowArray) -> ArrowArray:
    """Return a text for each row that tells a patient's fact from every other, null where there is none."""
    return pc.binary_join_element_wise(patients.cast(pa.string()), facts, "\n")
