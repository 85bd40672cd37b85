"""On which day each patient died, as ends of follow-up say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from projections.columns.coded import Coded, Truth, coded, day_numbers, end_to_end
from projections.columns.partial_days import Days
from projections.observation.observed_spans import FOLLOW_UP_END, ObservedSpans

if TYPE_CHECKING:
    from projections.point_in_time import Facts

DIED: Final = "died"
ENDS: Final = (("patients", "follow_up_ended_on", "follow_up_end_reason"), ("follow_ups", "ended_on", "end_reason"))


def days_of_death(facts: Facts) -> tuple[Coded, Days]:
    """Return who died by the point in time, each once, and on which day, in days since 1970."""
    whose, days = [], []
    for kind, ended, reason in ENDS:
        rows = facts.of(kind)
        rows = rows.filter(pc.fill_null(pc.equal(rows[reason], DIED), False))
        whose.append(rows["patient"])
        days.append(day_numbers(rows[ended]).astype(np.int64))
    return coded(end_to_end(*whose)), np.concatenate(days)


def ended_by_death(facts: Facts, spans: ObservedSpans) -> Truth:
    """Return which spans end with the death of their patient; a death long after the last contact ends none."""
    patient, day = days_of_death(facts)
    row, span = spans.joined(patient)
    ended = np.zeros(len(spans.ended), dtype=bool)
    ended[span[day[row] == spans.ended[span]]] = True
    died: Truth = ended & (spans.ended_by == FOLLOW_UP_END)
    return died
