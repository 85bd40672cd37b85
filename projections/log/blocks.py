"""Blocks: the decoded events of sealed stretches of the log, kept as Parquet, so that the log is decoded once.

A block is a folder `FIRST-LAST-TOKEN` with one file a kind of fact, its rows by patient and position, and
`block.json`: the format, the stretch, the log's digest at its end, where the log ended when it was read, which events
of the stretch were erasures, and the digests of the footers; in the last line the digest of all that. That file is
written last and makes it a block, on any filesystem of Arrow; what a crash left without it is removed. A block is
never changed. Those at the end that are together as long as the one before them are merged with it: so there are few,
whatever the length of the log, and a range of patients is read from few files.

Before blocks are used, the log's digests at their ends must be theirs, and no erasure may have been recorded since
one was read: its payloads may be gone. What disagrees is left aside and made anew, as are blocks of another format
and those that are damaged. Nothing depends on them: where they cannot be read or written, the log is decoded.

The digests show what was damaged. Whoever may write there can rewrite a block and all its digests: who must not rely on
that asks for `blocks_anew`, which nobody else can reach, or has `blocks_check` hold the blocks against the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise
from secrets import token_hex
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import msgspec
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.log.block_files import KindFile, is_there, merged, write_kind
from projections.log.decoding import decoded_log
from projections.log.layouts import EVENT_LAYOUTS
from projections.log.unnamed_files import UnnamedFiles
from registry.domain.events import ERASURE
from registry.store.blocks_folder import are_off, blocks_folder, remove_former_blocks

if TYPE_CHECKING:
    from projections.log.block_files import FilesOfBlocks, Patients
    from registry.store.blocks_folder import BlocksFolder
    from registry.store.log import EventLog

FORMAT: Final = 4  # of the files and of what the decoder makes: a block of another number is not read
BLOCK: Final = "block.json"
EVENTS_AT_MOST: Final = 250_000  # in one block: what is decoded and held at once while they are made
BYTES_AT_MOST: Final = 1 << 24  # of what a block says of itself: a position of an erasure has some ten
TAIL_EVENTS: Final = 50_000  # decoded in less than half a second; a shorter end of the log is not worth a file


Position = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in `block.json`: events after position `after` up to `last`, and the log's digest there, in hex.

    `known` is the position up to which the log stood when it was read, `erasures` the positions of the erasures in it,
    `footers` the digest of the footer of each file.
    """

    format: int
    after: Position
    last: Position
    digest: str
    known: Position
    erasures: tuple[Position, ...]
    footers: dict[str, str]


class Sealed(NamedTuple):
    """A block that may be used, and where it is."""

    block: Block
    folder: FilesOfBlocks
    name: str

    @property
    def end(self) -> int:
        """The position at which it ends."""
        return self.block.last

    def read(self, kind: str, patients: Patients | None = None) -> ArrowTable | None:
        """Return the events of a kind of fact, None where there are none; with `patients` those of a range of them.

        Raises `OSError` or an exception of Arrow where they cannot be read.
        """
        return self.file(kind).read(patients) if is_there(kind, self.block.footers) else None

    def places(self, kind: str) -> ArrowTable | None:
        """Return only the `patient` and `position` of the events of a kind of fact. Raises as `read`."""
        return self.file(kind).places() if is_there(kind, self.block.footers) else None

    def remove_here(self) -> None:
        """Remove a block that cannot be read; it is made anew when blocks are wanted again.

        One on another machine is left: that it cannot be read may be the network's fault.
        """
        if self.folder.is_local:
            self.remove()

    def remove(self) -> None:
        """Remove the block, if that can be done."""
        with suppress(OSError):
            self.folder.remove(self.name)

    def file(self, kind: str) -> KindFile:
        """Return the file with the events of a kind, which need not be there."""
        return KindFile(self.folder, self.name, kind, self.block.after, self.block.last, self.block.footers)


def sealed_blocks(log: EventLog, *, extend: bool = True, whole: bool = False) -> list[Sealed]:
    """Return blocks that together hold the log from its first event on, after sealing the end where it is long.

    Their columns end where the last of them ends, at most `TAIL_EVENTS` before the end of the log; there may be none.
    With `whole` they end where the log ends. There are none where blocks are off. Raises `FormatError` for a folder
    that Arrow cannot use; with `whole` also `OSError` where they cannot be written.
    """
    if are_off():
        return []
    folder, head = blocks_folder(log.database), log.head()
    sealed = _usable(log, folder)
    least = 1 if whole else TAIL_EVENTS
    with suppress(*(() if whole else (OSError, pa.ArrowException))):
        if extend:
            _extend(log, folder, sealed, until=head.position, least=least)
    return sealed


def blocks_anew(log: EventLog, *, after: int = 0, until: int, least: int | None = None) -> list[Sealed]:
    """Return blocks of a stretch of the log that are decoded now, into files that nobody else can reach.

    They end where fewer than `least` events are left, by default `TAIL_EVENTS`; there may be none. Raises
    `TemporaryFilesError`.
    """
    files, sealed, end = UnnamedFiles(), list[Sealed](), after
    while until - end >= (TAIL_EVENTS if least is None else least):
        sealed.append(_seal(log, files, end, min(end + EVENTS_AT_MOST, until)))
        end = sealed[-1].end
    return sealed


