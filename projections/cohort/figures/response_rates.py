"""Who counts as a responder, of whom: the denominators of response rates, and what the unknown leave open.

A "no" needs fewer known domains than a "yes", so that a rate of those whose answer is known is too low even where
values are missing completely at random. `complete` counts those all of whose domains are known, `known` those whose
answer is, `all` everybody who is due, with whoever is not known to respond as no responder. Only who is due enters any.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from projections.cohort.figures.criterion_status import CriterionStatus, criterion_status
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.due import Due, due_at
from projections.cohort.members.on_drug import on_drug
from projections.columns.coded import Rows, Truth
from registry.toml_keys import Keys

Denominator = Literal["complete", "known", "all"]
OnDrug = Literal["any", "only", "stopped-is-no"]

DENOMINATORS: Final[tuple[Denominator, ...]] = get_args(Denominator)
ON_DRUG: Final[tuple[OnDrug, ...]] = get_args(OnDrug)
LAG_DAYS: Final = 14  # days after a stop on which a visit still shows what the drug has done


class ResponderChoice(NamedTuple):
    """How responders are counted: of whom, on the drug or not, from one visit, with how many days after a stop."""

    denominator: Denominator = DENOMINATORS[0]
    on_drug: OnDrug = ON_DRUG[0]
    same_visit: bool = True
    lag: int = LAG_DAYS
    late_entrants: bool = False

    def __str__(self) -> str:
        said = [f"denominator {self.denominator}"]
        said += [f"on_drug {self.on_drug}"] if self.on_drug != ON_DRUG[0] else []
        said += ["value by value"] if not self.same_visit else []
        said += [f"lag {self.lag} days"] if self.lag != LAG_DAYS else []
        said += ["late entrants too"] if self.late_entrants else []
        return ", ".join(said)


def read_choice(keys: Keys) -> ResponderChoice:
    """Return what the keys `denominator`, `on_drug`, `same_visit`, `lag` and `late_entrants` of a table ask."""
    return read_choice_on_drug(keys)._replace(on_drug=keys.word("on_drug", ON_DRUG, ON_DRUG[0]))


def read_choice_on_drug(keys: Keys) -> ResponderChoice:
    """Return what the same keys ask where only who is on the drug counts, and `on_drug` is no question."""
    usual = ResponderChoice()
    return ResponderChoice(
        denominator=keys.word("denominator", DENOMINATORS, usual.denominator),
        on_drug="only",
        same_visit=keys.yes_no("same_visit", usual.same_visit),
        lag=keys.number("lag", usual.lag, low=0, high=3650),
        late_entrants=keys.yes_no("late_entrants", usual.late_entrants),
    )


class Answers(NamedTuple):
    """Each member's answer: `due` and, where that is asked, on the drug; `met` and `known` as they count."""

    status: CriterionStatus
    due: Due
    on_drug: Truth
    counted: Truth
    met: Truth
    known: Truth
    complete: Truth
    choice: ResponderChoice

    def of_members(self, rows: Rows) -> Answers:
        """Return the answers of some of the members."""
        return Answers(
            self.status.of_members(rows),
            Due(*(each[rows] for each in self.due)),
            on_drug=self.on_drug[rows],
            counted=self.counted[rows],
            met=self.met[rows],
            known=self.known[rows],
            complete=self.complete[rows],
            choice=self.choice,
        )

    @property
    def denominator(self) -> Truth:
        """Of whom the responders are counted."""
        counts = {"complete": self.complete, "known": self.known, "all": np.ones(len(self.met), dtype=bool)}
        denominator: Truth = self.counted & counts[self.choice.denominator]
        return denominator

    @property
    def responders(self) -> Truth:
        """Who of the denominator responds."""
        return self.denominator & self.met

    @property
    def open(self) -> Truth:
        """Who is counted and whose answer is not known."""
        return self.counted & ~self.known

    @property
    def not_counted(self) -> list[tuple[int, str]]:
        """How many do not count, and why."""
        off = int((self.due.due & ~self.counted).sum())
        return [*self.due.reasons, (off, "off the drug")]

    def not_in_denominator(self, baseline: str) -> list[tuple[int, str]]:
        """Return of how many who count the answer does not, and why."""
        out, status = self.counted & ~self.denominator, self.status
        reasons: list[tuple[Truth, str]] = [
            (out & status.without_value, "without a value"),
            (out & status.no_baseline, f"without a value at {baseline}"),
            (out & status.open, "open: missing values could turn the answer"),
            (out & status.has_value & ~status.open, "answered, with a domain missing"),
        ]
        return [(int(who.sum()), why) for who, why in reasons]


def answers_at(cohort: Cohort, criterion: str, choice: ResponderChoice, *, baseline: str, time_point: str) -> Answers:
    """Return the members' answers at a time point by a criterion."""
    key = ("answers", criterion, choice, baseline, time_point)
    return cohort.by_member(
        key, lambda whole: _answers_at(whole, criterion, choice, baseline=baseline, time_point=time_point)
    )


def _answers_at(cohort: Cohort, criterion: str, choice: ResponderChoice, *, baseline: str, time_point: str) -> Answers:
    status = criterion_status(cohort, criterion, baseline=baseline, time_point=time_point, same_visit=choice.same_visit)
    due = due_at(cohort, time_point, late_entrants=choice.late_entrants).or_answered(status.complete)
    on = on_drug(cohort, status.judged_on, lag=choice.lag)
    counted = due.due & on if choice.on_drug == "only" else due.due
    met, known, complete = status.met.certain, status.met.known, status.complete
    if choice.on_drug == "stopped-is-no":
        met, known, complete = met & on, known | ~on, complete | ~on
    return Answers(status, due, on, counted, met, known, complete, choice)
