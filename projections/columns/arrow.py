"""Arrow's tables and arrays by names of their own, so that a signature says what it takes and returns.

pyarrow ships no types: to mypy each of these is `Any`, and so is everything that is made of one.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

ArrowTable: TypeAlias = pa.Table
ArrowArray: TypeAlias = pa.Array | pa.ChunkedArray  # a column, in one piece or in several
ArrowSchema: TypeAlias = pa.Schema
ArrowType: TypeAlias = pa.DataType


def truth(answers: ArrowArray) -> npt.NDArray[np.bool_]:
    """Return a column of truth values as a mask over its rows; null counts as no.

    >>> import pyarrow as pa
    >>> truth(pa.array([True, None, False])).tolist()
    [True, False, False]
    """
    return np.asarray(pc.fill_null(answers, False).to_numpy(zero_copy_only=False), dtype=bool)


def text_bytes(texts: ArrowArray) -> memoryview:
    """Return the bytes of an array of texts or of bytes, one after the other; there are no nulls. Nothing is copied.

    >>> import pyarrow as pa
    >>> bytes(text_bytes(pa.array(["C2", "β", "", "C3"])[1:]))
    b'\\xce\\xb2C3'
    """
    _, offsets, content = texts.buffers()
    if content is None or not len(texts):
        return memoryview(b"")
    bounds = np.frombuffer(offsets, dtype=np.int32)[texts.offset :][: len(texts) + 1]
    return memoryview(content)[bounds[0] : bounds[-1]]
