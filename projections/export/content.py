"""The content hash of a table: SHA-256 over what it says, however it is stored.

Independent of chunks, parts, row groups, compression, dictionaries, offsets and of what lies in the slots of nulls.
`docs/exports.md` gives the algorithm byte for byte, for receivers; this is the same on whole columns.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from struct import pack
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MARK: Final = b"spondyl content 1\n"
ROWS_AT_ONCE: Final = 1 << 20
NUMBERS: Final = {  # logical type: bytes of one value, little-endian
    "date32": "<i4",
    "timestamp[us, UTC]": "<i8",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
    "double": "<f8",
}
TEXTS: Final = (pa.string(), pa.large_string(), pa.string_view())


def content_hash(table: Any) -> str:
    """Return the content hash of an Arrow table, 64 hexadecimal digits."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        digests = list(threads.map(_column_digest, table.column_names, table.columns))
    return sha256(MARK + pack("<I", len(digests)) + b"".join(digests)).hexdigest()


def logical_type(kind: Any) -> str:
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
        pa.int16(): "int16",
        pa.int32(): "int32",
        pa.int64(): "int64",
        pa.float64(): "double",
        pa.bool_(): "bool",
    }
    if kind not in names:
        raise ValueError(f"{kind} is no type of an exported table")
    return names[kind]


def _column_digest(name: str, column: Any) -> bytes:
    kind = logical_type(column.type)
    hashed = sha256()
    for text in (name, kind):
        encoded = text.encode()
        hashed.update(pack("<I", len(encoded)) + encoded)
    hashed.update(pack("<Q", len(column)))
    hashed.update(_bits([piece.is_valid() for piece in _pieces(column)]))
    for part in _values(kind, column):
        hashed.update(part)
    return hashed.digest()


def _values(kind: str, column: Any) -> Iterator[Any]:
    """Yield the bytes of a column's values; a null has zeros, or length 0 and no bytes."""
    if kind == "string":
        yield from _texts(column)
    elif kind == "list<string>":
        for piece in _pieces(column):
            yield _counted(pc.list_value_length(piece))
        yield from _texts(pa.chunked_array([piece.flatten() for piece in _pieces(column)], column.type.value_type))
    elif kind == "bool":
        yield _bits([piece.fill_null(False) for piece in _pieces(column)])
    else:
        for piece in _pieces(column):
            yield _numbers(kind, piece)


def _texts(column: Any) -> Iterator[Any]:
    for piece in _pieces(column):
        if pa.types.is_dictionary(piece.type):
            lengths = pc.binary_length(piece.dictionary).take(piece.indices)
            yield _counted(lengths)
        else:
            yield _counted(pc.binary_length(piece))
    for piece in _pieces(column):
        yield _bytes(piece.cast(pa.string()).fill_null(""))


def _numbers(kind: str, piece: Any) -> bytes:
    width = np.dtype(NUMBERS[kind])
    plain = piece if kind == "double" else piece.cast(pa.int64() if width.itemsize == 8 else pa.int32(), safe=True)
    values = plain.fill_null(0).to_numpy(zero_copy_only=False)
    if kind == "double":
        if np.isnan(values).any():
            raise ValueError("a double that is no number has no content hash; a missing value is null")
        values = values + 0.0  # -0.0 is 0.0
    exact: bytes = values.astype(width).tobytes()
    return exact


def _counted(lengths: Any) -> bytes:
    counts: bytes = lengths.fill_null(0).to_numpy(zero_copy_only=False).astype("<u4").tobytes()
    return counts


def _bits(pieces: list[Any]) -> bytes:
    """Return truths as bits, eight rows a byte, the first row in the lowest bit."""
    truths = [piece.to_numpy(zero_copy_only=False).astype(bool) for piece in pieces]
    return np.packbits(np.concatenate([*truths, np.zeros(0, dtype=bool)]), bitorder="little").tobytes()


def _bytes(texts: Any) -> Any:
    """Return the bytes of Arrow texts without nulls, one after the other."""
    _, offsets, values = texts.buffers()
    if values is None or not len(texts):
        return b""
    bounds = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(values)[bounds[0] : bounds[-1]]


def _pieces(column: Any) -> Iterator[Any]:
    """Yield a column piece by piece, none so long that its texts do not fit into one array."""
    for chunk in column.chunks:
        for start in range(0, len(chunk), ROWS_AT_ONCE):
            yield chunk.slice(start, ROWS_AT_ONCE)
