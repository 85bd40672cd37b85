"""The recorded flares within observed time, each with the immunomodulating treatment that it fell into or followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from projections.columns.coded import Rows, Truth, coded, day_numbers, in_order
from projections.columns.partial_days import Days
from projections.therapy.off_treatment import Treated

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Flares(NamedTuple):
    """Recorded flares by span and day: the row of the span, the day, the treatment.

    `last` is the row of the course stopped last on or before the day, -1 where there is none. `n_outside` is how many
    flares began at no observed time.
    """

    span: Rows
    day: Days
    on_treatment: Truth
    last: Rows
    n_outside: int

    @classmethod
    def within(cls, facts: Facts, treated: Treated) -> Flares:
        """Return the flares that began within a span (`ObservedSpans.at`)."""
        flares = facts.of("flares")
        day = day_numbers(flares["started_on"]).astype(np.int64)
        span = treated.spans.at(coded(flares["patient"]), day)
        order = in_order(span, day)[np.count_nonzero(span < 0) :]
        span, day = span[order], day[order]
        covering, outside = treated.covering, flares.num_rows - len(order)
        return cls(span, day, covering.covers(span, day), covering.last_stopped(span, day), outside)
