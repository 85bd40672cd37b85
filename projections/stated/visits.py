"""One row per visit; what was measured at it is in `measures`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import Table, day, declared, frame, text, word

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

VISITS: Final[Table] = declared(
    "visits",
    "visit",
    key="patient visited_on visit_id",
    columns=(
        word("patient", "pseudonym"),
        day("visited_on", "day of the visit"),
        text("visit_id", "reference of the visit"),
        word("visit", "label, as baseline or week 12"),
    ),
)


def visits(facts: Facts) -> pd.DataFrame:
    """Return the visits as a frame, one row a visit; columns as declared in `VISITS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the visits as an Arrow table by patient, visited_on, visit_id."""
    found = ordered(facts)
    return VISITS.of({**{name: found[name] for name in ("patient", "visited_on", "visit")}, "visit_id": found["fact"]})


def ordered(facts: Facts) -> ArrowTable:
    """Return the visits as facts, with their measures, by patient, visited_on, reference."""
    found = facts.of("visits")
    order = in_order(coded(found["patient"]), day_numbers(found["visited_on"]), ties=lambda: coded(found["fact"]))
    return found.take(pa.array(order))
