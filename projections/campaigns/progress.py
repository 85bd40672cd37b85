"""One row per reader of a campaign: how many cases there are, are read, are late, and have lost a study.

A case is one unit shown to one reader, the first time or again. It is read once all of its studies are; a case of which
a study was retracted can be read no more, and is counted by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.campaigns import assignments
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.tables import Table, declared, frame, number, word
from registry.campaigns.design import ADJUDICATOR, READER

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

PROGRESS: Final[Table] = declared(
    "progress",
    "reader of a campaign",
    order="campaign role reader",
    columns=(
        word("campaign", "name of the campaign"),
        word("reader", "the reader's code"),
        word("role", "why cases come to that reader", READER, ADJUDICATOR),
        number("cases", "number of cases, repeats among them", type_="int64"),
        number("read", "how many of them are read", type_="int64"),
        number("unread", "how many are to be read still", type_="int64"),
        number("overdue", "how many of these are late", type_="int64"),
        number("retracted", "how many have a study that was retracted since, read or not", type_="int64"),
    ),
)


def progress(facts: Facts) -> pd.DataFrame:
    """Return how far each reader of each campaign has come, one row a reader; columns as declared in `PROGRESS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return how far each reader of each campaign has come as an Arrow table by campaign, role, reader."""
    assigned = assignments.table(facts)
    found = assigned.group_by(assignments.CASE).aggregate(
        [("is_read", "all"), ("study_retracted", "any"), ("overdue", "any")]
    )
    is_read, is_retracted = found["is_read_all"], found["study_retracted_any"]
    is_open = pc.invert(pc.or_(is_read, is_retracted))
    counted = {
        "cases": pa.array([True] * found.num_rows, pa.bool_()),
        "read": is_read,
        "unread": is_open,
        "overdue": pc.and_(is_open, found["overdue_any"]),
        "retracted": is_retracted,
    }
    cases = pa.table({**{name: _plain(found[name]) for name in assignments.CASE[:3]}, **counted})
    summed = cases.group_by(assignments.CASE[:3]).aggregate([(name, "sum") for name in counted])
    order = [(name, "descending" if name == "role" else "ascending") for name in PROGRESS.order]  # adjudicators last
    return PROGRESS.of(summed.rename_columns({f"{name}_sum": name for name in counted}).sort_by(order))


def _plain(words: ArrowArray) -> ArrowArray:
    return words.cast(pa.string())
