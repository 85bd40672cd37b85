"""What a receiver compares a whole table by: the sum, over patients, of the SHA-256 of each one's rows.

A patient's bytes are those of the columns in the order of the table, as `content_hash` has them, each with its header:
u32 length of the name ‖ name ‖ u32 length of the type ‖ type ‖ u64 number of rows ‖ validity ‖ values. The rows are in
the order of their `_row_key`. The digest is a number, its first byte counting most; sums are modulo 2²⁵⁶. So the sum of
a table is changed by the patients whose rows change, and nobody else's are looked at. Events are summed row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from hashlib import sha256
from itertools import pairwise
from struct import pack
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, text_bytes
from projections.columns.coded import changes
from projections.columns.tables import Table
from projections.export.content import NUMBERS, logical_type
from projections.feed.row_keys import RowKeys

MODULUS: Final = 1 << 256
Bounds = npt.NDArray[np.int64]  # the first row of each group, and the number of all rows at the end
Pieces = Sequence[bytes | memoryview]  # one for each group


class RowSum(NamedTuple):
    """How many rows there are, and the sum over those whose they are; sums of different patients are added."""

    rows: int = 0
    sum: int = 0

    def plus(self, other: RowSum) -> RowSum:
        """Return the sum over both."""
        return RowSum(self.rows + other.rows, (self.sum + other.sum) % MODULUS)

    def minus(self, other: RowSum) -> RowSum:
        """Return the sum without some that are in it."""
        return RowSum(self.rows - other.rows, (self.sum - other.sum) % MODULUS)

    @property
    def hex(self) -> str:
        """The sum in 64 hexadecimal digits."""
        return f"{self.sum:064x}"

    @classmethod
    def read(cls, rows: int, digits: str) -> RowSum:
        """Return a sum from the hexadecimal digits of it."""
        return cls(rows, int(digits, 16))


NO_ROWS: Final = RowSum()


def row_sum(rows: ArrowTable, table: Table) -> RowSum:
    """Return the sum over all patients of rows, in whatever order; columns that the table does not have do not count.

    Of each patient all rows have to be there.
    """
    own = rows.select([column.name for column in table.columns])
    order = RowKeys.of(own, table.key).order
    return sum_in_order(own if order is None else own.take(pa.array(order)), table)


def sum_in_order(rows: ArrowTable, table: Table) -> RowSum:
    """Return the sum over all patients of rows that are in the order of their keys, and have the table's columns."""
    if not rows.num_rows:
        return NO_ROWS
    if table.key[0] != "patient":
        return _summed(rows.num_rows, _each_row(rows))
    bounds = np.append(_starts(rows["patient"]), rows.num_rows).astype(np.int64)
    return _summed(rows.num_rows, map(b"".join, zip(*_pieces(rows, bounds))))


def _summed(rows: int, groups: Iterable[bytes | memoryview]) -> RowSum:
    return RowSum(rows, sum(int.from_bytes(sha256(group).digest()) for group in groups) % MODULUS)


def _each_row(rows: ArrowTable) -> Iterator[memoryview]:
    """Yield the bytes of each row as those of a group of one, all of which are made at once."""
    joined = pc.binary_join_element_wise(*(part for name in rows.column_names for part in _of_one(name, rows)), b"")
    for chunk in joined.chunks if isinstance(joined, pa.ChunkedArray) else [joined]:
        content, ends = text_bytes(chunk), pc.binary_length(chunk).to_numpy().cumsum().tolist()
        yield from (content[start:end] for start, end in zip([0, *ends], ends))


def _of_one(name: str, rows: ArrowTable) -> tuple[ArrowArray, ...]:
    """Return, of a column, what stands before each row's value, its length where it is a text, and itself."""
    column = rows[name].combine_chunks()
    kind = logical_type(column.type)
    header = pa.scalar(_begin(name, kind) + pack("<Q", 1), pa.binary())
    is_there = pc.if_else(column.is_valid(), pa.scalar(b"\x01", pa.binary()), pa.scalar(b"\x00", pa.binary()))
    if kind == "string":
        texts = _filled(column.cast(pa.string()), "")
        return header, is_there, _as_bytes(pc.binary_length(texts)), texts.cast(pa.binary())
    return header, is_there, _as_bytes(_filled(column.cast(NUMBERS[kind]), 0))


def _as_bytes(numbers: ArrowArray) -> ArrowArray:
    """Return the bytes of each number."""
    values = np.ascontiguousarray(numbers.to_numpy())
    width = pa.binary(values.itemsize)
    return pa.Array.from_buffers(width, len(values), [None, pa.py_buffer(values)]).cast(pa.binary())


