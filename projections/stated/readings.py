"""One row per reading: one reader's scoring of one study by one method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import methods
from projections.columns.tables import (
    OF_PATIENT,
    Column,
    Table,
    day,
    declared,
    frame,
    number,
    refers,
    text,
    told_of,
    word,
    yes_no,
)
from projections.grading.score_values import n_selected

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

ORDER: Final = "patient performed_on study method reader session"
ORDER_COLUMNS: Final[tuple[Column, ...]] = told_of(
    (
        word("patient", "pseudonym"),
        day("performed_on", "day of the examination"),
        word("study", "the examination's code"),
        word("method", "code of the method", listed=methods),
        word("reader", "the reader's code"),
        word("session", "reading session or campaign, empty where there was none"),
    ),
    {
        "identifier": "patient",
        "reference": "study",
        "person": "reader",
        "name": "session",
        "day": "performed_on",
        "none": "method",
    },
)
OF_STUDY: Final = refers("patient study", "imaging")
OF_READING: Final = (OF_PATIENT, OF_STUDY, refers("patient reading_id", "readings"))  # of tables of what was read

READINGS: Final[Table] = declared(
    "readings",
    "reading",
    order=ORDER,
    edition=2,
    function_of="patient",
    columns=(
        *ORDER_COLUMNS,
        text("reading_id", "reference of the reading"),
        number("method_version", "edition of the method's declaration"),
        day("read_on", "day on which it was read; as recorded, also where it lies after as_of"),
        number("seconds", "how long the whole reading took", type_="int32", unit="s"),
        number("n_expected", "number of locations that the method grades"),
        number("n_assessed", "number of locations with a grade of every item"),
        yes_no("complete", "whether every location has a grade of every item"),
    ),
).keyed(
    "patient reading_id",
    OF_PATIENT,
    OF_STUDY,
    never_null=f"{ORDER} method_version n_expected n_assessed complete",
    betrays={
        "reference": "reading_id",
        "clock": "read_on",
        "none": "method_version seconds n_expected n_assessed complete",
    },
)


def readings(facts: Facts) -> pd.DataFrame:
    """Return the readings as a frame, one row a reading; columns as declared in `READINGS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the readings as an Arrow table by patient, performed_on, study, method, reader, session."""
    visible = facts.readings
    expected = np.zeros(len(visible.days), dtype=np.int16)
    assessed = np.zeros(len(visible.days), dtype=np.int16)
    for grading in visible.gradings:
        expected[grading.rows] = n_selected(grading.method, len(grading.method.locations))
        assessed[grading.rows] = grading.completely_graded().sum(axis=1)
    return READINGS.of(
        {
            **visible.key,
            **{name: visible.column(name) for name in ("method_version", "read_on", "seconds")},
            "n_expected": pa.array(expected),
            "n_assessed": pa.array(assessed),
            "complete": pa.array(assessed == expected),
        }
    )
