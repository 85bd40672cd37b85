"""One row per condition: a manifestation, an illness or an event, with its codes of ICD-10."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import conditions as listed_conditions
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.partial_days import EVER_BEFORE
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, text, word, words, yes_no
from registry.catalogue import codes
from registry.catalogue.protocol import CONDITION_GROUPS
from registry.domain.days import PRECISIONS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

CONDITIONS: Final[Table] = declared(
    "conditions",
    "condition of a patient",
    order="patient started_on condition_id",
    function_of="patient and protocol",
    columns=(
        word("patient", "pseudonym"),
        day("started_on", "since when, null where nobody knows; the first day that a partial date can mean"),
        text("condition_id", "reference of the condition"),
        word("condition", "name of the condition", listed=listed_conditions),
        word("group", "what kind of condition it is", *CONDITION_GROUPS),
        words("icd10", "codes of ICD-10 under which such a condition is coded"),
        word("started_on_precision", "how precisely started_on is known", *PRECISIONS.values()),
        day(
            "ended_on",
            "last day, null while it goes on at the point in time; the first day that a partial date can mean",
        ),
        word("ended_on_precision", "how precisely ended_on is known", *PRECISIONS.values()),
        word("basis", "who or what says so", *codes.CONDITION_BASES),
        word("side", "which side of the body", *codes.SIDES),
        text("note", "free text"),
        yes_no("ongoing", "whether no end of it is known at the point in time"),
        yes_no(
            "before_enrolment",
            "whether it began before enrolment, partial days counted as the middle of the days that they can mean; "
            "of a start that nobody knows, yes where it ended before, else null",
        ),
    ),
).keyed(
    "patient condition_id",
    OF_PATIENT,
    never_null="condition group icd10 ongoing",
    betrays={
        "identifier": "patient",
        "reference": "condition_id",
        "day": "started_on ended_on",
        "text": "note",
        "none": "condition group icd10 started_on_precision ended_on_precision basis side ongoing before_enrolment",
    },
)


def conditions(facts: Facts) -> pd.DataFrame:
    """Return the conditions as a frame, one row a condition of a patient; columns as declared in `CONDITIONS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the conditions as an Arrow table by patient, started_on, condition_id; without a start first."""
    found = facts.of("conditions")
    order = in_order(coded(found["patient"]), day_numbers(found["started_on"]), coded(found["fact"]))
    found = found.take(pa.array(order))
    known = facts.catalogue.conditions
    place = pc.index_in(found["condition"], value_set=pa.array(list(known), pa.string()))
    return CONDITIONS.of(
        {
            **{name: found[name] for name in found.column_names},
            "condition_id": found["fact"],
            "group": pa.array([each.group for each in known.values()]).take(place),
            "icd10": pa.array([each.icd10 for each in known.values()], pa.list_(pa.string())).take(place),
            "ongoing": pc.is_null(found["ended_on"]),
            "before_enrolment": _before_enrolment(facts, found),
        }
    )


def _before_enrolment(facts: Facts, found: ArrowTable) -> ArrowArray:
    """Return whether each condition began before its patient was enrolled, null where nobody can say."""
    enrolled = facts.of("patients")
    place = pc.index_in(found["patient"], value_set=enrolled["patient"].combine_chunks())
    enrolled_on = day_numbers(enrolled["enrolled_on"].take(place))
    started, stopped = (found[name].to_numpy() for name in ("started", "stopped"))
    unknown = (started == EVER_BEFORE) & (stopped >= enrolled_on)
    return pa.array(np.asarray(started < enrolled_on), mask=unknown)
