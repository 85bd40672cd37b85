"""What was taken at visits, and what was read of images, before its patients are persons: numbers, and what is none."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.tables import project

if TYPE_CHECKING:
    from projections.export.profiles.omop.counts import Counts
    from projections.point_in_time import Facts

MEASURES, SCORES = "measures", "scores"
NUMBERS: Final = pa.schema(
    {
        "patient": pa.string(),
        "visit_id": pa.string(),
        "on": pa.date32(),
        "measure": pa.string(),
        "source": pa.string(),
        "value": pa.float64(),
        "unit": pa.string(),
        "comparator": pa.string(),
        "captured": pa.string(),
    }
)
SAID: Final = pa.schema(
    {"patient": pa.string(), "visit_id": pa.string(), "on": pa.date32(), "source": pa.string(), "said": pa.string()}
)


def measurements(facts: Facts, names: Collection[str], counts: Counts) -> ArrowTable:
    """Return the values that are numbers, and the scores, of the tables that are asked for."""
    parts = [NUMBERS.empty_table()]
    if MEASURES in names:
        taken = project(MEASURES, facts)
        counts.left_out["values that are missing, with a reason"] += (
            pc.sum(pc.is_valid(taken["missing_reason"])).as_py() or 0
        )
        parts.append(_of_measures(taken.filter(pc.is_valid(taken["value"]))))
    if SCORES in names:
        scores = project(SCORES, facts)
        counts.left_out["scores without a value"] += scores["value"].null_count
        parts.append(_of_scores(scores.filter(pc.is_valid(scores["value"]))))
    return pa.concat_tables(parts)


def observed_measures(facts: Facts, names: Collection[str], counts: Counts) -> ArrowTable:
    """Return the words, days and texts that were taken at visits."""
    if MEASURES not in names:
        return SAID.empty_table()
    taken = project(MEASURES, facts)
    said = pc.coalesce(taken["code"].cast(pa.string()), taken["text"].cast(pa.string()))
    rows = {
        **{name: taken[name] for name in ("patient", "visit_id")},
        "on": taken["visited_on"],
        "source": taken["measure"],
        "said": said,
    }
    return shaped(rows, SAID).filter(pc.is_valid(said))


def shaped(columns: dict[str, ArrowArray], schema: pa.Schema) -> ArrowTable:
    """Return columns as a table of a schema; null what is not among them."""
    n = len(columns["patient"])
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(n, field.type) for field in schema
    ]
    return pa.Table.from_arrays(
        [array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array]) for array in arrays], schema=schema
    )


def _of_measures(taken: ArrowTable) -> ArrowTable:
    mark = pc.fill_null(taken["comparator"].cast(pa.string()), "")
    came = pc.binary_join_element_wise(mark, taken["captured_value"].cast(pa.string()), "")
    columns = {name: taken[name] for name in ("patient", "visit_id", "measure", "value", "unit", "comparator")}
    return shaped(
        {
            **columns,
            "on": taken["visited_on"],
            "source": pc.coalesce(taken["rule"].cast(pa.string()), taken["measure"].cast(pa.string())),
            "captured": pc.binary_join_element_wise(came, taken["captured_unit"].cast(pa.string()), " "),
        },
        NUMBERS,
    )


def _of_scores(scores: ArrowTable) -> ArrowTable:
    """Return scores as numbers of the study's day; `method/score` is what they measure."""
    name = pc.binary_join_element_wise(scores["method"].cast(pa.string()), scores["score"].cast(pa.string()), "/")
    columns = {"patient": scores["patient"], "on": scores["performed_on"], "value": scores["value"]}
    return shaped({**columns, "measure": name, "source": name}, NUMBERS)
