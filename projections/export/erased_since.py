"""What erasures since an export took away from it, and whether that is all that is different."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray
from projections.export.stored_rows import Stored
from registry.domain.events import stream_of
from registry.domain.stream_events import REST_ERASURE
from registry.erasure import erased_streams

if TYPE_CHECKING:
    from uuid import UUID

    from projections.export.manifest import ExportedTable
    from registry.store.log import EventLog


class ErasedSince:
    """The streams that had events at a position and were erased after it; as text, how many.

    `partly` are those of which something was erased: what another patient had left there who was taken for the same.
    """

    def __init__(self, streams: frozenset[UUID], partly: frozenset[UUID] = frozenset()) -> None:
        self.streams = streams
        self.partly = partly

    @classmethod
    def read(cls, log: EventLog, position: int) -> Self:
        """Return what was erased of the log's beginning, up to a position, since."""
        streams = {erased.stream for erased in erased_streams(log, after=position)}
        if not streams:
            return cls(frozenset())
        partly = {erased.stream for erased in erased_streams(log, after=position, topic=REST_ERASURE)} - streams
        asked = streams | partly
        there = {stream for chunk in log.columns(until=position, streams=asked) for stream in chunk.stream}
        whole, rest = (frozenset(stream for stream in of if stream.bytes in there) for of in (streams, partly))
        return cls(whole, rest)

    def __len__(self) -> int:
        return len(self.streams)

    def __str__(self) -> str:
        return f"{len(self)} {'patient' if len(self) == 1 else 'patients'} erased since"

    def explains(self, stated: ExportedTable, rebuilt: Stored, folder: Path) -> bool | None:
        """Return whether a rebuilt table is the exported one without the rows of erased patients.

        Those of patients who were erased in part are not held against each other. None where that cannot be told: the
        files are gone or changed, or the rows belong to no single patient.
        """
        exported = _exported(stated, folder)
        if exported is None or "patient" not in exported.schema.names:
            return None
        erased = [_are_of(patients, self.streams | self.partly) for patients in exported.arrays("patient")]
        if "payload" in rebuilt.schema.names:  # the events keep their places, and say nothing
            places = [position.filter(gone) for position, gone in zip(exported.arrays("position"), erased)]
            gone = pa.chunked_array(places, pa.int64()).combine_chunks()
            rebuilt = rebuilt.keeping([pc.invert(pc.is_in(position, gone)) for position in rebuilt.arrays("position")])
        elif self.partly:
            rebuilt = rebuilt.keeping(
                [pc.invert(_are_of(patients, self.partly)) for patients in rebuilt.arrays("patient")]
            )
        rest = exported.keeping([pc.invert(gone) for gone in erased])
        columns = rest.schema.names
        is_same = rest.n == rebuilt.n and set(columns) <= set(rebuilt.schema.names)
        return is_same and rest.content_hash() == rebuilt.content_hash(columns)


def _are_of(patients: ArrowArray, streams: Collection[UUID]) -> ArrowArray:
    """Return which rows are of patients of some streams."""
    names = patients.unique().to_pylist()
    found = [patient for patient in names if patient is not None and stream_of(patient) in streams]
    return pc.is_in(patients.cast(pa.string()), pa.array(found, pa.string()))


def _exported(stated: ExportedTable, folder: Path) -> Stored | None:
    """Return the rows of an exported table, None where its files are not there or not as stated."""
    try:
        exported = Stored([folder / part.path for part in stated.parts])
        return exported if exported.content_hash() == stated.content_hash else None
    except (pa.ArrowException, OSError, ValueError):
        return None
