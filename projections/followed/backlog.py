"""One row per period: how long visits of it took from the day of the visit to the record, as it was known then.

Counted are the days with a visit that were known at the point in time, from the visit to the day (UTC) on which the
registry first learnt of it, whatever was said of the visit since; what was recorded before the visit took 0 days. A
period that is not over, or of which visits may still come in, has fewer and quicker ones than it will have in the end:
the point in time is told beside it by `over`. Quartiles are the middle values, of an even number the mean of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, frame, number, tabled, word, yes_no
from projections.followed.calendar_periods import periods_of, up_to
from projections.followed.completeness import MICROSECONDS
from projections.followed.learnt import learnt_at
from projections.followed.spans import Spans
from projections.followed.visit_days import VisitDays

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

QUARTILES: Final = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
WITHIN: Final = (30, 90)  # days
BACKLOG: Final[Table] = declared(
    "backlog",
    "period",
    order="period",
    columns=(
        word("period", "year, quarter or month of the visits, as 2020, 2020-Q3 or 2020-07"),
        number("n_visits", "number of days with a visit", type_="int64"),
        number("lower_quartile", "of the days from visit to record", type_="double", unit="d"),
        number("median", "of the days from visit to record", type_="double", unit="d"),
        number("upper_quartile", "of the days from visit to record", type_="double", unit="d"),
        number("n_within_30", "recorded within 30 days", type_="int64"),
        number("n_within_90", "recorded within 90 days", type_="int64"),
        yes_no("over", "whether the period was over at the point in time"),
    ),
)


def backlog(facts: Facts, *, every: str = "quarter") -> pd.DataFrame:
    """Return the backlog as a frame, one row a period from the first visit to today; columns as in `BACKLOG`.

    Raises `UnknownCodeError` for periods that are no year, quarter or month.
    """
    return frame(table(facts, every=every))


def table(facts: Facts, *, every: str = "quarter") -> ArrowTable:
    """Return the backlog as an Arrow table by period. Raises as `backlog`."""
    days = VisitDays.of(facts, Spans.of(facts).patients)
    delays = np.maximum(learnt_at(facts, days) // MICROSECONDS - days.day, 0)
    period = periods_of(days.day, every)
    if not len(period):
        return tabled(BACKLOG, [])
    rows = []
    for each in up_to(int(period.min()), facts.today, every):
        took = delays[period == each.number]
        quartiles = {
            name: float(np.quantile(took, share, method="averaged_inverted_cdf")) if len(took) else None
            for name, share in QUARTILES.items()
        }
        within = {f"n_within_{most}": int((took <= most).sum()) for most in WITHIN}
        over = each.is_over(facts.today)
        rows.append({"period": each.name, "n_visits": len(took), **quartiles, **within, "over": over})
    return tabled(BACKLOG, rows)
