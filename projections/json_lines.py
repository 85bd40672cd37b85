"""Payloads as columns: many JSON texts of one shape, read at once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

BLOCK_BYTES: Final = 1 << 20


def parsed(lines: bytes, schema: Any) -> Any:
    """Return the fields of a schema from JSON texts, UTF-8, one a line; null where a text has no such field."""
    if not lines:
        return schema.empty_table()
    return pj.read_json(
        pa.BufferReader(lines),
        read_options=pj.ReadOptions(block_size=max(BLOCK_BYTES, _longest_line(lines))),
        parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )


def _longest_line(lines: bytes) -> int:
    """Return the bytes of the longest line with its break; no block may be shorter."""
    if len(lines) <= BLOCK_BYTES:
        return len(lines) + 1
    breaks = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == ord("\n"))
    return int(np.diff(breaks, prepend=-1, append=len(lines)).max())
