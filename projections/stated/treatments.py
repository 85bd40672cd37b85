"""One row per course of treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import Table, day, declared, frame, number, text, word, yes_no
from registry.catalogue import codes
from registry.catalogue.agents import AGENTS
from registry.domain.days import PRECISIONS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

TREATMENTS: Final[Table] = declared(
    "treatments",
    "course of treatment",
    key="patient started_on treatment_id",
    columns=(
        word("patient", "pseudonym"),
        day("started_on", "first day of the course; the first day that a partial date can mean"),
        text("treatment_id", "reference of the course"),
        word("agent", "international non-proprietary name", *AGENTS),
        word("atc", "ATC code of the agent today"),
        word("drug_class", "class of the agent", *dict.fromkeys(agent.drug_class for agent in AGENTS.values())),
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
            "stopped_on - started_on, or as_of - started_on while it goes on and an as_of is given; "
            "partial dates count from their first day, so that it can be negative",
            type_="int32",
            unit="d",
        ),
    ),
)


def treatments(facts: Facts) -> pd.DataFrame:
    """Return the courses of treatment as a frame, one row a course; columns as declared in `TREATMENTS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the courses of treatment as an Arrow table by patient, started_on, treatment_id."""
    courses = facts.of("treatments")
    order = in_order(coded(courses["patient"]), day_numbers(courses["started_on"]), coded(courses["fact"]))
    courses = courses.take(pa.array(order))
    ongoing = pc.is_null(courses["stopped_on"])
    until = courses["stopped_on"] if facts.at.as_of is None else pc.fill_null(courses["stopped_on"], facts.at.as_of)
    days = pc.subtract(until.cast(pa.int32()), courses["started_on"].cast(pa.int32()))
    of_agent = pc.index_in(courses["agent"], value_set=pa.array(list(AGENTS)))
    return TREATMENTS.of(
        {
            **{name: courses[name] for name in courses.column_names},
            "treatment_id": courses["fact"],
            "atc": pa.array([agent.atc for agent in AGENTS.values()]).take(of_agent),
            "drug_class": pa.array([agent.drug_class for agent in AGENTS.values()]).take(of_agent),
            "dose": courses["dose"].cast(pa.float64()),
            "ongoing": ongoing,
            "days": days,
        }
    )
