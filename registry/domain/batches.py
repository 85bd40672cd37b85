"""What is told of an import as a whole, in the stream of all imports."""

from __future__ import annotations

import msgspec


class DeliveredFile(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file of a batch: its base name, None where that has a pseudonym in it, and the SHA-256 of its bytes."""

    name: str | None
    sha256: str


class BatchRecorded(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A batch was imported: the events from position `first` on, to the one before this, came with it.

    It names no patient. `delivered_by` is the name of the source, empty for the nameless one; `mapping` the SHA-256 of
    the mapping by which the files were read, None where they are tables of ours. `counts` has, by table, how many facts
    were recorded, amended, ended, retracted, moved, confirmed and found unchanged, each where it is not 0.
    `shifted_dates` is what the mapping says of the days, None where there is no mapping.
    """

    first: int
    actor: str
    delivered_by: str
    files: tuple[DeliveredFile, ...]
    mapping: str | None
    counts: dict[str, dict[str, int]]
    shifted_dates: bool | None = None
