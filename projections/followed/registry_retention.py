"""One row per year since enrolment: of who began it in the registry, who was seen in it, and who left it and why.

Everybody who is at risk in a year is in exactly one of the columns from `n_lost` to `n_not_over`, or at risk in the
next. The first year begins on the day of enrolment, each later one on that day of a later year. A patient leaves on the
last day of the last span of follow-up, for the reason that stands there; gaps between spans are bridged. Who has no
recorded end and was not seen at any visit for longer than the protocol's `lost_after`, since enrolment, resumption or
the last visit, left as lost on the day on which it had passed. It is counted so at the point in time and never
recorded: one visit later nobody was lost. A year is not over where it ends after today, or on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Codes, day_number
from projections.columns.partial_days import FOREVER, Days
from projections.columns.tables import Table, declared, frame, number
from projections.followed.spans import Spans
from projections.followed.visit_days import VisitDays
from projections.observation.durations import Duration, duration

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

LEFT: Final = ("lost", "died", "withdrawn")
LOST: Final = 0
OTHERWISE: Final = len(LEFT)
STAYS: Final = -1
REGISTRY_RETENTION: Final[Table] = declared(
    "registry_retention",
    "year since enrolment",
    order="year",
    columns=(
        number("year", "which year since enrolment, from 1"),
        number("n_at_risk", "number of patients in the registry at its beginning", type_="int32"),
        number("n_seen", "of them with a visit in it", type_="int32"),
        number("n_lost", "of them lost in it, as recorded or by the protocol's lost_after", type_="int32"),
        number("n_died", "of them who died in it", type_="int32"),
        number("n_withdrawn", "of them who withdrew their consent in it", type_="int32"),
        number("n_otherwise", "of them who left in it for another reason", type_="int32"),
        number("n_not_over", "of them for whom it is not over", type_="int32"),
    ),
)


def registry_retention(facts: Facts) -> pd.DataFrame:
    """Return the retention as a frame, one row a year since enrolment; columns as in `REGISTRY_RETENTION`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the retention as an Arrow table by year."""
    spans = Spans.of(facts)
    days = VisitDays.of(facts, spans.patients)
    enrolled, today = spans.opened[spans.first], day_number(facts.today)
    left, why = _left(facts, spans, days)
    rows, year, at_risk = list[dict[str, int]](), 0, np.ones(len(enrolled), dtype=bool)
    while at_risk.any():
        begins, ends = (Duration(months=12 * each).after(enrolled) for each in (year, year + 1))
        year += 1
        leaves = at_risk & (left < ends)
        stays = at_risk & ~leaves & (ends <= today)
        seen = days.day
        in_year = (seen >= begins[days.patient]) & (seen < ends[days.patient])
        rows.append(
            {
                "year": year,
                "n_at_risk": int(at_risk.sum()),
                "n_seen": int((at_risk & (np.bincount(days.patient[in_year], minlength=len(enrolled)) > 0)).sum()),
                **{f"n_{reason}": int((leaves & (why == place)).sum()) for place, reason in enumerate(LEFT)},
                "n_otherwise": int((leaves & (why == OTHERWISE)).sum()),
                "n_not_over": int((at_risk & ~leaves & ~stays).sum()),
            }
        )
        at_risk = stays
    return REGISTRY_RETENTION.of(
        {name: pa.array([row[name] for row in rows]) for name in REGISTRY_RETENTION.schema.names}
    )


def lost_on(facts: Facts, spans: Spans, days: VisitDays) -> Days:
    """Return the day on which each patient counts as lost by the protocol's rule, FOREVER where not by today."""
    protocol = facts.catalogue.protocol
    if protocol is None or protocol.follow_up is None:
        return np.full(len(spans.first), FOREVER, dtype=np.int64)
    last = spans.opened[spans.last].copy()
    np.maximum.at(last, days.patient, days.day)
    passed = duration("lost_after", protocol.follow_up.lost_after).after(last)
    is_lost = (spans.ended[spans.last] == FOREVER) & (passed < day_number(facts.today))
    return np.where(is_lost, passed + 1, FOREVER)


def _left(facts: Facts, spans: Spans, days: VisitDays) -> tuple[Days, Codes]:
    """Return the day on which each patient left, FOREVER who did not, and why: a place in `LEFT`, or OTHERWISE."""
    ended, lost = spans.ended[spans.last], lost_on(facts, spans, days)
    reason = pc.index_in(spans.reason.take(pa.array(spans.last)), value_set=pa.array(LEFT)).fill_null(OTHERWISE)
    why = np.where(lost != FOREVER, LOST, reason.to_numpy(zero_copy_only=False))
    return np.minimum(ended, lost), why.astype(np.int32)
