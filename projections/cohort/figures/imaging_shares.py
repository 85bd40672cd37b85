"""How many members meet a criterion over readings, of those of whom it can be said, and of how many it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from projections.cohort.figures.comparing import left_out_for
from projections.cohort.figures.completeness import share_known
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.imaging_answers import MemberAnswers
from projections.cohort.members.cohort import Cohort
from projections.statistics.results import NOTHING_GIVEN

OPEN: Final = "open: what was not assessed could turn the answer"


def met_and_open(
    cohort: Cohort, at: tuple[str, str], answers: MemberAnswers, *, told: str, not_judged: list[tuple[int, str]]
) -> Iterator[Figure]:
    """Yield `met` and `open`; `told` is the rule, `not_judged` how many members it does not judge and why."""
    n_known, n_read = int(answers.known.sum()), len(answers.members)
    n_open = n_read - n_known
    note = left_out_for(cohort.n, [*not_judged, (n_open, OPEN)])
    met = share_of(cohort, (*at, "met"), *answers.yes_and_known(cohort.n), note=note)
    yield met._replace(variant=f"{told}; {met.variant}", n_patients=n_known)
    yield Figure(
        *at,
        "open",
        value=n_open,
        text=f"{n_open} of {n_read}",
        numerator=n_open,
        denominator=n_read,
        denominator_note=left_out_for(cohort.n, not_judged),
        variant=told,
        n_patients=n_read,
        reason=None if n_read else NOTHING_GIVEN,
    )


def answers_known(
    cohort: Cohort, at: tuple[str, str], answers: MemberAnswers, *, not_judged: list[tuple[int, str]]
) -> Figure:
    """Return of how many of all members the answer can be said; `not_judged` is how many are not judged and why."""
    n = int(answers.known.sum())
    note = left_out_for(cohort.n, [*not_judged, (len(answers.members) - n, OPEN)])
    return share_known(cohort, at, answers.yes_and_known(cohort.n)[1], note=note)
