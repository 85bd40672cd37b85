"""Who is in the cohort: enrolment, background, and the end of follow-up."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from registry.simulation.drawing import Draw, Floats, Whole
from registry.simulation.reporting_delay import Columns, Plan, Reported, began_on, reported

CENTRES: Final = tuple(f"C{number:02}" for number in range(1, 13))
LEFT: Final = 0.25  # share of patients whose follow-up ends before the last day
SHORTEST: Final = 90  # days of follow-up
REASONS: Final = (4, 0, 2, 1, 1, 2)  # weights of why it ends; never withdrawn: nothing could be corrected after that
CRITERIA: Final = (
    ("mNY", "ASAS-axSpA", "ASAS-imaging"),
    ("ASAS-axSpA", "ASAS-imaging"),
    ("ASAS-axSpA", "ASAS-clinical"),
)


class People(NamedTuple):
    """The patients by number: first and last day (of follow-up or of the cohort), and how active the disease is, 0–10.

    `reported_on` is the day on which the registry learnt of each.
    """

    reported: Reported
    first_on: Whole
    last_on: Whole
    active: Floats
    reported_on: Whole


def people(draw: Draw, number: int, *, first_day: int, last_day: int, centres: int = len(CENTRES)) -> People:
    """Return the patients, enrolled at so many centres over the first six tenths of the cohort's time."""
    window = max(1, (last_day - first_day) * 6 // 10)
    enrolled_on = np.sort(first_day + draw.whole(0, window - 1, number))
    leaves = draw.yes(LEFT, number) & (last_day - enrolled_on > SHORTEST)
    span = np.maximum(1, last_day - enrolled_on - SHORTEST)
    left_on = np.where(leaves, enrolled_on + SHORTEST + draw.whole(0, span - 1, number), -1)
    onset_years, at_onset = draw.whole(0, 14, number), draw.whole(16, 44, number)
    onset_on = enrolled_on - onset_years * 365 - draw.whole(1, 364, number)
    precision = draw.one_of((2, 5, 3), number)
    diagnosed_on = onset_on + np.floor(draw.even(number) * (enrolled_on - onset_on)).astype(np.int64)
    columns: Columns = {
        "enrolled_on": enrolled_on,
        "centre": draw.whole(1, centres, number),
        "sex": draw.one_of((62, 38), number),
        "birth_year": 1970 + (onset_on // 366) - at_onset,
        "symptom_onset": began_on(onset_on, precision),
        "diagnosed_on": began_on(diagnosed_on, precision),
        "precision": precision,
        "criteria": draw.one_of((60, 25, 15), number),
        "hla_b27": draw.one_of((78, 15, 7), number),
    }
    ends = {"follow_up_ended_on": left_on, "follow_up_end_reason": np.where(leaves, draw.one_of(REASONS, number), -1)}

    def corrected(columns: Columns) -> Columns:
        return {**columns, "centre": columns["centre"] % centres + 1}

    plan = Plan(enrolled_on, last_day, corrected, ends, never_late=True, retracted=False)
    known = reported(draw, "patient", columns, patient=np.arange(number), clinical_on=enrolled_on, plan=plan)
    active = np.clip(4.5 + 3.0 * draw.bell(number), 0.5, 9.5)
    return People(known, enrolled_on, np.where(left_on >= 0, left_on, last_day), active, known.reported_on[:number])
