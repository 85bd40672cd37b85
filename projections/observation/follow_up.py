"""One row per span in which a patient was under observation; see `observed_spans`.

The length of a span is the difference of its two days; a year has 365.25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.tables import Table, day, declared, frame, number, text, word
from projections.observation.observed_spans import (
    DAYS_IN_A_YEAR,
    ENDED_BY,
    OBSERVED,
    Observation,
    ObservedSpans,
    observed_spans,
)

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

FOLLOW_UP: Final[Table] = declared(
    "follow_up",
    "patient and observed span",
    order="patient span",
    columns=(
        text("patient", "pseudonym"),
        number("span", "number of the span among the patient's, from 1"),
        day("began_on", "enrolment, resumption of follow-up, or the first contact after a silence"),
        day("ended_on", "end of follow-up, the last contact, as_of, or the last contact before a silence"),
        word("ended_by", "which of these ended it", *ENDED_BY),
        number("days", "ended_on - began_on", type_="int32", unit="d"),
        number("years", "days / 365.25", type_="double", unit="a"),
    ),
)


def follow_up(facts: Facts, *, observation: Observation = OBSERVED) -> pd.DataFrame:
    """Return the observed spans as a frame, one row a patient and span; columns as declared in `FOLLOW_UP`."""
    return frame(table(facts, observation=observation))


def table(facts: Facts, *, observation: Observation = OBSERVED) -> ArrowTable:
    """Return the observed spans as an Arrow table by patient and span. Raises as `observed_spans` does."""
    return of_spans(observed_spans(facts, observation))


def of_spans(spans: ObservedSpans) -> ArrowArray:
    """Return spans as the table."""
    place = np.arange(len(spans.began))
    first = np.ones(len(place), dtype=bool)
    first[1:] = spans.patient.codes[1:] != spans.patient.codes[:-1]
    return FOLLOW_UP.of(
        {
            "patient": spans.patient.array().cast(pa.string()),
            "span": pa.array(place - np.maximum.accumulate(np.where(first, place, 0)) + 1),
            "began_on": day_column(spans.began),
            "ended_on": day_column(spans.ended),
            "ended_by": pa.array(ENDED_BY).take(pa.array(spans.ended_by)),
            "days": pa.array(spans.days),
            "years": pa.array(spans.days / DAYS_IN_A_YEAR),
        }
    )
