"""The bytes of texts: what an Arrow array of them keeps, without an object a text."""

from __future__ import annotations

from typing import Any

import numpy as np


def text_bytes(texts: Any) -> memoryview:
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
