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

from projections.cohort.definition.table_requests import Verdicts
from projections.cohort.figures.comparing import left_out_for, share
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.lesions.paired_verdicts import VerdictSelection
from projections.statistics.results import NOTHING_GIVEN
from projections.verdicts import lesion_verdicts
from projections.verdicts.paired_patients import TOTAL

PERIOD = "paired studies"
BY = ("region", "kind")
LEFT_OUT = {"n_not_read": "not read in pairs", "n_one_scan": "with one scan only", "n_no_scan": "without a scan"}


def figures(cohort: Cohort, wanted: Verdicts) -> Iterator[Figure]:
    """Yield the figures of each region, then of each kind of lesion."""
    selection = VerdictSelection(wanted.reader, wanted.session, frozenset(cohort.members))
    found = lesion_verdicts.table(cohort.facts, selection)
    for by in BY:
        for row in found.filter(pc.equal(found["by"], by)).to_pylist():
            if by == BY[0] or row["row"] != TOTAL:  # the total of the kinds is that of the regions
                yield from _figures_of(cohort, row, wanted)


def _figures_of(cohort: Cohort, row: dict[str, Any], wanted: Verdicts) -> Iterator[Figure]:
    note, whose = _note(row), f"verdicts of {wanted.reader}"
    at = (row["row"], PERIOD, row["figure"])
    if row["denominator"] is not None:
        told = f"lesions at the earlier study; {note}"
        percent = share(at, row["n"], row["denominator"], cohort.choices, note=told)
        yield percent._replace(text=row["text"], variant=f"{whose}; {percent.variant}", n_patients=row["n_read"])
    else:
        yield Figure(
            *at,
            value=row["n"],
            text=row["text"],
            numerator=row["n"],
            denominator=row["n_read"],
            denominator_note=f"patients read in pairs; {note}",
            variant=whose,
            n_patients=row["n_read"],
            reason=None if row["n_read"] else NOTHING_GIVEN,
        )
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


def _note(row: dict[str, Any]) -> str:
    return left_out_for(row["n_patients"], [(row[column], why) for column, why in LEFT_OUT.items()])
