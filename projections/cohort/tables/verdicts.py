"""What became of single lesions, as in Table 2 of the anakinra pilot study: two studies read side by side.

Rows: each region, each kind of lesion, and `total`. Figures: `baseline` lesions; what became of them, and `responding`
(resolved or improved), each in percent of the baseline lesions; `new` ones beside them; and for each in how many
patients it was seen. Whose verdicts count is said by the table's key `reader`, by default the consensus. The studies
of a pair are as they were read, whatever the time points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import pyarrow.compute as pc

from projections.cohort.definition.keys import Keys
from projections.cohort.figures.comparing import left_out_for, share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable
from projections.lesions.paired_verdicts import CONSENSUS, VerdictSelection
from projections.statistics.results import NOTHING_GIVEN
from projections.verdicts import lesion_verdicts
from projections.verdicts.paired_patients import TOTAL

PERIOD = "paired studies"
BY = ("region", "kind")
LEFT_OUT = {"n_not_read": "not read in pairs", "n_one_scan": "with one scan only", "n_no_scan": "without a scan"}

VERDICTS: Final = ("baseline", "resolution", "improvement", "unchanged", "deterioration", "new", "responding")

LAYOUT: Final[Layout] = (
    Panel("Lesions", tuple(Column(verdict, AT, verdict) for verdict in VERDICTS)),
    Panel("Patients with one", tuple(Column(f"patients with {verdict}", AT, verdict) for verdict in VERDICTS)),
)


class Request(NamedTuple):
    """Whose paired verdicts count, and of which session; None of the only one there is."""

    reader: str
    session: str | None


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `reader` and `session` ask; by default the consensus."""
    return Request(keys.text("reader", CONSENSUS), keys.text("session") if keys.there("session") else None)


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of each region, then of each kind of lesion."""
    selection = VerdictSelection(request.reader, request.session, frozenset(cohort.members))
    verdicts = lesion_verdicts.table(cohort.facts, selection)
    for by in BY:
        for row in verdicts.filter(pc.equal(verdicts["by"], by)).to_pylist():
            if by == BY[0] or row["row"] != TOTAL:  # the total of the kinds is that of the regions
                yield from _figures_of(cohort, row, request)


def _figures_of(cohort: Cohort, row: dict[str, Any], request: Request) -> Iterator[Figure]:
    note, whose = _note(row), f"verdicts of {request.reader}"
    at = (row["row"], PERIOD, row["figure"])
    if row["denominator"] is not None:
        told = f"lesions at the earlier study; {note}"
        percent = share(at, row["n"], row["denominator"], cohort.options, note=told)
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
        variant=f"verdicts of {request.reader}",
        n_patients=row["n_read"],
    )


def _note(row: dict[str, Any]) -> str:
    return left_out_for(row["n_patients"], [(row[column], why) for column, why in LEFT_OUT.items()])


TABLE: Final = CohortTable(read_request, figures, LAYOUT)
