"""One row per imaging study: one examination, whoever has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, text, word, words
from registry.catalogue import codes

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

IMAGING: Final[Table] = declared(
    "imaging",
    "imaging study",
    order="patient performed_on study",
    edition=2,
    function_of="patient",
    columns=(
        word("patient", "pseudonym"),
        day("performed_on", "day of the examination"),
        text("study", "the examination's code"),
        word("modality", "modality", *codes.MODALITIES),
        words("regions", "regions examined", *codes.REGIONS),
        words("sequences", "sequences, where known in the usual spelling; empty where none were recorded"),
        text("note", "free text, as why it is incomplete"),
    ),
).keyed(
    "patient study",
    OF_PATIENT,
    never_null="performed_on modality regions sequences",
    betrays={
        "identifier": "patient",
        "reference": "study",
        "day": "performed_on",
        "open": "sequences",
        "text": "note",
        "none": "modality regions",
    },
)


def imaging(facts: Facts) -> pd.DataFrame:
    """Return the imaging studies as a frame, one row a study; columns as declared in `IMAGING`."""
    return frame(table(facts))


def study_references(facts: Facts) -> dict[str, str]:
    """Return the reference of each study by its code; the code is not in it where the study's row had an id."""
    studies = facts.of("imaging")
    return dict(zip(studies["study"].to_pylist(), studies["fact"].to_pylist(), strict=True))


def table(facts: Facts) -> ArrowTable:
    """Return the imaging studies as an Arrow table by patient, performed_on, study."""
    studies = facts.of("imaging")
    keys = (
        coded(studies["patient"]),
        day_numbers(studies["performed_on"]),
        coded(studies["study"]),
        coded(studies["fact"]),
    )
    studies = studies.take(pa.array(in_order(*keys)))
    return IMAGING.of({name: studies[name] for name in studies.column_names})
