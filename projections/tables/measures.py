"""One row per value taken at a visit: as it was captured, and in the canonical unit of the measure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.coded import coded, day_numbers, in_order
from projections.columns import Table, day, declared, number, word, yes_no
from projections.frames import frame
from projections.tables import visits
from registry.catalogue.measures import MEASURES
from registry.catalogue.units import in_unit

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

MEASURES_TABLE: Final[Table] = declared(
    "measures",
    "value taken at a visit, captured or computed",
    key="patient visited_on visit_id measure",
    columns=(
        word("patient", "pseudonym"),
        day("visited_on", "day of the visit"),
        word("visit_id", "reference of the visit"),
        word("measure", "what was measured"),
        number("value", "the value in the canonical unit", type_="double", unit="as in unit"),
        word("unit", "canonical unit of the measure"),
        word("captured_value", "the value as it came, null where it was computed"),
        word("captured_unit", "the unit in which it came, null where it was computed"),
        word("comparator", "whether the true value is below or above the one given", "<", ">"),
        yes_no("derived", "whether the value was computed here"),
        word("rule", "the rule and its edition by which it was computed, null where it was captured"),
        number("n_expected", "number of inputs that the rule wants, null where the value was captured"),
        number("n_present", "number of inputs that were there, null where the value was captured"),
        word("version", "edition of a reported total where the source said which, as 10-step for a BASMI"),
    ),
)


def measures(facts: Facts) -> pd.DataFrame:
    """Return the measures as a frame, one row a value; columns as declared in `MEASURES_TABLE`."""
    return frame(table(facts))


def table(facts: Facts) -> Any:
    """Return the measures as an Arrow table by patient, visited_on, visit_id, measure; captured before computed."""
    from projections.derived_measures import computed_rows

    taken, computed = captured(facts), computed_rows(facts)
    rows = len(computed["measure"])
    derived = MEASURES_TABLE.of(
        {column.name: pa.nulls(rows) for column in MEASURES_TABLE.columns}
        | computed
        | {"derived": pa.array(np.ones(rows, dtype=bool))}
    )
    both = pa.concat_tables([taken, derived]).unify_dictionaries().combine_chunks()
    keys = (coded(both["patient"]), day_numbers(both["visited_on"]), coded(both["visit_id"]), coded(both["measure"]))
    return MEASURES_TABLE.of(both.take(pa.array(in_order(*keys))))


def captured(facts: Facts) -> Any:
    """Return the values that were taken, as they were captured and in canonical units, in the order of the table."""
    found = visits.ordered(facts)
    lists = found["measures"].combine_chunks()
    taken, of_visit = lists.flatten(), pc.list_parent_indices(lists).to_numpy()
    measure = coded(taken.field("measure"))
    order = in_order(of_visit, measure)
    taken, rows = taken.take(pa.array(order)), of_visit[order]
    nothing = pa.nulls(len(rows))
    keys = {
        name: coded(found[fact]).take(rows).array() for name, fact in (("patient", "patient"), ("visit_id", "fact"))
    }
    return MEASURES_TABLE.of(
        {
            **keys,
            "visited_on": found["visited_on"].take(pa.array(rows)),
            "measure": measure.take(order).array(),
            "value": canonical_values(taken),
            "unit": _canonical_units(taken.field("measure")),
            "captured_value": taken.field("value"),
            "captured_unit": taken.field("unit"),
            "comparator": taken.field("comparator"),
            "derived": pa.array(np.zeros(len(rows), dtype=bool)),
            "rule": nothing,
            "n_expected": nothing,
            "n_present": nothing,
            "version": taken.field("version"),
        }
    )


def canonical_values(taken: Any) -> Any:
    """Return each value in its measure's canonical unit: the double nearest to the exact decimal."""
    texts, units, canonical = taken.field("value"), taken.field("unit"), _canonical_units(taken.field("measure"))
    values = pc.add(texts.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False).copy()  # adding 0.0 ends -0.0
    rows = np.flatnonzero(pc.not_equal(units, canonical).fill_null(False).to_numpy(zero_copy_only=False))
    if len(rows):
        at = pa.array(rows)
        cells = pc.binary_join_element_wise(texts.take(at), units.take(at), canonical.take(at), " ").dictionary_encode()
        exact = np.array([_converted(*cell.split(" ")) for cell in cells.dictionary.to_pylist()])
        values[rows] = exact[cells.indices.to_numpy()]
    return pa.array(values)


def _converted(value: str, unit: str, canonical: str) -> float:
    return float(in_unit(Decimal(value), unit, canonical))


def _canonical_units(names: Any) -> Any:
    known = pa.array([measure.unit for measure in MEASURES.values()])
    return known.take(pc.index_in(names, value_set=pa.array(list(MEASURES))))
