"""One row per course of treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.agents import agent_columns
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import agents, arms, drug_classes, products
from projections.columns.coded import coded, day_number, day_numbers, in_order
from projections.columns.partial_days import FOREVER
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, number, text, word, yes_no
from registry.catalogue import codes
from registry.domain.days import PRECISIONS

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from projections.point_in_time import Facts

TREATMENTS: Final[Table] = declared(
    "treatments",
    "course of treatment",
    order="patient started_on treatment_id",
    edition=2,
    function_of="patient and protocol",
    columns=(
        word("patient", "pseudonym"),
        day("started_on", "first day of the course; the first day that a partial date can mean"),
        text("treatment_id", "reference of the course"),
        word("agent", "international non-proprietary name", listed=agents),
        word("atc", "ATC code of the agent today, null where it has none"),
        word("drug_class", "class of the agent", listed=drug_classes),
        word("started_on_precision", "how precisely started_on is known", *PRECISIONS.values()),
        day(
            "stopped_on",
            "last day, null while it goes on at the point in time; the first day that a partial date can mean",
        ),
        word("stopped_on_precision", "how precisely stopped_on is known", *PRECISIONS.values()),
        word("stop_reason", "why it was stopped", *codes.STOP_REASONS),
        number("dose", "amount a time", type_="double", unit="as in dose_unit"),
        word("dose_unit", "unit of the dose, as mg"),
        word("frequency", "how often, as daily"),
        word("route", "how, as sc"),
        yes_no("ongoing", "whether it goes on at the point in time"),
        number(
            "days",
            "from start to stop, or to as_of while it goes on and an as_of is given; partial days count as the middle "
            "of the days that they can mean",
            type_="int32",
            unit="d",
        ),
        word("product", "what is written on the box, null where only the substance was said", listed=products),
        word("arm", "arm of the trial to which the course belongs, null outside of one", listed=arms),
    ),
).keyed(
    "patient treatment_id",
    OF_PATIENT,
    never_null="started_on agent drug_class started_on_precision ongoing",
    betrays={
        "identifier": "patient",
        "reference": "treatment_id",
        "day": "started_on stopped_on",
        "cut": "days",
        "open": "dose_unit frequency route",
        "none": "agent atc drug_class started_on_precision stopped_on_precision stop_reason dose ongoing product arm",
    },
)


def treatments(facts: Facts) -> pd.DataFrame:
    """Return the courses of treatment as a frame, one row a course; columns as declared in `TREATMENTS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the courses of treatment as an Arrow table by patient, started_on, treatment_id."""
    found = facts.of("treatments")
    order = in_order(coded(found["patient"]), day_numbers(found["started_on"]), coded(found["fact"]))
    found = found.take(pa.array(order))
    ongoing = pc.is_null(found["stopped_on"])
    return TREATMENTS.of(
        {
            **{name: found[name] for name in found.column_names},
            "treatment_id": found["fact"],
            **agent_columns(coded(found["agent"]), facts.catalogue),
            "dose": doses(found["dose"]),
            "ongoing": ongoing,
            "days": _days(found, facts.at.as_of),
        }
    )


def doses(texts: ArrowArray) -> ArrowArray:
    """Return doses as numbers, from how they were recorded."""
    return pc.add(texts.cast(pa.float64()), 0.0)  # -0 is 0


def _days(courses: ArrowTable, as_of: date | None) -> ArrowArray:
    """Return how long each course was, null while it goes on and no `as_of` says until when."""
    started, stopped = (courses[name].to_numpy() for name in ("started", "stopped"))
    if as_of is None:
        return pa.array(stopped - started, mask=stopped == FOREVER)
    return pa.array(np.minimum(stopped, day_number(as_of)) - started)
