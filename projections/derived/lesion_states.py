"""One row per location of a reading: what its items say together, and how active that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import location_states
from projections.columns.lookups import Lookup
from projections.columns.tables import Table, declared, frame, number, word
from projections.grading.graded_readings import Spread
from projections.grading.grades import NOT_ASSESSED
from projections.grading.locations import LOCATION, NUMBER, SEGMENT, location_columns
from projections.stated.readings import OF_READING, ORDER, ORDER_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

LESION_STATES: Final[Table] = declared(
    "lesion_states",
    "location of a reading",
    order=f"{ORDER} location_number",
    edition=2,
    function_of="patient",
    columns=(
        *ORDER_COLUMNS,
        NUMBER,
        word("reading_id", "reference of the reading"),
        LOCATION,
        SEGMENT,
        word(
            "state",
            "what the items of the location say together, null where it cannot be said; the grade as text where the "
            "method grades one thing",
            listed=location_states,
        ),
        number("activity", "rank by which courses are judged, null where it cannot be said"),
    ),
).keyed(
    "patient reading_id location_number",
    *OF_READING,
    never_null=f"{ORDER} location segment",
    betrays={
        "reference": "reading_id",
        "none": "location_number location segment state activity",
    },
)


def lesion_states(facts: Facts) -> pd.DataFrame:
    """Return the states as a frame, one row a location of a reading; columns as declared in `LESION_STATES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the states as an Arrow table by the key of the reading, location_number."""
    readings = facts.readings
    spread = Spread.of(readings, lambda method: len(method.locations))
    cells, said = readings.cells.values, readings.states
    if readings.selected is not None:
        spread, cells = spread.only(readings.selected.values), cells[readings.selected.values]
    states = {"state": said.state, "activity": pa.array(said.activity, mask=said.activity == NOT_ASSESSED)}
    return LESION_STATES.of(
        {
            **spread.rows.columns(readings.key),
            **spread.slots.columns(location_columns(readings.methods)),
            **Lookup.of(cells).columns(states),
        }
    )
