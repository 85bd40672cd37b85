"""Who responded, as in Figure 1 of the anakinra pilot study: by criterion and time point, with exact intervals.

Each patient is judged against the own values at the baseline time point. `responders` are of those of whom the answer
is known; `open` are those whose missing values could turn it, and `not seen` have no input of the criterion. Beside it
stands `responders, non-responder imputation`, of all patients, in which whoever is not known to respond does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from projections.cohort.definition.table_requests import Responders
from projections.cohort.figures.comparing import left_out_for, share
from projections.cohort.figures.criterion_status import judged
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort

IMPUTED = "responders, non-responder imputation"


def figures(cohort: Cohort, wanted: Responders) -> Iterator[Figure]:
    """Yield the responders of each criterion at each time point but the baseline."""
    for criterion in wanted.criteria:
        for name in cohort.names:
            if name != wanted.baseline:
                yield from _at(cohort, wanted, criterion, name)


def _at(cohort: Cohort, wanted: Responders, criterion: str, name: str) -> Iterator[Figure]:
    said = judged(cohort, criterion, baseline=wanted.baseline, time_point=name)
    n, open_, unseen = int(said.met.sum()), int(said.open.sum()), int((~said.seen).sum())
    known, no_baseline = cohort.n - open_ - unseen, int(said.no_baseline.sum())
    reasons = [
        (unseen - no_baseline, "not seen"),
        (no_baseline, f"not seen at {wanted.baseline}"),
        (open_, "open: missing values could turn the answer"),
    ]
    against = f"against {wanted.baseline}"
    at = (criterion, name)
    figure = share((*at, "responders"), n, known, cohort.choices, note=left_out_for(cohort.n, reasons), decimals=0)
    yield figure._replace(variant=f"{said.rule} {against}", n_patients=known)
    note = left_out_for(cohort.n, []) + f"; {open_ + unseen} imputed as no response"
    figure = share((*at, IMPUTED), n, cohort.n, cohort.choices, note=note, decimals=0)
    yield figure._replace(variant=f"{said.rule} {against}; non-responder imputation", n_patients=cohort.n)
