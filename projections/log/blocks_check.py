"""Blocks held against the log: whether what is kept decoded is what the log says, value by value.

The digests of a block show what was damaged. Whoever rewrote one with all its digests is found out only by decoding the
log once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from projections.columns.arrow import ArrowTable, ArrowType
from projections.log.block_files import is_there, merged, sorted_groups
from projections.log.blocks import blocks_anew, sealed_blocks
from projections.log.layouts import EVENT_LAYOUTS
from registry.store.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.log.block_files import KindFile
    from projections.log.blocks import Sealed
    from registry.store.log import EventLog


class BlocksCheck(NamedTuple):
    """How many blocks there are that a reader would use, and the first thing in each that is not as the log says."""

    blocks: int
    problems: tuple[Damage, ...]


def check_blocks(log: EventLog) -> BlocksCheck:
    """Decode the log anew and hold the blocks that are used for it against that.

    Those that are not used, as they are damaged or of another log, are none of them. Raises `TemporaryFilesError`.
    """
    there = sealed_blocks(log, extend=False)
    problems = []
    for sealed in there:
        anew = blocks_anew(log, after=sealed.block.after, until=sealed.end, least=1)
        if difference := next(_differences(sealed, anew), None):
            place = f"the block {sealed.name} in {sealed.folder}"
            problems.append(Damage(difference.position, f"{place}: {difference.what}; delete it, and it is made anew"))
    return BlocksCheck(len(there), tuple(problems))


def _differences(sealed: Sealed, anew: Sequence[Sealed]) -> Iterator[Damage]:
    """Yield what of a block is not as the blocks that were made of its stretch of the log have it."""
    erasures = tuple(position for each in anew for position in each.block.erasures)
    if sealed.block.erasures != erasures:
        yield Damage(sealed.block.after + 1, "it names other erasures than the log")
    for kind in EVENT_LAYOUTS:
        sources = [each.file(kind) for each in anew if is_there(kind, each.block.footers)]
        expected = sorted_groups(merged(sources)) if sources else iter(())
        file = sealed.file(kind) if is_there(kind, sealed.block.footers) else None
        try:
            difference = first_difference(_groups(file) if file else (), expected) or (file and _wrong_end(file))
        except (OSError, pa.ArrowException):  # readers notice that, and decode the log
            continue
        if difference:
            yield Damage(difference.position, f"{kind}: {difference.what}")


def _groups(file: KindFile) -> Iterator[ArrowTable]:
    for number in range(len(file.ends_of_groups())):
        yield file.read_group(number)


def _wrong_end(file: KindFile) -> Damage | None:
    """Return where a row group says that it is about other patients than it is, by which ranges of them are found."""
    for ends, events in zip(file.ends_of_groups(), _groups(file)):
        patients = events["patient"]
        if events.num_rows and ends != (patients[0].as_py(), patients[-1].as_py()):
            return Damage(_position(events, 0), "rows that are said to be about other patients")
    return None


def first_difference(found: Iterable[ArrowTable], expected: Iterable[ArrowTable]) -> Damage | None:
    """Return the position and the column of the first row that is not as expected, None where there is none.

    Both are the same rows in the same order, in any pieces.
    """
    one, other = _Rows(found), _Rows(expected)
    while True:
        n = min(one.waiting(), other.waiting())
        if not n:
            break
        if difference := _difference(one.take(n), other.take(n)):
            return difference
    if one.waiting():
        return Damage(_position(one.take(1), 0), "a row that the log does not have")
    if other.waiting():
        return Damage(_position(other.take(1), 0), "a row of the log is missing")
    return None


class _Rows:
    """Rows that come in pieces, and are taken in others."""

    def __init__(self, pieces: Iterable[ArrowTable]) -> None:
        self._pieces = iter(pieces)
        self._rest: ArrowTable | None = None

    def waiting(self) -> int:
        """Return how many rows can be taken at once, 0 at the end."""
        while self._rest is None or not self._rest.num_rows:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = pa.table({name: piece[name].cast(_plain(piece[name].type)) for name in piece.column_names})
        return int(self._rest.num_rows)

    def take(self, n: int) -> ArrowTable:
        """Return the next rows."""
        assert self._rest is not None
        taken, self._rest = self._rest.slice(0, n), self._rest.slice(n)
        return taken


def _difference(one: ArrowTable, other: ArrowTable) -> Damage | None:
    """Return the first row in which two tables of as many rows differ, and the first column there."""
    rows = {name: _first_unlike(one.select([name]), other.select([name])) for name in one.column_names}
    row = min(rows.values())
    if row == one.num_rows:
        return None
    name = next(name for name in one.column_names if rows[name] == row)
    if name in ("position", "patient"):
        return Damage(min(_position(one, row), _position(other, row)), "a row is in one of the two alone")
    return Damage(_position(other, row), f"column {name} has another value than the log")


def _first_unlike(one: ArrowTable, other: ArrowTable) -> int:
    """Return the first row in which two columns differ; their length where they do not."""
    alike, unlike = 0, one.num_rows + 1
    while unlike - alike > 1:
        middle = (alike + unlike) // 2
        if one.slice(alike, middle - alike).equals(other.slice(alike, middle - alike)):
            alike = middle
        else:
            unlike = middle
    return alike


def _position(rows: ArrowTable, row: int) -> int:
    return int(rows["position"][row].as_py())


def _plain(kind: ArrowType) -> ArrowType:
    """Return the type of the same values without codes for them."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.list_(_plain(kind.value_type)) if pa.types.is_list(kind) else kind
