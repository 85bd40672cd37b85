"""Days 0 as columns: one row a day 0, with the treatment that began on it and how well both are known."""

from __future__ import annotations

from typing import Final, NamedTuple, Self

import numpy as np

from projections.columns.coded import Rows
from projections.columns.partial_days import FOREVER, Days

PRECISE: Final = "day"


class DaysZero(NamedTuple):
    """One row a day 0: the day, and the last day of its treatment, in days since 1970.

    `stopped` is FOREVER where nothing was stopped; `reason` is why it was. The precisions are those of `PRECISIONS`:
    how well day 0 and the stop are known, None where there is none. `course` is the reference of the course.
    """

    day: Days
    stopped: Days
    reason: list[str | None]
    precision: list[str | None]
    stop_precision: list[str | None]
    course: list[str | None]

    @classmethod
    def of_days(cls, days: Days) -> Self:
        """Return days 0, each known to the day, that begin no treatment."""
        nothing: list[str | None] = [None] * len(days)
        return cls(days, np.full(len(days), FOREVER), nothing, [PRECISE] * len(days), nothing, nothing)

    def take(self, rows: Rows) -> Self:
        """Return some of the rows."""
        return type(self)(
            self.day[rows], self.stopped[rows], *([words[row] for row in rows.tolist()] for words in self[2:])
        )
