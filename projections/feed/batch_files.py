"""The files of a feed that say what it is: `feed.json`, `head.json`, and the `batch.json` of every batch.

Nothing in them depends on when or where they were written. `docs/feed.md` says to loaders what each key means.
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex
from typing import Final, Literal, TypeVar

import msgspec

from projections.errors import FeedError
from projections.export.manifest import Count, Digest, KnownAt, Part, as_json
from registry.atomic_folder import sync
from registry.given_files import given_bytes
from registry.new_files import why_of
from registry.private_files import new_bytes

FORMAT: Final = 1
CONTRACT: Final = 1  # of docs/feed.md: another number says that a loader has to be changed
FEED, HEAD, BATCH = "feed.json", "head.json", "batch.json"
BATCHES, CHANGES, EVENTS, ERASURES = "batches", "changes", "events", "erasures.parquet"
NOTHING: Final = "0" * 64  # the digest of the log before its first event, and the sum of no rows
FOLDER: Final = re.compile(
    r"(?P<after>\d{12})-(?P<until>\d{12})(?:\.(?P<repeat>\d{1,6}))?(?:~(?P<generation>\d{1,9}))?"
)
PART_PATH: Final = re.compile(r"(changes/[a-z][a-z0-9_]{0,62}|events)/part-[0-9]{5,12}\.parquet|erasures\.parquet")
BYTES_AT_MOST: Final = 1 << 28  # of one of these files: a head has some two hundred a batch
UNFINISHED: Final = ".unfinished."  # begins the name of a file that is being written beside its place
START: Final = KnownAt(position=0, recorded_at=None, digest=NOTHING)
Kind = TypeVar("Kind", bound="FeedFile | Head | Batch")


class FeedFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed is of: the registry, the tables in contract order, what becomes of who withdrew consent."""

    format: int
    registry: Digest
    tables: tuple[str, ...]
    withdrawn: Literal["keep", "exclude"]


class ListedBatch(msgspec.Struct, frozen=True, kw_only=True, rename={"after": "from", "until": "to"}):
    """A batch in the head's list: its positions, its folder within `batches`, SHA-256 of its `batch.json`."""

    after: Count
    until: Count
    folder: str
    sha256: Digest


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """How far a feed is: the last position with its digest and recorded instant, and its batches in order.

    `generation` counts how often the folder was rewritten since somebody was erased.
    """

    format: int
    generation: Count
    position: Count
    digest: Digest
    recorded_at: datetime | None
    batches: tuple[ListedBatch, ...]

    @property
    def at(self) -> KnownAt:
        """The position up to which it is."""
        return KnownAt(position=self.position, recorded_at=self.recorded_at, digest=self.digest)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a table were inserted, updated (a preimage and a postimage each), deleted."""

    insert: Count = 0
    update: Count = 0
    delete: Count = 0


class ChangedTable(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch does to a table: the rule and columns, counts, and the rows and their sum after it."""

    edition: Count
    columns: tuple[str, ...]
    key: tuple[str, ...]
    counts: Counts
    rows: Count
    row_sum: Digest
    parts: tuple[Part, ...]


class ChangedEvents(msgspec.Struct, frozen=True, kw_only=True):
    """The events of a batch: how many events there are after it, the sum over them, the parts with those in it."""

    edition: Count
    columns: tuple[str, ...]
    rows: Count
    row_sum: Digest
    parts: tuple[Part, ...]


class Erasures(msgspec.Struct, frozen=True, kw_only=True):
    """The streams of which something was erased in the step, in one part; none where nothing was."""

    rows: Count
    parts: tuple[Part, ...]


class Batch(msgspec.Struct, frozen=True, kw_only=True, rename={"after": "from", "until": "to"}):
    """The net change from one position of the log to another; one that is `restated` begins where it ends."""

    format: int
    spondyl: str
    registry: Digest
    withdrawn: Literal["keep", "exclude"]
    contract: Count
    generation: Count
    restated: bool
    after: KnownAt
    until: KnownAt
    tables: dict[str, ChangedTable]
    events: ChangedEvents
    erasures: Erasures

    @property
    def parts(self) -> tuple[Part, ...]:
        """All its files beside `batch.json`."""
        tables = [part for table in self.tables.values() for part in table.parts]
        return (*tables, *self.events.parts, *self.erasures.parts)


def read_feed(folder: Path) -> FeedFile:
    """Return what a feed is of. Raises `FeedError` for a folder that is none, or none that this version knows."""
    if not _is_file(folder / FEED):
        raise FeedError(folder, f"is no feed: it has no {FEED}; make one with spondyl feed init")
    return _read(folder / FEED, FeedFile)


