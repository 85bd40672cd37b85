"""One row per adverse event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import agents
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, text, word
from registry.catalogue import codes

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

ADVERSE_EVENTS: Final[Table] = declared(
    "adverse_events",
    "adverse event",
    order="patient started_on adverse_event_id",
    edition=2,
    function_of="patient",
    columns=(
        word("patient", "pseudonym"),
        day("started_on", "first day"),
        text("adverse_event_id", "reference of the adverse event"),
        word("term", "what happened"),
        day("ended_on", "last day, null while it goes on at the point in time"),
        word("severity", "severity", *codes.SEVERITIES),
        word("serious", "whether it was serious", *codes.YES_NO),
        word("agent", "the suspected drug", listed=agents),
        word("outcome", "how it ended; null where ended_on lies after as_of", *codes.ADVERSE_EVENT_OUTCOMES),
    ),
).keyed(
    "patient adverse_event_id",
    OF_PATIENT,
    never_null="started_on term",
    betrays={
        "identifier": "patient",
        "reference": "adverse_event_id",
        "day": "started_on ended_on",
        "open": "term",
        "none": "severity serious agent outcome",
    },
)


def adverse_events(facts: Facts) -> pd.DataFrame:
    """Return the adverse events as a frame, one row an event; columns as declared in `ADVERSE_EVENTS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the adverse events as an Arrow table by patient, started_on, adverse_event_id."""
    events = facts.of("adverse_events")
    order = in_order(coded(events["patient"]), day_numbers(events["started_on"]), coded(events["fact"]))
    events = events.take(pa.array(order))
    columns = {name: events[name] for name in events.column_names}
    return ADVERSE_EVENTS.of({**columns, "adverse_event_id": events["fact"]})
