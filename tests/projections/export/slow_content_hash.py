"""The content hash once more, value by value, as the manual says it: what a receiver in any language would write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from struct import pack

import pyarrow as pa

FIXED = {"int16": "<h", "int32": "<i", "int64": "<q", "float": "<f", "double": "<d"}


def slow_content_hash(table: pa.Table, types: Sequence[str]) -> str:
    """Return the content hash of a table, whose columns have the logical types given."""
    columns = [
        column_digest(name, kind, table[name].to_pylist()) for name, kind in zip(table.column_names, types, strict=True)
    ]
    return sha256(b"spondyl content 1\n" + pack("<I", len(columns)) + b"".join(columns)).hexdigest()


def column_digest(name: str, kind: str, values: Sequence[object]) -> bytes:
    head = b"".join(pack("<I", len(text.encode())) + text.encode() for text in (name, kind))
    validity = bits([value is not None for value in values])
    return sha256(head + pack("<Q", len(values)) + validity + content(kind, values)).digest()


def content(kind: str, values: Sequence[object]) -> bytes:
    if kind == "string":
        encoded = [str(value or "").encode() for value in values]
        return b"".join(pack("<I", len(text)) for text in encoded) + b"".join(encoded)
    if kind == "list<string>":
        lists: list[list[str]] = [value or [] for value in values]  # type: ignore[misc]
        elements = [element for each in lists for element in each]
        return b"".join(pack("<I", len(each)) for each in lists) + content("string", elements)
    if kind == "bool":
        return bits([bool(value) for value in values])
    return b"".join(number(kind, value) for value in values)


def number(kind: str, value: object) -> bytes:
    if kind == "date32":
        return pack("<i", (value - date(1970, 1, 1)).days if isinstance(value, date) else 0)
    if kind in ("timestamp[us, UTC]", "timestamp[us]"):
        since = value - datetime(1970, 1, 1, tzinfo=value.tzinfo) if isinstance(value, datetime) else timedelta()
        return pack("<q", since // timedelta(microseconds=1))
    return pack(FIXED[kind], value or 0)


def bits(truths: Sequence[bool]) -> bytes:
    packed = bytearray((len(truths) + 7) // 8)
    for row, truth in enumerate(truths):
        packed[row // 8] |= truth << row % 8
    return bytes(packed)
