"""What happened to a registry as a whole: an import, in a stream of its own that no pseudonym reaches."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

import msgspec

BATCH: Final = "BatchRecorded"  # the topic of the one event that is about an import
BATCH_NAMESPACE: Final = UUID("0d3c1e0a-52a3-5f0b-8f6d-6f1f0a0c7b21")  # another one than that of patients
BATCHES: Final = uuid5(BATCH_NAMESPACE, "batches")  # the stream of all imports


class DeliveredFile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file of a batch: its base name, None where that has a pseudonym in it, and the SHA-256 of its bytes."""

    name: str | None
    sha256: str


class BatchRecorded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A batch was imported: the events from position `first` on, to the one before this, came with it.

    It names no patient. `delivered_by` is the name of the source, empty for the nameless one; `mapping` the SHA-256 of
    the mapping by which the files were read, None where they are tables of ours. `counts` has, by table, how many facts
    were recorded, amended, ended, retracted, moved, confirmed and found unchanged, each where it is not 0.
    """

    first: int
    actor: str
    delivered_by: str
    files: tuple[DeliveredFile, ...]
    mapping: str | None
    counts: dict[str, dict[str, int]]
