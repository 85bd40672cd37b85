"""The sums of a feed by the words of docs/feed.md, a value at a time."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from projections.columns.tables import Column, Table
from tests.projections.feed.slow_applier import Row, key_text

WHOLE = {"int16": "<h", "int32": "<i", "int64": "<q"}


def slow_sum(rows: Iterable[Row], table: Table) -> str:
    """Return the sum over all patients, or over all events, in hexadecimal."""
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[table.key[0]]].append(row)
    total = 0
    for group in groups.values():
        group.sort(key=lambda row: key_text(row, table.key).encode())
        total += int.from_bytes(sha256(b"".join(column_bytes(each, group) for each in table.columns)).digest(), "big")
    return f"{total % 2**256:064x}"


def column_bytes(column: Column, rows: list[Row]) -> bytes:
    """Return the bytes of a column of some rows, with what stands before them."""
    values = [row[column.name] for row in rows]
    header = b"".join(struct.pack("<I", len(text.encode())) + text.encode() for text in (column.name, column.type))
    there = bits([value is not None for value in values])
    return header + struct.pack("<Q", len(values)) + there + values_bytes(column.type, values)


def values_bytes(kind: str, values: list[Any]) -> bytes:
    if kind == "bool":
        return bits([bool(value) for value in values])
    if kind == "string":
        texts = ["" if value is None else value for value in values]
        return b"".join(struct.pack("<I", len(text.encode())) for text in texts) + "".join(texts).encode()
    if kind == "list<string>":
        lists = [value or [] for value in values]
        counts = b"".join(struct.pack("<I", len(each)) for each in lists)
        return counts + values_bytes("string", [text for each in lists for text in each])
    return b"".join(number_bytes(kind, value) for value in values)


def number_bytes(kind: str, value: Any) -> bytes:
    if kind == "double":
        return struct.pack("<d", (value or 0.0) + 0.0)
    if kind == "date32":
        return struct.pack("<i", 0 if value is None else (value - date(1970, 1, 1)).days)
    if kind == "timestamp[us, UTC]":
        since = None if value is None else value - datetime(1970, 1, 1, tzinfo=UTC)
        return struct.pack("<q", 0 if since is None else since // timedelta(microseconds=1))
    return struct.pack(WHOLE[kind], value or 0)


def bits(truths: list[bool]) -> bytes:
    """Return truths as bits, eight a byte, the first in the lowest bit."""
    return bytes(
        sum(truth << place for place, truth in enumerate(truths[first : first + 8]))
        for first in range(0, len(truths), 8)
    )
