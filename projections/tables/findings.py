"""One row per finding: the grade of one item at one location in one reading, null where it could not be assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from projections.coded import Coded, Codes, coded_words
from projections.columns import Table, declared, number, word
from projections.frames import frame
from projections.graded_readings import Spread
from projections.grades import NOT_ASSESSED, Grading
from projections.locations import LOCATION, NUMBER, SEGMENT, Places, location_columns
from projections.tables.readings import KEY, KEY_COLUMNS
from registry.catalogue.method import Method
from registry.catalogue.methods import methods

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

ITEMS: Final = coded_words(item.name for method in methods().values() for item in method.items)
FINDINGS: Final[Table] = declared(
    "findings",
    "location and item of a reading",
    key=f"{KEY} location_number item",
    columns=(
        *KEY_COLUMNS,
        NUMBER,
        word("item", "what is graded, null where the method grades one thing", *filter(None, ITEMS[0])),
        word("reading_id", "reference of the reading"),
        LOCATION,
        SEGMENT,
        number("grade", "the grade, null where it could not be assessed"),
    ),
)


def findings(facts: Facts) -> pd.DataFrame:
    """Return the findings as a frame, one row a location and item; columns as declared in `FINDINGS`."""
    return frame(table(facts))


def table(facts: Facts) -> Any:
    """Return the findings as an Arrow table by the key of the reading, location_number, item."""
    spread = Spread(facts.readings, lambda method: len(method.locations) * len(method.items))

    def of_location(column: str) -> Codes:
        return spread.filled(
            np.int32, lambda found: np.repeat(getattr(Places.of(found.method), column), len(found.method.items))
        )

    grades = spread.filled(np.int16, _grades)
    items = spread.filled(np.int32, lambda found: np.tile(_item_codes(found.method), len(found.method.locations)))
    return FINDINGS.of(
        {
            **facts.readings.key(spread.rows),
            **location_columns(of_location("number"), of_location("location"), of_location("segment")),
            "item": Coded(items, ITEMS[1]).array(),
            "grade": pa.array(grades, mask=grades == NOT_ASSESSED),
        }
    )


def _item_codes(method: Method) -> Codes:
    return np.sort(np.array([ITEMS[0][item.name] for item in method.items], dtype=np.int32))


def _grades(found: Grading) -> Any:
    """Return the grades of each reading, location by location, the items in the order of their names."""
    codes = [ITEMS[0][item.name] for item in found.method.items]
    in_order = found.grades[np.argsort(codes)]
    return in_order.transpose(1, 2, 0).reshape(len(found.rows), found.grades.shape[0] * found.grades.shape[2])
