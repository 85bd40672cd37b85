"""What a rule has found: a row for each fact that is doubted, as columns of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa

SAID: Final = ("patient", "reference", "on", "says")
FINDINGS: Final = pa.schema([(name, pa.string()) for name in SAID])
Texts = Sequence[str] | Any  # an Arrow array of texts is one too


def findings(*, patient: Texts, reference: Texts, on: Texts, says: Texts) -> Any:
    """Return what was found as an Arrow table of `FINDINGS`: whose fact, which, what of it is doubted, and why."""
    columns = (patient, reference, on, says)
    return pa.table([_texts(column) for column in columns], schema=FINDINGS)


def _texts(column: Texts) -> Any:
    if not isinstance(column, pa.Array | pa.ChunkedArray):
        return pa.array(list(column), pa.string())
    return column.cast(pa.string())
