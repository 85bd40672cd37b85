"""One row per finding of a version of a reading: the grade of one item at one location."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, refers
from projections.stated.findings import FINDINGS, graded
from projections.versions.fact_versions import ENDING
from projections.versions.known_versions import FROM, NEVER_NULL, SPAN

if TYPE_CHECKING:
    from projections.versions.known_versions import KnownVersions

OF_READING: Final = ("patient", "reading_id")
OF_GRADE: Final = ("location_number", "item", "location", "segment", "grade", "item_number")
FINDINGS_VERSIONS: Final[Table] = declared(
    f"findings{ENDING}",
    "location and item of a version of a reading",
    order=f"patient {FROM} location_number item",
    columns=(
        *(column for column in FINDINGS.columns if column.name in OF_READING),
        *SPAN,
        *(column for column in FINDINGS.columns if column.name in OF_GRADE),
    ),
).keyed(
    f"{FROM} location_number item_number",
    refers(FROM, f"readings{ENDING}"),
    never_null=f"patient reading_id {NEVER_NULL} location segment",
)


def table(known: KnownVersions) -> ArrowTable:
    """Return the findings of the versions of readings, by patient, position, location_number, item."""
    readings, versions = known.facts.reading_versions, known.facts.versions("readings")
    spans = {name: column.combine_chunks() for name, column in known.spans(versions).items()}
    of_reading = {name: readings.key[name] for name in OF_READING}
    return known.included(FINDINGS_VERSIONS.of(graded(readings, of_reading | spans)))