def _extend(log: EventLog, folder: BlocksFolder, sealed: list[Sealed], *, until: int, least: int) -> None:
    """Seal what follows the blocks found, if it has at least so many events, and merge what has become many."""
    end = sealed[-1].end if sealed else 0
    if until - end < least and not _short_ones(sealed):
        return
    remove_former_blocks(log.database)
    _remove_unusable(folder, sealed)
    while until - end >= least:
        sealed.append(_seal(log, folder, end, min(end + EVENTS_AT_MOST, until)))
        end = sealed[-1].end
    if short := _short_ones(sealed):
        sealed[-len(short) :] = [_merge(folder, short)]


def _usable(log: EventLog, folder: BlocksFolder) -> list[Sealed]:
    """Return the blocks that follow each other from the first event on and agree with the log."""
    try:
        there = [each for name in folder.names() if (each := _stated(folder, name))]
    except OSError:
        there = []
    if not there:
        return []
    digests, head = log.digests_at({each.end for each in there}), log.head().position
    beginning: defaultdict[int, list[Sealed]] = defaultdict(list)
    for each in there:
        if digests.get(each.end) == each.block.digest and each.block.known <= head:
            beginning[each.block.after].append(each)
    chain: list[Sealed] = []
    end = 0
    while following := beginning.get(end):
        chain.append(max(following, key=lambda each: (each.end, each.block.known)))
        end = chain[-1].end
    erasures = [position for each in chain for position in each.block.erasures] + log.positions_of(ERASURE, after=end)
    last_erasure = max(erasures, default=0)
    whole = next((n for n, each in enumerate(chain) if each.block.known < last_erasure), len(chain))
    return chain[:whole]


def _stated(folder: BlocksFolder, name: str) -> Sealed | None:
    """Return the block of a name, None where it is none of this format, or not finished."""
    try:
        content, _, digest = folder.read(name, BLOCK, at_most=BYTES_AT_MOST).rpartition(b"\n")
        if digest != _digest(content):
            return None
        block = msgspec.json.decode(content, type=Block)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return Sealed(block, folder, name) if block.format == FORMAT and block.after < block.last else None


def _short_ones(chain: Sequence[Sealed]) -> Sequence[Sealed]:
    """Return the blocks at the end that are to be one: the first is no longer than the rest of them together."""
    ends = [0, *(each.end for each in chain)]
    for number, (begin, end) in enumerate(pairwise(ends)):
        if end - begin <= ends[-1] - end:
            return chain[number:]
    return ()


def _seal(log: EventLog, folder: FilesOfBlocks, after: int, last: int) -> Sealed:
    """Decode a stretch of the log and write it."""
    known, head = log.head().position, log.head_at(last)
    erasures = log.positions_of(ERASURE, after=after, until=last)
    kinds = decoded_log(log, after=after, until=last)
    block = Block(
        format=FORMAT,
        after=after,
        last=last,
        digest=head.digest.hex(),
        known=known,
        erasures=tuple(erasures),
        footers={},
    )
    return _written(folder, block, {kind: [pa.concat_tables(pieces)] for kind, pieces in kinds.items()})


def _merge(folder: BlocksFolder, sources: Sequence[Sealed]) -> Sealed:
    """Write blocks that follow each other as one. Who reads them still finds them, until more is sealed."""
    stated = [source.block for source in sources]
    block = Block(
        format=FORMAT,
        after=stated[0].after,
        last=stated[-1].last,
        digest=stated[-1].digest,
        known=min(each.known for each in stated),
        erasures=tuple(position for each in stated for position in each.erasures),
        footers={},
    )
    files = {
        kind: [each.file(kind) for each in sources if is_there(kind, each.block.footers)] for kind in EVENT_LAYOUTS
    }
    return _written(folder, block, {kind: merged(of_kind) for kind, of_kind in files.items() if of_kind})


def _written(folder: FilesOfBlocks, block: Block, kinds: Mapping[str, Iterable[ArrowTable]]) -> Sealed:
    """Write a block, given its events by kind and ascending ranges of patients: what it is comes last."""
    name = f"{block.after + 1:012}-{block.last:012}-{token_hex(4)}"
    folder.create(name)
    sealed = Sealed(block, folder, name)
    try:
        for kind, pieces in kinds.items():
            block.footers.update(write_kind(folder, name, kind, pieces))
        with folder.written(name, BLOCK) as file:
            content = msgspec.json.encode(block)
            file.write(content + b"\n" + _digest(content))
    except BaseException:
        sealed.remove()
        raise
    return sealed


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()


def _remove_unusable(folder: BlocksFolder, used: Sequence[Sealed]) -> None:
    """Remove what disagrees with the log or was left by a crash; a reader that still wants it decodes the log."""
    for name in set(folder.names()) - {each.name for each in used}:
        folder.remove(name)
