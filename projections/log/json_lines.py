"""Payloads as columns: many JSON texts of one shape, read at once.

Some may say what the registry's encoder would say, in other words: other order, spaces, fields. Nothing of this release
writes them. They are brought into the encoder's words, one object at a time, and then read as all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable, text_bytes
from projections.errors import NewerLogError
from projections.grading.grades import known_method
from registry.catalogue.imaging.method import ONLY_ITEM, Method
from registry.domain.statements import Measurement

CHUNK_BYTES: Final = 1 << 20  # of texts that Arrow reads at once
BREAK: Final = ord("\n")
ORIGIN: Final = ',"origin":'  # the last field of a payload; no text of JSON holds it: a quotation mark is escaped there


class UnusualPayloadError(NewerLogError):
    """Payloads whose JSON says the same as the registry's encoder would, or something newer, in other words."""


class Apart(NamedTuple):
    """Payloads, one a line, without what was taken out of them, and what that is, an Arrow array of as many rows."""

    payloads: bytes
    taken: ArrowArray


def parsed(lines: bytes, schema: ArrowSchema) -> ArrowTable:
    """Return the fields of a schema from JSON texts, UTF-8, one a line; null where a text has no such field."""
    if not lines:
        return schema.empty_table()
    return pj.read_json(
        pa.BufferReader(lines),
        read_options=pj.ReadOptions(block_size=max(CHUNK_BYTES, _longest_line(lines))),
        parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )


def lines_of(texts: bytes) -> ArrowArray:
    """Return texts, UTF-8, one a line, as an Arrow array; each ends with its line break."""
    if not texts:
        return pa.array([], pa.string())
    breaks = np.flatnonzero(np.frombuffer(texts, dtype=np.uint8) == BREAK)
    offsets = np.concatenate([[0], breaks + 1, [len(texts) + 1]]).astype(np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(texts + b"\n")]
    )


def without_origins(ends: ArrowArray) -> ArrowArray:
    """Return ends of payloads, each with its line break, without their origins."""
    pieces = pc.split_pattern(ends, ORIGIN, max_splits=1)
    is_cut = pc.equal(pc.list_value_length(pieces), 2)
    return pc.binary_join_element_wise(pc.list_element(pieces, 0), pc.if_else(is_cut, "}\n", ""), "")


def of_parts(*parts: ArrowArray | str) -> bytes:
    """Return the texts of Arrow arrays of equal length, those of a row joined, row after row."""
    return bytes(text_bytes(pc.binary_join_element_wise(*parts, "")))


def as_encoded(payloads: bytes, *, methods: Mapping[str, Method]) -> bytes:
    """Return payloads, UTF-8, one a line, with grades and measurements as the registry's encoder writes them."""
    lines = (msgspec.json.decode(line) for line in payloads.split(b"\n"))
    return b"\n".join(msgspec.json.encode(_as_encoded(line, methods)) for line in lines)


def _as_encoded(payload: dict[str, Any], methods: Mapping[str, Method]) -> dict[str, Any]:
    statement = payload.pop("statement", None)
    payload.pop("origin", None)
    if statement is None:
        return payload
    if "measures" in statement:
        statement["measures"] = [msgspec.convert(each, Measurement) for each in statement.pop("measures")]
    if "grades" in statement:
        given = statement.pop("grades")
        items = [item.name or ONLY_ITEM for item in known_method(statement["method"], methods).items]
        statement["grades"] = {item: given[item] for item in items}
    return payload | {"statement": statement}


def _longest_line(lines: bytes) -> int:
    """Return the bytes of the longest line with its break; no chunk may be shorter."""
    if len(lines) <= CHUNK_BYTES:
        return len(lines) + 1
    breaks = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == BREAK)
    return int(np.diff(breaks, prepend=-1, append=len(lines)).max())