def read_head(folder: Path) -> Head:
    """Return how far a feed is.

    Raises `FeedError` where that cannot be read, and where the batches in its list do not follow one another.
    """
    head = _read(folder / HEAD, Head)
    position = 0
    for listed in head.batches:
        if FOLDER.fullmatch(listed.folder) is None:
            raise FeedError(folder / HEAD, f"{listed.folder!r} is no folder of a batch")
        if listed.after != position or listed.until < listed.after:
            raise FeedError(folder / HEAD, f"{listed.folder} does not begin at @{position:,}, where the last one ended")
        position = listed.until
    if position != head.position:
        raise FeedError(folder / HEAD, f"says @{head.position:,}, its last batch ends at @{position:,}")
    return head


def read_batch(folder: Path, listed: ListedBatch) -> Batch:
    """Return a batch of a feed in a folder, of which the head says `listed`; its parts are not looked at.

    Raises `FeedError` where its `batch.json` cannot be read, or is not the one that the head lists.
    """
    file = batch_folder(folder, listed) / BATCH
    content = _content(file)
    if (found := sha256(content).hexdigest()) != listed.sha256:
        raise FeedError(file, f"has other bytes: sha256 is {found}, {HEAD} says {listed.sha256}")
    batch = _decoded(file, content, Batch)
    if batch.contract > CONTRACT:
        raise FeedError(file, f"is of contract {batch.contract}, this spondyl knows {CONTRACT}; use a newer spondyl")
    if (batch.after.position, batch.until.position) != (listed.after, listed.until):
        found_at = f"@{batch.after.position:,} to @{batch.until.position:,}"
        raise FeedError(file, f"is from {found_at}, {HEAD} says @{listed.after:,} to @{listed.until:,}")
    for part in batch.parts:
        if not PART_PATH.fullmatch(part.path):
            raise FeedError(file, f"{part.path!r} is no path of a part")
    return batch


def check_feed(file: Path, feed: FeedFile, batch: Batch) -> None:
    """Raise `FeedError` where a batch, whose `batch.json` is `file`, is of another registry, or of another feed of it.

    That is one that has other tables, or in which something else becomes of who withdrew consent.
    """
    if batch.registry != feed.registry:
        raise FeedError(file, f"is of registry {batch.registry}, the feed of {feed.registry}")
    if batch.withdrawn != feed.withdrawn:
        raise FeedError(file, f"says {batch.withdrawn} of patients who withdrew, {FEED} says {feed.withdrawn}")
    found = (*batch.tables, *((EVENTS,) if EVENTS in feed.tables else ()))
    if found != feed.tables:
        raise FeedError(file, f"has the tables {', '.join(found)}; the feed {', '.join(feed.tables)}")


def check_parts(folder: Path, listed: ListedBatch, batch: Batch) -> None:
    """Raise `FeedError` for the first part of a batch that is missing or has other bytes than `batch.json` says."""
    for part in batch.parts:
        file = batch_folder(folder, listed) / part.path
        if not _is_file(file):
            raise FeedError(file, "is missing: the batch is not whole; copy the folder anew")
        if (size := file.stat().st_size) != part.bytes:
            raise FeedError(file, f"has {size:,} bytes, {BATCH} says {part.bytes:,}; copy the folder anew")
        with file.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
        if digest != part.sha256:
            raise FeedError(file, f"has other bytes: sha256 is {digest}, {BATCH} says {part.sha256}")


def batch_folder(folder: Path, listed: ListedBatch) -> Path:
    """Return the folder of a batch of a feed."""
    return folder / BATCHES / listed.folder


def put_file(path: Path, content: bytes) -> None:
    """Have a file hold some bytes from one instant to the next, whatever it held before; it is for its owner alone."""
    unfinished = path.with_name(f"{UNFINISHED}{token_hex(4)}")
    write_file(unfinished, content)
    unfinished.replace(path)
    sync(path.parent)


def write_file(path: Path, content: bytes) -> None:
    """Write a new file for its owner alone, and have the system write it down."""
    with new_bytes(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def encoded(stated: FeedFile | Head | Batch) -> bytes:
    """Return the bytes of a file of a feed: the same for the same content."""
    return as_json(stated)


def _is_file(place: Path) -> bool:
    """Return whether a file is there. Raises `FeedError` where the system does not say, as of a name too long."""
    try:
        return place.is_file()
    except OSError as error:
        raise FeedError(place, f"cannot be read: {why_of(error)}") from None


def _read(file: Path, kind: type[Kind]) -> Kind:
    return _decoded(file, _content(file), kind)


def _content(file: Path) -> bytes:
    try:
        return given_bytes(file, at_most=BYTES_AT_MOST)
    except OSError as error:
        raise FeedError(file, f"cannot be read: {why_of(error)}") from None


def _decoded(file: Path, content: bytes, kind: type[Kind]) -> Kind:
    try:
        stated = bytes(msgspec.json.decode(content, type=dict[str, msgspec.Raw]).get("format", b"none")).decode()
        if stated != str(FORMAT):
            raise FeedError(file, f"has format {stated[:20]}, this spondyl reads {FORMAT}; use the one that wrote it")
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedError(file, f"is none of a feed: {error}") from None
