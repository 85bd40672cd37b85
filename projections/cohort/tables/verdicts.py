"""What became of single lesions, as in Table 2 of the anakinra pilot study: two studies read side by side.

Rows: each region, each kind of lesion, and `total`. Figures: `baseline` lesions; what became of them, and `responding`
(resolved or improved), each in percent of the baseline lesions; `new` ones beside them; and for each in how many
patients it was seen. Whose verdicts count is said by the table's key `reader`, by default the consensus. The studies
of a pair are as they were read, whatever the time points.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow.compute as pc

from projections import lesion_verdicts
from projections.cohort.cohort import Cohort
from projections.cohort.figures import Figure
from projections.cohort.wanted import Verdicts
from projections.paired_patients import TOTAL
from projections.statistics.results import LEVEL, NOTHING_GIVEN

PERIOD = "paired studies"
BY = ("region", "kind")
LEFT_OUT = {"n_not_read": "not read in pairs", "n_one_scan": "with one scan only", "n_no_scan": "without a scan"}


def figures(cohort: Cohort, wanted: Verdicts) -> Iterator[Figure]:
    """Yield the figures of each region, then of each kind of lesion."""
    found = lesion_verdicts.table(
        cohort.facts, wanted.reader, session=wanted.session, patients=frozenset(cohort.members)
    )
    for by in BY:
        for row in found.filter(pc.equal(found["by"], by)).to_pylist():
            if by == BY[0] or row["row"] != TOTAL:  # the total of the kinds is that of the regions
                yield from _figures_of(row, wanted)


def _figures_of(row: dict[str, Any], wanted: Verdicts) -> Iterator[Figure]:
    note = _note(row)
    of = row["denominator"]
    counted = Figure(
        row["row"],
        PERIOD,
        row["figure"],
        value=row["n"],
        text=row["text"],
        numerator=row["n"],
        denominator=of if of is not None else row["n_read"],
        denominator_note=("lesions at the earlier study; " if of is not None else "patients read in pairs; ") + note,
        variant=f"verdicts of {wanted.reader}",
        n_patients=row["n_read"],
    )
    yield counted if of is None else _as_percent(counted, row)
    yield Figure(
        row["row"],
        PERIOD,
        f"patients with {row['figure']}",
        value=row["n_with"],
        text=str(row["n_with"]),
        numerator=row["n_with"],
        denominator=row["n_read"],
        denominator_note=f"patients read in pairs; {note}",
        variant=f"verdicts of {wanted.reader}",
        n_patients=row["n_read"],
    )


def _as_percent(figure: Figure, row: dict[str, Any]) -> Figure:
    return figure._replace(
        value=row["percent"],
        ci_low=row["ci_low"],
        ci_high=row["ci_high"],
        ci_method=row["ci_method"] and f"{row['ci_method']}, {100 * LEVEL:g}%",
        unit="%",
        reason=NOTHING_GIVEN if row["percent"] is None else None,
    )


def _note(row: dict[str, Any]) -> str:
    left = [f"{row[column]} {why}" for column, why in LEFT_OUT.items() if row[column]]
    return "; ".join([f"{row['n_read']} of {row['n_patients']} patients", *left])
