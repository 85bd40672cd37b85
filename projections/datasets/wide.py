"""A cohort as one row a member: what `cohort_members` has, and a column for each value at each time point."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Column, Table, number, word

NAME = "cohort_wide"


class Wide(NamedTuple):
    """The table with what it declares; `of` says of each column of a value which value it is, at which time point."""

    declared: Table
    rows: ArrowTable
    of: dict[str, tuple[str, str]]


def wide(members: ArrowTable, values: ArrowTable, declared: Table) -> Wide:
    """Return members with their values in columns `NAME at TIME POINT`, by time point and name.

    `declared` is the declaration of the members. A value that is a word of a list is a column of words. Where a value
    of somebody is a limit (`<5`), a column `NAME at TIME POINT / comparator` stands behind it; no time point has a `/`.
    """
    cells = values.select(["timepoint", "name"]).group_by(["timepoint", "name"]).aggregate([])
    pairs = sorted((row["timepoint"], row["name"]) for row in cells.to_pylist())
    n = len(pairs)
    columns: list[Column] = list(declared.columns)
    arrays = {name: members[name] for name in members.column_names}
    of = {}
    numbers, words, comparators = (values[name].combine_chunks() for name in ("value", "word", "comparator"))
    words, comparators = words.cast(pa.string()), comparators.cast(pa.string())
    for place, (point, name) in enumerate(pairs):
        rows = pa.array(np.arange(members.num_rows) * n + place)
        said, limits = words.take(rows), comparators.take(rows)
        unit = values["unit"].take(rows.slice(0, 1)).to_pylist()
        title, meaning = f"{name} at {point}", f"{name} at the time point {point}"
        is_word = said.null_count < len(said)
        of_number = number(title, meaning, type_="double", unit=(unit or [""])[0] or None)
        columns.append(word(title, meaning) if is_word else of_number)
        arrays[title] = said if is_word else numbers.take(rows)
        of[title] = (name, point)
        if limits.null_count < len(limits):
            beside = f"{title} / comparator"
            columns.append(word(beside, f"whether the true value of {title} lies below or above the number", "<", ">"))
            arrays[beside] = limits
    table = Table(NAME, "member of a cohort, with the values", declared.order, tuple(columns), key=declared.key)
    return Wide(table, table.of(arrays), of)
