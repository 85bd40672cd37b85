"""Columns of clinical days: whole days, and days known to the month or the year only."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray
from registry.domain.days import PRECISIONS


def whole_days(texts: ArrowArray) -> ArrowArray:
    """Return texts `YYYY-MM-DD` as days."""
    return texts.cast(pa.date32())


def first_days(texts: ArrowArray) -> ArrowArray:
    """Return the first day that each partial day can mean."""
    lengths = pc.utf8_length(texts)
    rest = pc.case_when(pc.make_struct(pc.equal(lengths, 4), pc.equal(lengths, 7)), "-01-01", "-01", "")
    return pc.binary_join_element_wise(texts, rest, "").cast(pa.date32())


def precisions(texts: ArrowArray) -> ArrowArray:
    """Return how precisely each partial day is known: `day`, `month` or `year`."""
    lengths = pc.utf8_length(texts)
    places = pc.index_in(lengths, value_set=pa.array(list(PRECISIONS), lengths.type))
    return pa.array(list(PRECISIONS.values())).take(places)


def up_to(days: ArrowArray, as_of: date) -> ArrowArray:
    """Return which days lie at or before a day; null counts as not."""
    return pc.fill_null(pc.less_equal(days, pa.scalar(as_of, pa.date32())), False)


def day_column(numbers: npt.ArrayLike, *, null: npt.NDArray[np.bool_] | None = None) -> ArrowArray:
    """Return days since 1970 as an Arrow column of days; `null` marks the rows that have none."""
    return pa.array(np.asarray(numbers, dtype=np.int32), mask=null).cast(pa.date32())
