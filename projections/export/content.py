"""The content hash of a table: SHA-256 over what it says, however it is stored.

Independent of chunks, parts, row groups, compression, dictionaries, offsets and of what lies in the slots of nulls.
`docs/exports.md` gives the algorithm byte for byte, for receivers; this is the same, a piece of a column at a time, so
that a column is gone through once for each of: which rows have values, the lengths of texts, the texts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from struct import pack
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, ArrowType, text_bytes

MARK: Final = b"spondyl content 1\n"
ROWS_AT_ONCE: Final = 1 << 17
TEXT_BYTES_AT_ONCE: Final = 1 << 26
NUMBERS: Final = {  # logical type: the type of as many bytes in which values are hashed, little-endian
    "date32": pa.int32(),
    "timestamp[us, UTC]": pa.int64(),
    "timestamp[us]": pa.int64(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
}
DECIMALS: Final = ("float", "double")
TEXTS: Final = (pa.string(), pa.large_string(), pa.string_view())


class Rows(NamedTuple):
    """The rows of a column, wherever they are: how many, of which Arrow type, and the arrays that they stand in.

    `arrays` begins anew at every call. `has_nulls` may be true where there are none, never the other way round.
    """

    n: int
    type: ArrowType
    has_nulls: bool
    arrays: Callable[[], Iterable[ArrowArray]]


def content_hash(table: ArrowTable) -> str:
    """Return the content hash of an Arrow table, 64 hexadecimal digits."""
    return hash_of_columns(table.column_names, lambda name: _rows(table[name]))


def hash_of_columns(names: Sequence[str], rows: Callable[[str], Rows]) -> str:
    """Return the content hash of a table of columns in order; several are gone through at once.

    Raises `ValueError` for a type that no exported table has, and for a double that is no number.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        return hash_of_digests(list(threads.map(lambda name: column_digest(name, rows(name)), names)))


def hash_of_digests(digests: Sequence[bytes]) -> str:
    """Return the content hash of a table by the digests of its columns in order."""
    return sha256(MARK + pack("<I", len(digests)) + b"".join(digests)).hexdigest()


def column_digest(name: str, rows: Rows) -> bytes:
    """Return what the content hash takes of one column, 32 bytes. Raises as that of the table."""
    kind = logical_type(rows.type)
    hashed = sha256()
    for text in (name, kind):
        encoded = text.encode()
        hashed.update(pack("<I", len(encoded)) + encoded)
    hashed.update(pack("<Q", rows.n))
    for piece in _validity(rows):
        hashed.update(piece)
    for piece in _values(kind, rows):
        hashed.update(piece)
    return hashed.digest()


def logical_type(kind: ArrowType) -> str:
    """Return the logical type of an Arrow type.

    Raises `ValueError` for a type that no exported table has.
    """
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if kind in TEXTS:
        return "string"
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and kind.value_type in TEXTS:
        return "list<string>"
    names = {
        pa.date32(): "date32",
        pa.timestamp("us", tz="UTC"): "timestamp[us, UTC]",
        pa.timestamp("us"): "timestamp[us]",
        pa.int16(): "int16",
        pa.int32(): "int32",
        pa.int64(): "int64",
        pa.float32(): "float",
        pa.float64(): "double",
        pa.bool_(): "bool",
    }
    if kind not in names:
        raise ValueError(f"{kind} is no type of an exported table")
    return names[kind]


def _rows(column: ArrowArray) -> Rows:
    return Rows(len(column), column.type, column.null_count > 0, lambda: column.chunks)


def _pieces(rows: Rows) -> Iterator[ArrowArray]:
    """Yield a column piece by piece, none so long that its texts do not fit into one array."""
    for array in rows.arrays():
        for start in range(0, len(array), ROWS_AT_ONCE):
            yield array.slice(start, ROWS_AT_ONCE)


def _validity(rows: Rows) -> Iterator[memoryview]:
    if rows.has_nulls:
        return _bits(piece.is_valid() for piece in _pieces(rows))
    return _bits(np.ones(min(ROWS_AT_ONCE, rows.n - start), dtype=bool) for start in range(0, rows.n, ROWS_AT_ONCE))


def _values(kind: str, rows: Rows) -> Iterator[memoryview]:
    """Yield the bytes of a column's values; a null has zeros, or length 0 and no bytes."""
    if kind == "string":
        yield from map(_lengths, _pieces(rows))
        yield from (texts for piece in _pieces(rows) for texts in _texts(piece))
    elif kind == "list<string>":
        yield from (_counts(pc.list_value_length(piece)) for piece in _pieces(rows))
        yield from (_lengths(piece.flatten()) for piece in _pieces(rows))
        yield from (texts for piece in _pieces(rows) for texts in _texts(piece.flatten()))
    elif kind == "bool":
        yield from _bits(_filled(piece, fill=False) for piece in _pieces(rows))
    else:
        yield from (_numbers(kind, piece) for piece in _pieces(rows))


def _lengths(texts: ArrowArray) -> memoryview:
    if pa.types.is_dictionary(texts.type):
        return _counts(pc.binary_length(texts.dictionary).cast(pa.int32()).take(texts.indices))
    return _counts(pc.binary_length(texts))


def _texts(texts: ArrowArray) -> Iterator[memoryview]:
    """Yield the bytes of texts, one after the other; never many at once, for a few that are coded can be many."""
    is_coded = pa.types.is_dictionary(texts.type)
    if is_coded and len(texts) > 1 and int(np.frombuffer(_lengths(texts), dtype=np.int32).sum()) > TEXT_BYTES_AT_ONCE:
        middle = len(texts) // 2
        yield from _texts(texts.slice(0, middle))
        yield from _texts(texts.slice(middle))
        return
    plain = texts.dictionary.take(texts.indices) if is_coded else texts
    yield text_bytes(_filled(plain.cast(pa.string()), fill=""))


def _counts(lengths: ArrowArray) -> memoryview:
    return _buffer(_filled(lengths.cast(pa.int32()), fill=0))


def _numbers(kind: str, values: ArrowArray) -> memoryview:
    if kind not in DECIMALS:
        return _buffer(_filled(values.cast(NUMBERS[kind]), fill=0))
    if pc.any(pc.is_nan(values)).as_py():
        raise ValueError(f"a {kind} that is no number has no content hash; a missing value is null")
    return _buffer(pc.add(_filled(values, fill=0.0), pa.scalar(0.0, values.type)))  # -0.0 is 0.0


def _filled(array: ArrowArray, *, fill: object) -> ArrowArray:
    return array.fill_null(fill) if array.null_count else array


def _buffer(array: ArrowArray) -> memoryview:
    """Return the bytes of numbers without nulls, one after the other, as little-endian machines keep them."""
    width = array.type.bit_width // 8
    return memoryview(array.buffers()[1])[array.offset * width : (array.offset + len(array)) * width]


def _bits(truths: Iterable[ArrowArray | npt.NDArray[np.bool_]]) -> Iterator[memoryview]:
    """Yield truths as bits, eight rows a byte, the first row in the lowest bit."""
    left = np.zeros(0, dtype=bool)
    for piece in truths:
        rows = np.concatenate([left, np.asarray(piece, dtype=bool)])
        whole = len(rows) // 8 * 8
        yield np.packbits(rows[:whole], bitorder="little").data
        left = rows[whole:]
    yield np.packbits(left, bitorder="little").data
