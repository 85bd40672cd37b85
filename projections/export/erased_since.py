"""What erasures since an export took away from it, and whether that is all that is different."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray
from projections.export.stored_rows import Stored
from registry.domain.events import stream_of
from registry.erasure import erased_streams

if TYPE_CHECKING:
    from uuid import UUID

    from projections.export.manifest import ExportedTable
    from registry.store.log import EventLog


class ErasedSince:
    """The streams that had events at a position and were erased after it; as text, how many."""

    def __init__(self, streams: frozenset[UUID]) -> None:
        self.streams = streams

    @classmethod
    def read(cls, log: EventLog, position: int) -> Self:
        """Return what was erased of the log's beginning, up to a position, since."""
        streams = {erased.stream for erased in erased_streams(log, after=position)}
        if not streams:
            return cls(frozenset())
        there = {stream for chunk in log.columns(until=position, streams=streams) for stream in chunk.stream}
        return cls(frozenset(stream for stream in streams if stream.bytes in there))

    def __len__(self) -> int:
        return len(self.streams)

    def __str__(self) -> str:
        return f"{len(self)} {'patient' if len(self) == 1 else 'patients'} erased since"

    def explains(self, stated: ExportedTable, rebuilt: Stored, folder: Path) -> bool | None:
        """Return whether a rebuilt table is the exported one without the rows of erased patients.

        None where that cannot be told: the files are gone or changed, or the rows belong to no single patient.
        """
        exported = _exported(stated, folder)
        if exported is None or "patient" not in exported.schema.names:
            return None
        erased = [self._are_erased(patients) for patients in exported.arrays("patient")]
        if "payload" in rebuilt.schema.names:  # the events keep their places, and say nothing
            places = [position.filter(gone) for position, gone in zip(exported.arrays("position"), erased)]
            gone = pa.chunked_array(places, pa.int64()).combine_chunks()
            rebuilt = rebuilt.keeping([pc.invert(pc.is_in(position, gone)) for position in rebuilt.arrays("position")])
        rest = exported.keeping([pc.invert(gone) for gone in erased])
        columns = rest.schema.names
        is_same = rest.n == rebuilt.n and set(columns) <= set(rebuilt.schema.names)
        return is_same and rest.content_hash() == rebuilt.content_hash(columns)

    def _are_erased(self, patients: ArrowArray) -> ArrowArray:
        """Return which rows are of erased patients."""
        names = patients.unique().to_pylist()
        gone = [patient for patient in names if patient is not None and stream_of(patient) in self.streams]
        return pc.is_in(patients.cast(pa.string()), pa.array(gone, pa.string()))


def _exported(stated: ExportedTable, folder: Path) -> Stored | None:
    """Return the rows of an exported table, None where its files are not there or not as stated."""
    try:
        exported = Stored([folder / part.path for part in stated.parts])
        return exported if exported.content_hash() == stated.content_hash else None
    except (pa.ArrowException, OSError, ValueError):
        return None
