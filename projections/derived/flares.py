"""One row per flare, with the immunomodulating treatment that it fell into or followed.

Immunomodulating is every agent of the catalogue but NSAIDs and analgesics. A course covers a day from its first day to
its last; partial starts and stops count as `partial_days` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import immunomodulating
from projections.columns.coded import Coded, coded, coded_alike, day_numbers, in_order
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, number, text, word, yes_no
from projections.therapy.drug_courses import Covering, drug_courses
from registry.catalogue import codes

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

FLARES: Final[Table] = declared(
    "flares",
    "flare",
    order="patient started_on flare_id",
    edition=2,
    function_of="patient and protocol",
    columns=(
        word("patient", "pseudonym"),
        day("started_on", "first day of the flare"),
        text("flare_id", "reference of the flare"),
        day("ended_on", "last day, null while it goes on at the point in time"),
        word("basis", "who or what called it a flare", *codes.FLARE_BASES),
        word("severity", "severity", *codes.SEVERITIES),
        word("trigger", "what set it off", *codes.FLARE_TRIGGERS),
        text("note", "free text"),
        yes_no("on_treatment", "whether a course of an immunomodulating agent covers started_on"),
        word(
            "last_agent",
            "immunomodulating agent of the latest course stopped on or before started_on; of several stopped on one "
            "day that with the latest start, then with the last reference",
            listed=immunomodulating,
        ),
        number("days_since_last_stop", "started_on - the day on which last_agent was stopped", type_="int32", unit="d"),
    ),
).keyed(
    "patient flare_id",
    OF_PATIENT,
    never_null="started_on on_treatment",
    betrays={
        "identifier": "patient",
        "reference": "flare_id",
        "day": "started_on ended_on",
        "text": "note",
        "cut": "days_since_last_stop",
        "none": "basis severity trigger on_treatment last_agent",
    },
)


def flares(facts: Facts) -> pd.DataFrame:
    """Return the flares as a frame, one row a flare; columns as declared in `FLARES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the flares as an Arrow table by patient, started_on, flare_id."""
    found = facts.of("flares")
    order = in_order(coded(found["patient"]), day_numbers(found["started_on"]), coded(found["fact"]))
    found = found.take(pa.array(order))
    courses = drug_courses(facts, facts.catalogue.immunomodulating)
    flared, treated = coded_alike(found["patient"], courses.facts["patient"])
    day = day_numbers(found["started_on"]).astype(np.int64)
    covering = Covering.of(treated, courses)
    last = covering.last_stopped(flared, day)
    return FLARES.of(
        {
            **{name: found[name] for name in found.column_names},
            "flare_id": found["fact"],
            "on_treatment": pa.array(covering.covers(flared, day)),
            "last_agent": Coded(np.append(courses.agent.codes, np.int32(-1))[last], courses.agent.words).array(),
            "days_since_last_stop": pa.array(day - np.append(courses.stopped, 0)[last], mask=last < 0),
        }
    )
