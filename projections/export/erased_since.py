"""What erasures since an export took away from it, and whether that is all that is different."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections.export.content import content_hash
from registry.events import stream_of
from registry.store.erasing import erased_streams

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

    def explains(self, stated: ExportedTable, found: Any, folder: Path) -> bool | None:
        """Return whether a rebuilt table is the exported one without the rows of erased patients.

        None where that cannot be told: the files are gone or changed, or the rows belong to no single patient.
        """
        exported = _exported(stated, folder)
        if exported is None or "patient" not in exported.column_names:
            return None
        gone = [patient for patient in exported["patient"].unique().to_pylist() if self._is_erased(patient)]
        erased = pc.is_in(exported["patient"], value_set=pa.array(gone, pa.string()))
        rest = exported.filter(pc.invert(erased))
        if "payload" in found.column_names:  # the events keep their places, and say nothing
            places = exported.filter(erased)["position"].combine_chunks()
            found = found.filter(pc.invert(pc.is_in(found["position"], value_set=places)))
        return rest.num_rows == found.num_rows and content_hash(rest) == content_hash(found)

    def _is_erased(self, patient: str | None) -> bool:
        return patient is not None and stream_of(patient) in self.streams


def _exported(stated: ExportedTable, folder: Path) -> Any:
    """Return the rows of an exported table, None where its files are not there or not as stated."""
    try:
        exported = pa.concat_tables([pq.ParquetFile(folder / part.path).read() for part in stated.parts])
        return exported if content_hash(exported) == stated.content_hash else None
    except (pa.ArrowException, OSError, ValueError):
        return None
