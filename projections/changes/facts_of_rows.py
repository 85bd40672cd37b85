"""Of which fact a row of a table is: the reference by which `spondyl history` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import end_to_end

if TYPE_CHECKING:
    from projections.feed.steps import Sides

REFERENCES: Final = {  # table: the column that has the reference
    "follow_ups": "follow_up_id",
    "visits": "visit_id",
    "measures": "visit_id",
    "treatments": "treatment_id",
    "flares": "flare_id",
    "adverse_events": "adverse_event_id",
    "conditions": "condition_id",
    "readings": "reading_id",
    "findings": "reading_id",
    "lesions": "verdict_id",
}
NAMED_BY: Final = {"patients": ("patient",), "imaging": ("patient", "study")}  # that have none: what names the fact


def facts_of_rows(table: str, rows: ArrowTable, sides: Sides) -> ArrowArray:
    """Return the reference of the fact of each row, null where it is of no single one, as what was computed."""
    if table in NAMED_BY:
        return _looked_up(table, rows, sides)
    if table not in REFERENCES:
        return pa.nulls(rows.num_rows, pa.string())
    references = rows[REFERENCES[table]].cast(pa.string())
    return pc.if_else(rows["derived"], None, references) if table == "measures" else references


def _looked_up(table: str, rows: ArrowTable, sides: Sides) -> ArrowArray:
    """Return references by what names the facts on either side; the later one has the word."""
    names = NAMED_BY[table]
    there = [side.of(table) for side in (sides.after, sides.before) if side is not None]
    named = end_to_end(*(_texts(each, names) for each in there)).combine_chunks()
    references = end_to_end(*(each["fact"] for each in there))
    return references.take(pc.index_in(_texts(rows, names), value_set=named))


def _texts(rows: ArrowTable, names: tuple[str, ...]) -> ArrowArray:
    """Return a text for each row that tells what names its fact."""
    return pc.binary_join_element_wise(*(rows[name].cast(pa.string()) for name in names), "\n")