def _starts(patients: ArrowArray) -> npt.NDArray[np.intp]:
    """Return the first row of each patient, whose rows stand together."""
    encoded = patients if pa.types.is_dictionary(patients.type) else patients.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    return np.flatnonzero(changes(encoded.indices.to_numpy()))


class _Groups:
    """Groups of rows that follow one another, by their `bounds`."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.lengths = np.diff(bounds)

    def bits(self, truths: ArrowArray) -> list[memoryview]:
        """Return each group's truths as bits, eight rows a byte, the first row in the lowest bit of the first byte."""
        spread = np.zeros(int(self._bytes[-1]) * 8, dtype=bool)
        spread[self._places] = truths.to_numpy(zero_copy_only=False)
        return _slices(np.packbits(spread, bitorder="little"), self._bytes)

    @cached_property
    def _bytes(self) -> Bounds:
        """The first byte of each group, and the number of all at the end."""
        return np.concatenate([[0], np.cumsum((self.lengths + 7) // 8)])

    @cached_property
    def _places(self) -> npt.NDArray[np.int64]:
        """The place of each row among the bits."""
        return np.arange(self.bounds[-1]) + np.repeat(self._bytes[:-1] * 8 - self.bounds[:-1], self.lengths)


def _pieces(rows: ArrowTable, bounds: Bounds) -> Iterator[Pieces]:
    """Yield the bytes of each group of rows, piece by piece: what stands before the values of a column, then these."""
    groups = _Groups(bounds)
    lengths = groups.lengths.tolist()
    for name in rows.column_names:
        column = rows[name].combine_chunks()
        kind = logical_type(column.type)
        begin = _begin(name, kind)
        headers = {n: begin + pack("<Q", n) for n in set(lengths)}
        if column.null_count:
            yield [headers[n] + bits for n, bits in zip(lengths, groups.bits(column.is_valid()))]
        else:
            full = {n: header + _all_there(n) for n, header in headers.items()}
            yield [full[n] for n in lengths]
        yield from _values(kind, column, groups)


@cache
def _all_there(n: int) -> bytes:
    """Return the validity of n rows that all have a value."""
    return np.packbits(np.ones(n, dtype=bool), bitorder="little").tobytes()


def _begin(name: str, kind: str) -> bytes:
    """Return what stands before the number of rows of a column."""
    return b"".join(pack("<I", len(text)) + text for text in (name.encode(), kind.encode()))


def _values(kind: str, column: ArrowArray, groups: _Groups) -> Iterator[Pieces]:
    if kind == "string":
        yield from _texts(column, groups.bounds)
    elif kind == "list<string>":
        counts = _filled(pc.list_value_length(column).cast(pa.int32()), 0)
        yield _slices(counts.to_numpy(), groups.bounds)
        ends = np.concatenate([[0], np.cumsum(counts.to_numpy(), dtype=np.int64)])
        yield from _texts(column.flatten(), ends[groups.bounds])
    elif kind == "bool":
        yield groups.bits(_filled(column, False))
    else:
        values = _filled(column.cast(NUMBERS[kind]), 0).to_numpy()
        yield _slices(values + 0.0 if kind == "double" else values, groups.bounds)  # -0.0 is 0.0


def _texts(texts: ArrowArray, bounds: Bounds) -> Iterator[Pieces]:
    """Yield the lengths of each group's texts, and their bytes; a null is as long as the empty text."""
    lengths, there = _of_words(texts) if pa.types.is_dictionary(texts.type) else _of_texts(texts)
    yield _slices(lengths, bounds)
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])[bounds].tolist()
    content = text_bytes(there)
    yield [content[start:end] for start, end in pairwise(ends)]


def _of_texts(texts: ArrowArray) -> tuple[npt.NDArray[np.int32], ArrowArray]:
    """Return the length of each text, and the texts whose bytes end to end are those of all."""
    plain = _filled(texts, "")
    return pc.binary_length(plain).to_numpy(), plain


def _of_words(words: ArrowArray) -> tuple[npt.NDArray[np.int32], ArrowArray]:
    """Return the same of words that are kept as numbers: the length of each word is looked up."""
    length = np.append(pc.binary_length(words.dictionary).to_numpy(), np.int32(0))
    codes = words.indices
    lengths = length[_filled(codes, len(words.dictionary)).to_numpy()]
    return lengths, words.dictionary.take(codes.drop_null() if codes.null_count else codes)


def _slices(numbers: npt.NDArray[Any], bounds: Bounds) -> list[memoryview]:
    """Return the bytes of each group's numbers."""
    ends = (bounds * numbers.itemsize).tolist()
    content = np.ascontiguousarray(numbers).view(np.uint8).data
    return [content[start:end] for start, end in pairwise(ends)]


def _filled(array: ArrowArray, value: object) -> ArrowArray:
    return array.fill_null(value) if array.null_count else array
