"""One row per location of a reading: what its items say together, and how active that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from projections.coded import Coded, Codes
from projections.columns import Table, declared, number, word
from projections.frames import frame
from projections.graded_readings import Spread
from projections.grades import NOT_ASSESSED, Grading
from projections.locations import LOCATION, NUMBER, SEGMENT, Places, location_columns
from projections.states import STATES, state_codes
from projections.tables.readings import KEY, KEY_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

LESION_STATES: Final[Table] = declared(
    "lesion_states",
    "location of a reading",
    key=f"{KEY} location_number",
    columns=(
        *KEY_COLUMNS,
        NUMBER,
        word("reading_id", "reference of the reading"),
        LOCATION,
        SEGMENT,
        word(
            "state",
            "what the items of the location say together, null where it cannot be said; the grade as text where the "
            "method grades one thing",
            *filter(None, STATES[0]),
        ),
        number("activity", "rank by which courses are judged, null where it cannot be said"),
    ),
)


def lesion_states(facts: Facts) -> pd.DataFrame:
    """Return the states as a frame, one row a location of a reading; columns as declared in `LESION_STATES`."""
    return frame(table(facts))


def table(facts: Facts) -> Any:
    """Return the states as an Arrow table by the key of the reading, location_number."""
    spread = Spread(facts.readings, lambda method: len(method.locations))

    def of_location(column: str) -> Codes:
        return spread.filled(np.int32, lambda found: getattr(Places.of(found.method), column))

    activity = spread.filled(np.int16, Grading.activities)
    return LESION_STATES.of(
        {
            **facts.readings.key(spread.rows),
            **location_columns(of_location("number"), of_location("location"), of_location("segment")),
            "state": Coded(spread.filled(np.int32, state_codes), STATES[1]).array(),
            "activity": pa.array(activity, mask=activity == NOT_ASSESSED),
        }
    )
