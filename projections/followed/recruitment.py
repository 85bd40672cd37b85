"""One row per centre and period: how many patients were enrolled in it, and how many until its end.

Every centre that enrolled somebody has every period from the registry's first enrolment to that of today, those
without any too, so that a pause is seen. A period is over where its last day lies before today; of one that is not,
nobody can say yet how many it will be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.coded import coded, day_numbers
from projections.columns.tables import Table, declared, frame, number, tabled, word, yes_no
from projections.followed.calendar_periods import periods_of, up_to

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

RECRUITMENT: Final[Table] = declared(
    "recruitment",
    "centre and period",
    order="centre period",
    columns=(
        word("centre", "code of the recruiting centre, the empty text where none was recorded"),
        word("period", "year, quarter or month of the enrolments, as 2020, 2020-Q3 or 2020-07"),
        number("n_enrolled", "number of patients enrolled in it", type_="int64"),
        number("n_so_far", "number of patients that the centre had enrolled by its end", type_="int64"),
        yes_no("over", "whether the period was over at the point in time"),
    ),
)


def recruitment(facts: Facts, *, every: str = "year") -> pd.DataFrame:
    """Return the recruitment as a frame, one row a centre and period; columns as in `RECRUITMENT`.

    Raises `UnknownCodeError` for periods that are no year, quarter or month.
    """
    return frame(table(facts, every=every))


def table(facts: Facts, *, every: str = "year") -> ArrowTable:
    """Return the recruitment as an Arrow table by centre and period. Raises as `recruitment`."""
    patients = facts.of("patients")
    period = periods_of(day_numbers(patients["enrolled_on"]).astype(np.int64), every)
    if not len(period):
        return tabled(RECRUITMENT, [])
    centres = coded(patients["centre"].cast(pa.string()).fill_null(""))
    rows, periods = list[dict[str, object]](), up_to(int(period.min()), facts.today, every)
    for place, centre in enumerate(centres.words.to_pylist()):
        so_far = 0
        for each in periods:
            n = int(((centres.codes == place) & (period == each.number)).sum())
            so_far += n
            over = each.is_over(facts.today)
            rows.append({"centre": centre, "period": each.name, "n_enrolled": n, "n_so_far": so_far, "over": over})
    return tabled(RECRUITMENT, rows)
