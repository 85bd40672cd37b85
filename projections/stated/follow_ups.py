"""One row per resumption of follow-up; what began at enrolment, and its end, stand in `patients`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, text, word
from registry.catalogue import codes

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

FOLLOW_UPS: Final[Table] = declared(
    "follow_ups",
    "resumption of follow-up",
    order="patient resumed_on follow_up_id",
    function_of="patient",
    columns=(
        word("patient", "pseudonym"),
        day("resumed_on", "first day of follow-up after an end of it"),
        text("follow_up_id", "reference of the resumption"),
        day("ended_on", "last day of the resumed follow-up, null while it goes on at the point in time"),
        word("end_reason", "why it ended", *codes.FOLLOW_UP_END_REASONS),
    ),
).keyed(
    "patient follow_up_id",
    OF_PATIENT,
    never_null="resumed_on",
    betrays={
        "identifier": "patient",
        "reference": "follow_up_id",
        "day": "resumed_on ended_on",
        "quasi": "end_reason",
    },
)


def follow_ups(facts: Facts) -> pd.DataFrame:
    """Return the resumptions of follow-up as a frame, one row a resumption; columns as declared in `FOLLOW_UPS`."""
    return frame(table(facts))


def table(facts: Facts) -> Any:
    """Return the resumptions of follow-up as an Arrow table by patient, resumed_on, follow_up_id."""
    found = facts.of("follow_ups")
    order = in_order(coded(found["patient"]), day_numbers(found["resumed_on"]), coded(found["fact"]))
    found = found.take(pa.array(order))
    return FOLLOW_UPS.of({**{name: found[name] for name in found.column_names}, "follow_up_id": found["fact"]})
