"""Rows as PostgreSQL's COPY reads them: a line a row, its values between tabs, whole columns at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, text_bytes

LINES_AT_ONCE: Final = 1 << 15
NULL: Final = "\\N"
ESCAPES: Final = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
ELEMENT_ESCAPES: Final = (("\\", "\\\\"), ('"', '\\"'))


def written_out(rows: ArrowTable) -> ArrowTable:
    """Return rows with words that repeat written out, and no column declared as never null."""
    plain = [
        pa.field(each.name, each.type.value_type if pa.types.is_dictionary(each.type) else _plain(each.type))
        for each in rows.schema
    ]
    return rows.cast(pa.schema(plain))


def copied_rows(rows: ArrowTable) -> Iterator[memoryview]:
    """Yield rows, written out, as lines of COPY's text format.

    >>> import pyarrow as pa
    >>> rows = pa.table({"note": ["a\\tb", None], "words": [["x,y", 'say "so"'], []], "n": [1, None]})
    >>> [bytes(lines) for lines in copied_rows(rows)]
    [b'a\\\\tb\\t{"x,y","say \\\\\\\\"so\\\\\\\\""}\\t1\\n\\\\N\\t{}\\t\\\\N\\n']
    """
    for batch in rows.to_batches(max_chunksize=LINES_AT_ONCE):
        texts = [_texts(column).fill_null(NULL) for column in batch.columns]
        texts[-1] = pc.binary_join_element_wise(texts[-1], "\n", "")
        yield text_bytes(pc.binary_join_element_wise(*texts, "\t"))


def _texts(column: ArrowArray) -> ArrowArray:
    if pa.types.is_list(column.type):
        return _escaped(_arrays(column), ESCAPES)
    if pa.types.is_string(column.type):
        return _escaped(column, ESCAPES)
    return column.cast(pa.string())


def _arrays(lists: ArrowArray) -> ArrowArray:
    """Return lists of texts as PostgreSQL writes arrays: `{"a","b"}`."""
    elements = pc.binary_join_element_wise('"', _escaped(lists.flatten(), ELEMENT_ESCAPES), '"', "")
    counts = pc.list_value_length(lists).fill_null(0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(counts).cast(pa.int32())])
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, elements.fill_null("NULL")), ",")
    return pc.if_else(lists.is_valid(), pc.binary_join_element_wise("{", joined, "}", ""), None)


def _escaped(texts: ArrowArray, escapes: tuple[tuple[str, str], ...]) -> ArrowArray:
    for sign, escape in escapes:
        texts = pc.replace_substring(texts, sign, escape)
    return texts


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.string()) if pa.types.is_list(kind) else kind
