"""What instruments make of the measures of each visit: the rows of the table `measures` that were computed.

One row a visit and instrument of which more than half the inputs were taken; the value is null unless all were. A CRP
alone is no ASDAS with gaps. Instruments and their rules are declared in `registry.catalogue.instruments`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from projections.visit_values import VisitValues, derived_names, input_rows
from registry.catalogue.instruments import instruments

if TYPE_CHECKING:
    from projections.point_in_time import Facts


def computed_rows(facts: Facts) -> dict[str, Any]:
    """Return the computed rows as arrays by column of the table `measures`, instrument by instrument."""
    values = VisitValues(facts)
    rows: list[Any] = []
    of_instrument: list[dict[str, Any]] = []
    for name in derived_names():
        instrument, scores = instruments()[name], values.computed(name)
        found = input_rows(scores)
        doubles = scores.values.doubles()[found]
        rows.append(found)
        of_instrument.append(
            {
                "measure": pa.array([name] * len(found), pa.string()),
                "value": pa.array(doubles, mask=np.isnan(doubles)),
                "unit": pa.array([instrument.unit] * len(found), pa.string()),
                "rule": pa.array([scores.rule] * len(found), pa.string()),
                "n_expected": pa.array(scores.n_expected[found]),
                "n_present": pa.array(scores.n_present[found]),
            }
        )
    visit = np.concatenate(rows) if rows else np.zeros(0, dtype=np.intp)
    visits = values.visits
    at = pa.array(visit)
    keys = {"patient": visits["patient"], "visited_on": visits["visited_on"], "visit_id": visits["fact"]}
    return {name: column.combine_chunks().take(at) for name, column in keys.items()} | {
        name: pa.concat_arrays([columns[name] for columns in of_instrument]) for name in of_instrument[0]
    }
