"""One row per visit that is due or overdue: whom to call, in the order in which a centre would.

Patients whom the protocol's `lost_after` counts as lost stay on the list, with the day from which they are: they can be
found again. `last_seen_on` is that of the table `patients`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, coded, in_order
from projections.columns.partial_days import FOREVER
from projections.columns.tables import Table, day, declared, frame, number, word
from projections.followed.expected import DUE, OVERDUE, STATES, Expected
from projections.followed.registry_retention import lost_on
from projections.stated import patients

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

RECALLS: Final[Table] = declared(
    "recalls",
    "visit that is due or overdue",
    order="centre",
    columns=(
        word("centre", "code of the recruiting centre"),
        word("patient", "pseudonym"),
        word("schedule", "what the schedule calls the visit"),
        word("state", "due while its window is open, overdue while it can still be made up", "due", "overdue"),
        day("due_on", "the day on which it is due"),
        day("window_to", "last day of the window"),
        number("days_over", "days since the end of the window; null while it is open", type_="int32", unit="d"),
        day("last_seen_on", "the latest of enrolment, visits and studies"),
        day("lost_on", "day from which the patient counts as lost by the protocol's rule, null where not"),
    ),
)


def recalls(facts: Facts) -> pd.DataFrame:
    """Return the visits that are due or overdue as a frame; columns as in `RECALLS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the visits that are due or overdue by centre, the overdue first, by due day and patient."""
    found = Expected.of(facts)
    rows = np.flatnonzero((found.state == DUE) | (found.state == OVERDUE))
    visits, state = found.visits.take(rows), found.state[rows]
    enrolled = patients.table(facts)
    lost = lost_on(facts, found.spans, found.days)[visits.patient]
    over = state == OVERDUE
    whose = pa.array(visits.patient)
    columns = {
        "centre": enrolled["centre"].combine_chunks().take(whose),
        "patient": Coded(visits.patient.astype(np.int32), found.spans.patients).array(),
        "schedule": visits.schedule.array(),
        "state": pa.array(STATES).take(pa.array(state)),
        "due_on": day_column(visits.due),
        "window_to": day_column(visits.window_to),
        "days_over": pa.array(found.today - visits.window_to, mask=~over),
        "last_seen_on": enrolled["last_seen_on"].combine_chunks().take(whose),
        "lost_on": day_column(np.where(lost == FOREVER, 0, lost), null=lost == FOREVER),
    }
    order = in_order(coded(columns["centre"].cast(pa.string())), ~over, visits.due, visits.patient, visits.schedule)
    return RECALLS.of({name: column.take(pa.array(order)) for name, column in columns.items()})
