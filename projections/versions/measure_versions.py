"""One row per value of a version of a visit: as it was captured, and in the canonical unit of the measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, refers
from projections.derived.measures import MEASURES_TABLE, captured_at
from projections.versions.fact_versions import ENDING
from projections.versions.known_versions import FROM, NEVER_NULL, SPAN

if TYPE_CHECKING:
    from projections.versions.known_versions import KnownVersions

OF_VISIT: Final = ("patient", "visit_id")
OF_COMPUTED: Final = ("visited_on", "derived", "rule", "n_expected", "n_present")
MEASURES_VERSIONS: Final[Table] = declared(
    f"measures{ENDING}",
    "value captured in a version of a visit",
    order=f"patient {FROM} measure",
    columns=(
        *(column for column in MEASURES_TABLE.columns if column.name in OF_VISIT),
        *SPAN,
        *(column for column in MEASURES_TABLE.columns if column.name not in {*OF_VISIT, *OF_COMPUTED}),
    ),
).keyed(f"{FROM} measure", refers(FROM, f"visits{ENDING}"), never_null=f"patient visit_id {NEVER_NULL} unit")


def table(known: KnownVersions) -> ArrowTable:
    """Return the values of the versions of visits, by patient, position and measure."""
    from projections.clinical.taken_measures import Taken

    visits = known.measured()
    captured = captured_at(Taken(visits, known.facts.catalogue), known.facts.catalogue)
    of_visit = pa.array(captured.of_visit)
    return MEASURES_VERSIONS.of(
        {
            **{name: captured.rows[name] for name in captured.rows.column_names},
            **{name: column.take(of_visit) for name, column in known.spans(visits).items()},
        }
    )
