"""What any engine returned, as Arrow, to be held against what another did."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa

from projections.columns.arrow import ArrowTable


def as_arrow(made: Any) -> ArrowTable:
    """Return an Arrow table of an Arrow table, a frame of Polars, or one of pandas."""
    if isinstance(made, pa.Table):
        return made
    if isinstance(made, pl.DataFrame):
        return made.to_arrow(compat_level=pl.CompatLevel.oldest())
    return pa.Table.from_pandas(made, preserve_index=False)
