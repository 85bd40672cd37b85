"""Segments: the decoded events of sealed stretches of the log, kept as Parquet, so that the log is decoded once.

A segment is a folder `FIRST-LAST-TOKEN` with one file a kind of fact, its rows by patient and position, and
`segment.json`: the format, the stretch, the log's digest at its end, where the log ended when it was read, and which
events of the stretch were erasures. It appears by one rename, and is never changed.

Before segments are used, the log's digests at their ends must be theirs, and no erasure may have been recorded since
one was read: its payloads may be gone. What disagrees is left aside and made anew, as are segments of another format.
Nothing depends on them: where they cannot be read or written, the log is decoded.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from projections.decoding import decoded_stretches
from projections.segment_files import read_kind, write_kind
from registry.events import ERASURE
from registry.store.payload_lines import payload_lines
from registry.store.segments_folder import segments_folder

if TYPE_CHECKING:
    from projections.segment_files import Patients
    from registry.store.log import EventLog

FORMAT: Final = 2  # of the files and of what the decoder makes: a segment of another number is not read
SEGMENT: Final = "segment.json"
EVENTS_AT_MOST: Final = 250_000  # in one segment: what is decoded and held at once while they are made
TAIL_EVENTS: Final = 50_000  # decoded in less than half a second; a shorter end of the log is not worth a file


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in `segment.json`: events after position `after` up to `last`, and the log's digest there, in hex.

    `known` is the position up to which the log stood when it was read, `erasures` the positions of the erasures in it.
    """

    format: int
    after: int
    last: int
    digest: str
    known: int
    erasures: tuple[int, ...]
    kinds: tuple[str, ...]


class Sealed(msgspec.Struct, frozen=True):
    """A segment that may be used, and its folder."""

    segment: Segment
    folder: Path

    def read(self, kind: str, patients: Patients | None = None) -> Any | None:
        """Return the events of a kind of fact, None where there are none; with `patients` those of a range of them.

        Raises `OSError` or an exception of Arrow where they cannot be read.
        """
        return read_kind(self.folder, kind, patients) if kind in self.segment.kinds else None


def sealed_segments(log: EventLog, *, extend: bool = True) -> list[Sealed]:
    """Return segments that together hold the log from its first event on, after sealing the end where it is long.

    Their columns end where the last of them ends, at most `TAIL_EVENTS` before the end of the log; there may be none.
    """
    folder, head = segments_folder(log.database), log.head()
    found = _usable(log, folder)
    end = found[-1].segment.last if found else 0
    if extend and head.position - end >= TAIL_EVENTS:
        with suppress(OSError, pa.ArrowException):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _remove_unusable(folder, found)
            while head.position - end >= TAIL_EVENTS:
                found.append(_seal(log, folder, end, min(end + EVENTS_AT_MOST, head.position)))
                end = end_of(found[-1])
    return found


def _usable(log: EventLog, folder: Path) -> list[Sealed]:
    """Return the segments that follow each other from the first event on and agree with the log."""
    there = [each for path in _folders(folder) if (each := _stated(path))]
    if not there:
        return []
    digests = log.digests_at({each.segment.last for each in there})
    chain: list[Sealed] = []
    end = 0
    while following := [
        each for each in there if each.segment.after == end and digests.get(end_of(each)) == each.segment.digest
    ]:
        chain.append(max(following, key=lambda each: (each.segment.last, each.segment.known)))
        end = end_of(chain[-1])
    erasures = [position for each in chain for position in each.segment.erasures] + log.positions_of(ERASURE, after=end)
    last_erasure = max(erasures, default=0)
    whole = next((n for n, each in enumerate(chain) if each.segment.known < last_erasure), len(chain))
    return chain[:whole]


def end_of(sealed: Sealed) -> int:
    """Return the position at which a segment ends."""
    return sealed.segment.last


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return []


def _stated(path: Path) -> Sealed | None:
    """Return the segment of a folder, None where it is none of this format."""
    try:
        segment = msgspec.json.decode((path / SEGMENT).read_bytes(), type=Segment)
    except (OSError, msgspec.MsgspecError):
        return None
    return Sealed(segment, path) if segment.format == FORMAT and segment.after < segment.last else None


def _seal(log: EventLog, folder: Path, after: int, last: int) -> Sealed:
    """Decode a stretch of the log and write it; the folder appears whole."""
    known, head = log.head().position, log.head_at(last)
    erasures = [position for position in log.positions_of(ERASURE, after=after) if position <= last]
    kinds: dict[str, list[Any]] = {}
    for stretch in decoded_stretches(payload_lines(log, after=after, until=last)):
        for kind, events in stretch.items():
            kinds.setdefault(kind, []).append(events)
    segment = Segment(
        format=FORMAT,
        after=after,
        last=last,
        digest=head.digest.hex(),
        known=known,
        erasures=tuple(erasures),
        kinds=tuple(kinds),
    )
    place = folder / f"{after + 1:012}-{last:012}-{token_hex(4)}"
    beside = folder / f".{place.name}"
    beside.mkdir(mode=0o700)
    try:
        for kind in list(kinds):
            write_kind(beside, kind, pa.concat_tables(kinds.pop(kind)))
        (beside / SEGMENT).write_bytes(msgspec.json.encode(segment))
        for path in (*beside.iterdir(), beside):
            _settle(path)
        beside.rename(place)
        _settle(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Sealed(segment, place)


def _settle(path: Path) -> None:
    """Have the system write a file or the entries of a folder down."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _remove_unusable(folder: Path, used: Sequence[Sealed]) -> None:
    """Remove what disagrees with the log or was left by a crash; a reader that still wants it decodes the log."""
    kept = {each.folder for each in used}
    for path in folder.iterdir():
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)
