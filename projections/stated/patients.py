"""One row per patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import centres
from projections.columns.clinical_days import day_column
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import Table, day, declared, frame, number, text, word, words
from registry.catalogue import codes
from registry.domain.days import PRECISIONS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

PATIENTS: Final[Table] = declared(
    "patients",
    "patient",
    order="patient",
    function_of="patient",
    columns=(
        text("patient", "pseudonym"),
        word("centre", "code of the recruiting centre", listed=centres),
        word("sex", "sex", *codes.SEXES),
        number("birth_year", "year of birth", unit="a"),
        day("symptom_onset", "first symptoms; the first day that a partial date can mean"),
        word("symptom_onset_precision", "how precisely symptom_onset is known", *PRECISIONS.values()),
        day("diagnosed_on", "diagnosis; the first day that a partial date can mean"),
        word("diagnosed_on_precision", "how precisely diagnosed_on is known", *PRECISIONS.values()),
        words(
            "criteria",
            "classification criteria fulfilled; empty where none were recorded",
            *codes.CLASSIFICATION_CRITERIA,
        ),
        word("hla_b27", "HLA-B27", *codes.HLA_B27),
        day("enrolled_on", "entry into the registry"),
        day("consented_on", "consent to the registry"),
        day(
            "follow_up_ended_on",
            "last day of follow-up before any resumption, null while it goes on at the point in time",
        ),
        word("follow_up_end_reason", "why follow-up ended", *codes.FOLLOW_UP_END_REASONS),
        day("last_seen_on", "the latest of enrolment, visits and studies visible at the point in time"),
    ),
).keyed(
    "patient",
    never_null="criteria enrolled_on last_seen_on",
    betrays={
        "identifier": "patient",
        "place": "centre",
        "birth": "birth_year",
        "quasi": "sex criteria hla_b27 follow_up_end_reason",
        "day": "symptom_onset diagnosed_on enrolled_on consented_on follow_up_ended_on last_seen_on",
        "none": "symptom_onset_precision diagnosed_on_precision",
    },
)


def patients(facts: Facts) -> pd.DataFrame:
    """Return the patients as a frame, one row a patient; columns as declared in `PATIENTS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the patients as an Arrow table in the order of the pseudonyms."""
    enrolled = facts.of("patients")
    enrolled = enrolled.take(pa.array(in_order(coded(enrolled["patient"]), coded(enrolled["fact"]))))
    columns = {name: enrolled[name] for name in enrolled.column_names}
    return PATIENTS.of({**columns, "last_seen_on": _last_seen_on(facts, enrolled)})


def _last_seen_on(facts: Facts, enrolled: ArrowTable) -> ArrowArray:
    seen = (enrolled, "enrolled_on"), (facts.of("visits"), "visited_on"), (facts.of("imaging"), "performed_on")
    everybody = coded(pa.concat_tables([rows.select(["patient"]) for rows, _ in seen])["patient"])
    last = np.full(len(everybody.words), np.iinfo(np.int32).min, dtype=np.int32)
    np.maximum.at(last, everybody.codes, np.concatenate([day_numbers(rows[day]) for rows, day in seen]))
    return day_column(last[everybody.codes[: enrolled.num_rows]])
