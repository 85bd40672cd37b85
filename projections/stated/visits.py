"""One row per visit; what was measured at it is in `measures`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, text, word, yes_no

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

VISITS: Final[Table] = declared(
    "visits",
    "visit",
    order="patient visited_on visit_id",
    function_of="patient",
    columns=(
        word("patient", "pseudonym"),
        day("visited_on", "day of the visit"),
        text("visit_id", "reference of the visit"),
        word("visit", "label, as baseline or week 12"),
        yes_no("before_enrolment", "whether it lies before enrolment: history, outside observed time"),
    ),
).keyed(
    "patient visit_id",
    OF_PATIENT,
    never_null="visited_on before_enrolment",
    betrays={
        "identifier": "patient",
        "reference": "visit_id",
        "day": "visited_on",
        "open": "visit",
        "none": "before_enrolment",
    },
)


def visits(facts: Facts) -> pd.DataFrame:
    """Return the visits as a frame, one row a visit; columns as declared in `VISITS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the visits as an Arrow table by patient, visited_on, visit_id."""
    visited = ordered(facts)
    return VISITS.of(
        {
            **{name: visited[name] for name in ("patient", "visited_on", "visit")},
            "visit_id": visited["fact"],
            "before_enrolment": pc.less(visited["visited_on"], _enrolled_on(facts, visited["patient"])),
        }
    )


def _enrolled_on(facts: Facts, patients: ArrowArray) -> ArrowArray:
    """Return the day of enrolment of the patient of each row."""
    enrolled = facts.of("patients").combine_chunks()
    return enrolled["enrolled_on"].take(pc.index_in(patients, value_set=enrolled["patient"]))


def ordered(facts: Facts) -> ArrowTable:
    """Return the visits as facts, by patient, visited_on, reference."""
    return _in_order(facts.of("visits"))


def with_measures(facts: Facts) -> ArrowTable:
    """Return the visits as `ordered` does, with what was measured at each in `measures`."""
    return _in_order(facts.of("visits").append_column("measures", facts.measures))


def _in_order(visited: ArrowTable) -> ArrowTable:
    order = in_order(coded(visited["patient"]), day_numbers(visited["visited_on"]), ties=lambda: coded(visited["fact"]))
    return visited if (order[1:] > order[:-1]).all() else visited.take(pa.array(order))
