"""Who responded, as in Figure 1 of the anakinra pilot study: by criterion and time point, with exact intervals.

Each patient is judged against the own values at the baseline time point. `responders` are of those of whom the answer
is known; `open` are those whose missing values could turn it, and `not seen` have no input of the criterion. Beside it
stands `responders, non-responder imputation`, of all patients, in which whoever is not known to respond does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from projections.cohort.definition.keys import Keys
from projections.cohort.definition.table_keys import criterion_names
from projections.cohort.figures.comparing import left_out_for, share
from projections.cohort.figures.criterion_status import criterion_status
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable

IMPUTED = "responders, non-responder imputation"

LAYOUT: Final[Layout] = (
    Panel("Of those of whom the answer is known", (Column("responders", AT, "{at}"),)),
    Panel("Of all, no answer as no response", (Column("responders, non-responder imputation", AT, "{at}"),)),
)


class Request(NamedTuple):
    """Who met which of the `criteria` at each time point but `baseline`, against the values there."""

    criteria: tuple[str, ...]
    baseline: str


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `criteria` and `baseline` ask; by default all criteria, against the first time point."""
    criteria = keys.words("criteria", criterion_names(), criterion_names())
    return Request(criteria, keys.word("baseline", time_points, time_points[0] if time_points else ""))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the responders of each criterion at each time point but the baseline."""
    for criterion in request.criteria:
        for name in cohort.names:
            if name != request.baseline:
                yield from _at(cohort, request, criterion, name)


def _at(cohort: Cohort, request: Request, criterion: str, name: str) -> Iterator[Figure]:
    status = criterion_status(cohort, criterion, baseline=request.baseline, time_point=name)
    n, open_, unseen = int(status.met.certain.sum()), int(status.open.sum()), int((~status.seen).sum())
    known, no_baseline = cohort.n - open_ - unseen, int(status.no_baseline.sum())
    reasons = [
        (unseen - no_baseline, "not seen"),
        (no_baseline, f"not seen at {request.baseline}"),
        (open_, "open: missing values could turn the answer"),
    ]
    against = f"against {request.baseline}"
    at = (criterion, name)
    figure = share((*at, "responders"), n, known, cohort.options, note=left_out_for(cohort.n, reasons), decimals=0)
    yield figure._replace(variant=f"{status.rule} {against}", n_patients=known)
    note = left_out_for(cohort.n, []) + f"; {open_ + unseen} imputed as no response"
    figure = share((*at, IMPUTED), n, cohort.n, cohort.options, note=note, decimals=0)
    yield figure._replace(variant=f"{status.rule} {against}; non-responder imputation", n_patients=cohort.n)


TABLE: Final = CohortTable(read_request, figures, LAYOUT)
