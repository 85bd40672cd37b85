"""Who responded, as in Figure 1 of the anakinra pilot study: by criterion and time point, with exact intervals.

Each patient is judged against the own values at the baseline time point. Only who is due counts: whose window has
closed by the data cut. `responders` are of the denominator that was chosen: of those all of whose domains are known
(`complete`), unless another is named. `responders, non-responder imputation` are of all who are due, in which whoever
is not known to respond does not. `lowest possible` and `highest possible` are the bounds that the unknown leave open:
all of them taken as no, and as yes. `off the drug` counts who was on the day of the value. Who is due and without a
value had `died`, was `lost`, had `stopped before`, or was `not seen` though nothing of these explains it: the first
that holds, so that the four add up to those without a value. `known` is of how many of all members the answer is
known and counts, where the key `completeness` asks for it. No p stands between groups where answers are imputed,
which distorts differences (Mongin D et al. 2022).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from projections.cohort.definition.table_keys import criterion_names
from projections.cohort.figures.compared import Compared, Words
from projections.cohort.figures.comparing import left_out_for
from projections.cohort.figures.completeness import COMPLETENESS, asks_completeness, share_known
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.figures import At, Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.figures.response_rates import Answers, ResponderChoice, answers_at, read_choice
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.due import closes_on
from projections.cohort.members.ends_of_follow_up import DIED, FollowUpEnds
from projections.cohort.table import CohortTable
from projections.columns.coded import Truth
from projections.statistics.results import IMPUTED as IMPUTED_ANSWERS
from projections.statistics.results import NOTHING_GIVEN
from projections.statistics.rounding import fixed
from registry.toml_keys import Keys

IMPUTED: Final = "responders, non-responder imputation"
LOWEST, HIGHEST = "lowest possible", "highest possible"
NRI: Final = "nri"  # whoever is due and not known to respond does not
IMPUTATIONS: Final = (NRI,)

LAYOUT: Final[Layout] = (
    Panel("Responders", (Column("responders", AT, "{at}"),)),
    Panel("Of all who are due, no answer as no response", (Column(IMPUTED, AT, "{at}"),)),
    Panel(
        "What the unknown leave open, of all who are due",
        (Column(LOWEST, AT, "{at}, lowest"), Column(HIGHEST, AT, "{at}, highest")),
    ),
    COMPLETENESS,
)


class Request(NamedTuple):
    """Who met which of the `criteria` at each time point but `baseline`, against the values there, counted how.

    Of each imputation in `impute` the responders are a row of their own. `completeness` asks of how many members the
    answer is known.
    """

    criteria: tuple[str, ...]
    baseline: str
    choice: ResponderChoice
    impute: tuple[str, ...] = ()
    completeness: bool = False


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys ask; by default all criteria, against the first time point, of those with all domains."""
    criteria = keys.words("criteria", criterion_names(keys), criterion_names(keys))
    baseline = keys.word("baseline", time_points, time_points[0] if time_points else "")
    impute = keys.words("impute", IMPUTATIONS)
    return Request(criteria, baseline, read_choice(keys), impute, asks_completeness(keys))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the responders of each criterion at each time point but the baseline."""
    for criterion in request.criteria:
        for name in cohort.names:
            if name != request.baseline:
                yield from _at(cohort, request, criterion, name)


def _at(cohort: Cohort, request: Request, criterion: str, name: str) -> Iterator[Figure]:
    answers = answers_at(cohort, criterion, request.choice, baseline=request.baseline, time_point=name)
    variant = f"{answers.status.told}; {request.choice}"
    for figure in (
        *_rates(cohort, answers, (criterion, name), request.baseline),
        *_bounds(answers, (criterion, name)),
        *_counts(cohort, answers, (criterion, name)),
        *([_known(cohort, answers, (criterion, name))] if request.completeness else []),
    ):
        told = "; non-responder imputation" if figure.statistic == IMPUTED else ""
        yield figure._replace(variant=f"{variant}{told}")
        if figure.statistic == IMPUTED and NRI in request.impute:
            named = figure._replace(row=f"{criterion}, {NRI}", statistic="responders")
            yield named._replace(variant=f"{variant}{told}")


def _rates(cohort: Cohort, answers: Answers, at: tuple[str, str], baseline: str) -> Iterator[Figure]:
    note = left_out_for(cohort.n, [*answers.not_counted, *answers.not_in_denominator(baseline)])
    told = answers.due.early_told + _off_drug_told(answers)
    note += _imputed_told(answers) + told
    figure = share_of(cohort, (*at, "responders"), answers.responders, answers.denominator, note=note, decimals=0)
    yield figure._replace(n_patients=int(answers.denominator.sum()))
    note = left_out_for(cohort.n, answers.not_counted) + f"; {int(answers.open.sum())} imputed as no response" + told
    figure = share_of(cohort, (*at, IMPUTED), answers.met, answers.counted, note=note, decimals=0)
    yield figure._replace(n_patients=int(answers.counted.sum()))


def _known(cohort: Cohort, answers: Answers, at: tuple[str, str]) -> Figure:
    note = left_out_for(cohort.n, [*answers.not_counted, (int(answers.open.sum()), "whose answer is not known")])
    return share_known(cohort, at, answers.counted & answers.known, note=note)


def _imputed_told(answers: Answers) -> str:
    n = int(answers.open.sum())
    return f"; {n} imputed as no response" if answers.choice.denominator == "all" and n else ""


def _off_drug_told(answers: Answers) -> str:
    n = int((answers.due.due & ~answers.on_drug).sum())
    return f"; {n} of {int(answers.due.due.sum())} due off the drug" if n and answers.choice.on_drug != "only" else ""


def _bounds(answers: Answers, at: tuple[str, str]) -> Iterator[Figure]:
    """Yield the rates of all who count, with the unknown as no responders, and as responders."""
    yes, unknown, of = (int(each.sum()) for each in (answers.counted & answers.met, answers.open, answers.counted))
    for statistic, n, told in ((LOWEST, yes, "no responders"), (HIGHEST, yes + unknown, "responders")):
        yield Figure(
            *at,
            statistic,
            value=100 * n / of if of else None,
            text=f"{n} of {of} ({fixed(100 * n / of, 0)}%)" if of else f"{n} of {of}",
            numerator=n,
            denominator=of,
            denominator_note=f"all who are due; {unknown} unknown as {told}",
            n_patients=of,
            unit="%",
            reason=None if of else NOTHING_GIVEN,
        )


def _counts(cohort: Cohort, answers: Answers, at: tuple[str, str]) -> Iterator[Figure]:
    """Yield how many are due and off the drug, and why there is no value of how many."""
    due = answers.due.due
    closed = "patients; due are those whose window has closed"
    yield _count((*at, "due"), due, cohort.n, closed + answers.due.early_told)
    of = int(due.sum())
    yield _count((*at, "off the drug"), due & ~answers.on_drug, of, "all who are due")
    left = due & answers.status.without_value
    key = ("ends of follow-up", at[1])
    ends = cohort.by_member(key, lambda whole: FollowUpEnds.by(whole, closes_on(whole, at[1])))
    for statistic, why in ((DIED, ends.died), ("lost", ends.lost), ("stopped before", ~answers.on_drug)):
        yield _count((*at, statistic), left & why, of, "all who are due")
        left = left & ~why
    yield _count((*at, "not seen"), left, of, "all who are due")


def _count(at: At, who: Truth, of: int, note: str) -> Figure:
    n = int(who.sum())
    return Figure(
        *at,
        value=n,
        text=str(n),
        numerator=n,
        denominator=of,
        denominator_note=note,
        n_patients=of,
        reason=None if of else NOTHING_GIVEN,
    )


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who responds, of the denominator; no p where answers are imputed."""
    withheld = IMPUTED_ANSWERS if request.choice.denominator == "all" else None
    for criterion in request.criteria:
        for name in cohort.names:
            if name != request.baseline:
                answers = answers_at(cohort, criterion, request.choice, baseline=request.baseline, time_point=name)
                said = Words.yes_no(answers.met, answers.denominator)
                yield Compared(criterion, name, "responders", said, withheld, told=f"; {answers.status.rule}")


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared)
