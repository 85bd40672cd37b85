"""One row per expected visit: when who is due, whether and when somebody came, and what was taken.

Today is `as_of`, else the day (UTC) on which the last event that was known was recorded. The rules stand where they are
carried out: which due days there are in `due_days`, which visits are asked in `asked_visits`, which day stands for
which visit and what the states mean in `expected`, what counts as taken in `required`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, Truth, coded, in_order
from projections.columns.tables import (
    OF_PATIENT,
    Column,
    Table,
    day,
    declared,
    frame,
    number,
    refers,
    text,
    word,
    words,
)
from projections.followed.expected import STATES, Expected
from projections.followed.learnt import learnt_at
from projections.followed.required import Required, required

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

EXPECTED_VISITS: Final[Table] = declared(
    "expected_visits",
    "patient, anchor and scheduled visit",
    order="patient due_on schedule anchor",
    function_of="today",
    columns=(
        word("patient", "pseudonym"),
        day("due_on", "the day on which it is due"),
        word("schedule", "what the schedule calls it, as baseline or year 3"),
        text("anchor", "reference of the enrolment, the course or the first course of the line that it counts from"),
        day("window_from", "first day of the window"),
        day("window_to", "last day of the window"),
        text(
            "visit_id", "reference of the visit that stands for it, of several rows of a day the first; null for none"
        ),
        day("visited_on", "day of that visit"),
        word("state", "what it has come to at the point in time", *STATES),
        number("n_required", "number of measures, scores and examinations that it requires"),
        number("n_taken", "how many of them there are; null where no visit stands for it"),
        words("missing", "those that are not; null where no visit stands for it"),
        Column("recorded_at", "timestamp[us, UTC]", "instant at which the registry first learnt of the visit"),
    ),
).keyed(
    "patient schedule anchor",
    OF_PATIENT,
    refers("patient visit_id", "visits"),
    never_null="due_on window_from window_to state n_required",
    betrays={
        "identifier": "patient",
        "reference": "anchor visit_id",
        "day": "due_on window_from window_to visited_on",
        "clock": "recorded_at",
        "cut": "state",
        "none": "schedule n_required n_taken missing",
    },
)


def expected_visits(facts: Facts) -> pd.DataFrame:
    """Return the expected visits as a frame, one row a patient, anchor and scheduled visit; as in `EXPECTED_VISITS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the expected visits as an Arrow table by patient, due_on, schedule, anchor."""
    found = Expected.of(facts)
    came, days = ~found.came, found.days
    first = pa.array(np.append(days.first, 0)[found.day], mask=came)
    learnt = pa.array(np.append(learnt_at(facts, days), 0)[found.day], mask=came)
    visits = found.visits
    return EXPECTED_VISITS.of(
        {
            "patient": Coded(visits.patient.astype(np.int32), found.spans.patients).array(),
            "due_on": day_column(visits.due),
            "schedule": visits.schedule.array(),
            "anchor": visits.anchor.array(),
            "window_from": day_column(visits.window_from),
            "window_to": day_column(visits.window_to),
            "visit_id": days.visited["fact"].combine_chunks().take(first),
            "visited_on": days.visited["visited_on"].combine_chunks().take(first),
            "state": pa.array(STATES).take(pa.array(found.state)),
            **_taken(required(facts, found), came),
            "recorded_at": learnt.cast(pa.timestamp("us", tz="UTC")),
        }
    )


def _taken(things: list[Required], nobody_came: Truth) -> dict[str, ArrowArray]:
    """Return how much each visit requires, how much of it there is, and what is missing."""
    n = len(nobody_came)
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *(each.rows for each in things)])
    taken = np.concatenate([np.zeros(0, dtype=bool), *(each.taken for each in things)])
    place = np.concatenate([np.zeros(0, dtype=np.int64), *(np.full(len(each.rows), each.place) for each in things)])
    lacking = np.flatnonzero(~taken & ~nobody_came[rows])
    lacking = lacking[in_order(rows[lacking], place[lacking])]
    offsets = np.append(0, np.cumsum(np.bincount(rows[lacking], minlength=n)))
    names = coded(pa.array([each.what for each in things], pa.string())).array().cast(pa.string())
    missing = pa.ListArray.from_arrays(
        pa.array(offsets.astype(np.int32)), names.take(pa.array(place[lacking])), mask=pa.array(nobody_came)
    )
    return {
        "n_required": pa.array(np.bincount(rows, minlength=n)),
        "n_taken": pa.array(np.bincount(rows[taken], minlength=n), mask=nobody_came),
        "missing": missing,
    }
