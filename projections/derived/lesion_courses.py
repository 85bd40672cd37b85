"""One row per course of a location: what became of it between two consecutive studies.

Two sources in one table. Derived: each two consecutive readings of a patient by the same reader, method and session, a
row for every location, judged by activity. Paired: what a reader who saw two studies side by side said of each lesion.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from projections.columns import catalogue_words
from projections.columns.arrow import ArrowTable
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, number, refers, word
from projections.lesions.derived_courses import COURSES, DERIVED, derived_courses
from projections.lesions.paired_courses import PAIRED, PAIRED_METHOD, paired_courses
from registry.catalogue import codes

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue


def _methods(catalogue: Catalogue) -> Collection[str]:
    return *catalogue_words.methods(catalogue), PAIRED_METHOD


def _segments(catalogue: Catalogue) -> Collection[str]:
    return *catalogue_words.segments(catalogue), *codes.LESION_KINDS


LESION_COURSES: Final[Table] = declared(
    "lesion_courses",
    "location or lesion between two consecutive studies",
    order="patient method reader session to_on to_study location_number",
    edition=3,
    function_of="patient",
    columns=(
        word("patient", "pseudonym"),
        word("method", "code of the method; paired-lesions for verdicts", listed=_methods),
        word("reader", "the reader's code; consensus for an agreed verdict"),
        word("session", "reading session or campaign, empty where there was none"),
        day("to_on", "day of the later examination"),
        word("to_study", "code of the later examination"),
        number(
            "location_number",
            "place of the location in the method's own order, or of the lesion within its pair, from 1",
        ),
        word("location", "where: a location of the method; for verdicts as recorded"),
        word(
            "segment",
            "segment to which the method counts the location; for verdicts the region",
            listed=_segments,
        ),
        word(
            "kind", "kind of lesion, for verdicts", *(kind for kinds in codes.LESION_KINDS.values() for kind in kinds)
        ),
        word("from_study", "code of the earlier examination"),
        day("from_on", "day of the earlier examination"),
        word("from_state", "state at the earlier examination; for verdicts present or absent"),
        word("to_state", "state at the later examination; for verdicts present or absent"),
        number("from_activity", "activity at the earlier examination, null where it cannot be said and for verdicts"),
        number("to_activity", "activity at the later examination, null where it cannot be said and for verdicts"),
        word("course", "what became of it", *filter(None, COURSES[0])),
        word("basis", "derived from two readings, or judged in a paired reading", DERIVED, PAIRED),
    ),
).keyed(
    "patient method reader session from_study to_study location_number",
    OF_PATIENT,
    refers("patient from_study", "imaging", "patient study"),
    refers("patient to_study", "imaging", "patient study"),
    never_null="to_on segment from_on course basis",
    betrays={
        "identifier": "patient",
        "reference": "to_study from_study",
        "person": "reader",
        "name": "session",
        "day": "to_on from_on",
        "open": "location",
        "none": "method location_number segment kind from_state to_state from_activity to_activity course basis",
    },
)


def lesion_courses(facts: Facts) -> pd.DataFrame:
    """Return the courses as a frame, one row a location between two studies; columns as in `LESION_COURSES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the courses as an Arrow table in the order of its key."""
    courses = derived_courses(facts.readings).with_(paired_courses(facts.of("lesions")))
    return LESION_COURSES.of(courses.columns())
