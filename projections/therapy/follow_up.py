"""One row per patient: from when to when the patient was under observation.

Follow-up begins with the enrolment. It ends on the day on which it was ended; else on `as_of`, where the point in time
has one; else on the day on which the patient was last seen, at a visit or an examination. `ended_by` says which.
Its length is the difference of the two days; a year has 365.25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Coded, Rows, coded, day_numbers
from projections.columns.tables import Table, day, declared, frame, number, text, word
from projections.stated import patients
from projections.therapy.drug_courses import Days

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

DAYS_IN_A_YEAR: Final = 365.25
ENDS: Final = ("follow-up-end", "as-of", "last-seen")
FOLLOW_UP: Final[Table] = declared(
    "follow_up",
    "patient",
    key="patient",
    columns=(
        text("patient", "pseudonym"),
        day("began_on", "enrolment"),
        day("ended_on", "end of follow-up, or as_of, or the day on which the patient was last seen"),
        word("ended_by", "which of these ended it", *ENDS),
        number("days", "ended_on - began_on", type_="int32", unit="d"),
        number("years", "days / 365.25", type_="double", unit="a"),
    ),
)


class Observed(NamedTuple):
    """The patients under observation, from day to day (since 1970)."""

    patient: Coded
    began: Days
    ended: Days

    @property
    def days(self) -> Days:
        """How long each patient was observed, in days."""
        return self.ended - self.began

    def rows_of(self, patients: Coded) -> Rows:
        """Return the row of each patient, -1 for one that is not observed."""
        known = pc.index_in(patients.words, value_set=self.patient.words).fill_null(-1).to_numpy(zero_copy_only=False)
        row = np.full(len(self.patient.words) + 1, -1)
        row[self.patient.codes] = np.arange(len(self.patient.codes))
        return np.asarray(np.append(row[known], -1)[patients.codes], dtype=np.intp)


def follow_up(facts: Facts) -> pd.DataFrame:
    """Return the follow-up of every patient as a frame, one row a patient; columns as declared in `FOLLOW_UP`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the follow-up of every patient as an Arrow table in the order of the pseudonyms."""
    enrolled = patients.table(facts)
    ended = pc.is_valid(enrolled["follow_up_ended_on"])
    if facts.at.as_of is None:
        otherwise, by = enrolled["last_seen_on"], "last-seen"
    else:
        otherwise, by = pa.scalar(facts.at.as_of, pa.date32()), "as-of"
    until = pc.coalesce(enrolled["follow_up_ended_on"], otherwise)
    days = pc.subtract(until.cast(pa.int32()), enrolled["enrolled_on"].cast(pa.int32()))
    return FOLLOW_UP.of(
        {
            "patient": enrolled["patient"],
            "began_on": enrolled["enrolled_on"],
            "ended_on": until,
            "ended_by": pc.if_else(ended, "follow-up-end", by),
            "days": days,
            "years": pc.divide(days.cast(pa.float64()), DAYS_IN_A_YEAR),
        }
    )


def observed(facts: Facts) -> Observed:
    """Return the patients under observation as columns of days."""
    followed = table(facts)
    return Observed(
        coded(followed["patient"]),
        day_numbers(followed["began_on"]).astype(np.int64),
        day_numbers(followed["ended_on"]).astype(np.int64),
    )
