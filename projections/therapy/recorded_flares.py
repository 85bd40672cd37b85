"""The recorded flares within follow-up, each with the immunomodulating treatment that it fell into or followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from projections.columns.coded import Rows, Truth, coded, day_numbers, in_order
from projections.therapy.drug_courses import Days
from projections.therapy.off_treatment import Treated

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Flares(NamedTuple):
    """Recorded flares by patient and day: the patient's row among those observed, the day, the treatment.

    `last` is the row of the course stopped last on or before the day, -1 where there is none.
    """

    patient: Rows
    day: Days
    on_treatment: Truth
    last: Rows

    @classmethod
    def within_follow_up(cls, facts: Facts, treated: Treated) -> Flares:
        """Return the flares that began within follow-up, its first and last day included."""
        recorded = facts.of("flares")
        patient = treated.patients.rows_of(coded(recorded["patient"]))
        day = day_numbers(recorded["started_on"]).astype(np.int64)
        order = in_order(patient, day)
        patient, day = patient[order], day[order]
        began, ended = (np.append(days, 0)[patient] for days in treated.patients[1:])
        within = (patient >= 0) & (day >= began) & (day <= ended)
        patient, day = patient[within], day[within]
        covering = treated.covering
        return cls(patient, day, covering.covers(patient, day), covering.last_stopped(patient, day))
