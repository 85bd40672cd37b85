"""The root of a long log without reading it from its beginning each time: the roots of whole stretches are kept.

They stand in a file beside the blocks of the log, each with the digest at the end of its stretch, and hold where the
log has that digest there. What disagrees, is damaged or is not there is computed, as everywhere else: proofs and
whoever verifies never rest on the file. Where the blocks are elsewhere, or are off, nothing is kept.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import msgspec

from registry.audit.prove import digests_of, root_at
from registry.private_files import new_bytes
from registry.store.blocks_folder import ROOTS, are_off, blocks_folder
from registry.store.merkle import root

if TYPE_CHECKING:
    from registry.store.log import EventLog

BYTES_AT_MOST: Final = 1 << 24
STRETCH: Final = 1 << 14  # digests; a power of two: so the roots of stretches are a row of the tree


class _Stretch(msgspec.Struct, frozen=True):
    """The root over the digests of a stretch, and the log's digest at its end, in hexadecimal."""

    root: str
    digest: str


def kept_root(log: EventLog, until: int) -> bytes:
    """Return the root over the digests of a log up to a position, as `root_at` does, from what is kept of it."""
    n_whole = until // STRETCH
    file = _file(log)
    if not n_whole or file is None:
        return root_at(log, until)
    kept = _holding(log, _read(file)[:n_whole])
    new = [_stretch(log, number) for number in range(len(kept), n_whole)]
    if new:
        _keep(file, [*kept, *new])
    rest = digests_of(log, n_whole * STRETCH, until)
    return root([*(bytes.fromhex(each.root) for each in (*kept, *new)), *([root(rest)] if rest else [])])


def _file(log: EventLog) -> Path | None:
    """Return where roots are kept, None where they are not."""
    folder = blocks_folder(log.database)
    return None if are_off() or not folder.is_local else Path(folder.path, ROOTS)


def _read(file: Path) -> list[_Stretch]:
    """Return what is kept, nothing where it cannot be read."""
    try:
        if not file.is_file() or file.stat().st_size > BYTES_AT_MOST:
            return []
        return msgspec.json.decode(file.read_bytes(), type=list[_Stretch])
    except (OSError, msgspec.MsgspecError):
        return []


def _holding(log: EventLog, kept: list[_Stretch]) -> list[_Stretch]:
    """Return the first stretches at whose ends the log has their digests."""
    ends = [number * STRETCH for number in range(1, len(kept) + 1)]
    there = log.digests_at(ends)
    for number, (end, each) in enumerate(zip(ends, kept, strict=True)):
        if there.get(end) != each.digest or len(each.root) != len(each.digest) or not _is_hex(each.root):
            return kept[:number]
    return kept


def _is_hex(text: str) -> bool:
    return not set(text) - set("0123456789abcdef")


def _stretch(log: EventLog, number: int) -> _Stretch:
    after = number * STRETCH
    digests = digests_of(log, after, after + STRETCH)
    return _Stretch(root(digests).hex(), digests[-1].hex())


def _keep(file: Path, stretches: list[_Stretch]) -> None:
    """Keep stretches for the next time, where that can be done."""
    new = file.with_name(f".{file.name}.{uuid4().hex}")
    with suppress(OSError):
        try:
            with new_bytes(new) as written:
                written.write(msgspec.json.encode(stretches))
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
