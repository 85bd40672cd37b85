"""Whether the members of a cohort meet a criterion at a time point, judged against their values at another.

The inputs of one answer come from one visit, the preferred one in the window that has all of them; where none has all,
the preferred of those that have most. Value by value, each from the preferred visit that has it, only where asked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Rows, Truth
from projections.columns.partial_days import Days
from registry.catalogue.criteria.criterion import BASELINE
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values


class CriterionStatus(NamedTuple):
    """Whether each member meets a criterion at a time point; of those without a value it cannot be said.

    `has_value` are the members with some input of the criterion at the time point, and at the baseline where it
    compares; `no_baseline` those with a value at the time point who have nothing to be compared with. `complete` says
    of whom all inputs are known; `judged_on` is the day of the visit that was used, the target day where there is none.
    `against` is the time point with which the criterion compares, None for a state.
    """

    rule: str
    met: Truths
    has_value: Truth
    no_baseline: Truth
    complete: Truth
    judged_on: Days
    against: str | None = None

    def of_members(self, rows: Rows) -> CriterionStatus:
        """Return the same of some of the members."""
        met = Truths(self.met.certain[rows], self.met.possible[rows])
        return CriterionStatus(
            self.rule,
            met,
            has_value=self.has_value[rows],
            no_baseline=self.no_baseline[rows],
            complete=self.complete[rows],
            judged_on=self.judged_on[rows],
            against=self.against,
        )

    @property
    def told(self) -> str:
        """The rule, and with which time point it compares where it does."""
        return f"{self.rule} against {self.against}" if self.against else self.rule

    @property
    def open(self) -> Truth:
        """Of whom it cannot be said although they have a value: missing values could turn the answer."""
        return self.has_value & ~self.met.known

    @property
    def without_value(self) -> Truth:
        """Of whom nothing is known at the time point."""
        return ~self.has_value & ~self.no_baseline


def criterion_status(
    cohort: Cohort, criterion: str, *, baseline: str, time_point: str, same_visit: bool = True
) -> CriterionStatus:
    """Return whether the members meet a criterion at a time point, with the values at `baseline` as those before."""
    asked = cohort.criterion(criterion)
    before, now = (_inputs(cohort, asked.inputs, name, same_visit=same_visit) for name in (baseline, time_point))
    judgement = asked.over(now.values, before=before.values)
    there = now.some_known
    against = baseline if asked.against == BASELINE else None
    has_value = there & before.some_known if against else there
    met = Truths(judgement.met.certain & has_value, judgement.met.possible | ~has_value)
    complete = judgement.n_known == judgement.n_expected
    return CriterionStatus(judgement.rule, met, has_value, there & ~has_value, complete, now.day, against)


class _Inputs(NamedTuple):
    """The inputs of a criterion at a time point, and the day of the latest visit from which one was taken."""

    values: dict[str, Values]
    day: Days

    @property
    def some_known(self) -> Truth:
        known: Truth = np.any([column.known for column in self.values.values()], axis=0)
        return known


def _inputs(cohort: Cohort, names: tuple[str, ...], time_point: str, *, same_visit: bool) -> _Inputs:
    place = cohort.definition.place(time_point)
    if same_visit:
        rows = [cohort.judged_rows(names)[:, place]] * len(names)
        values = {name: cohort.judged[name].take(each) for name, each in zip(names, rows)}
    else:
        rows = [cohort.visit_rows(cohort.inputs[name].known)[:, place] for name in names]
        values = {name: cohort.inputs[name].take(each) for name, each in zip(names, rows)}
    return _Inputs(values, _latest_day(cohort, np.max(rows, axis=0), time_point))


def _latest_day(cohort: Cohort, rows: Rows, time_point: str) -> Days:
    """Return the day of each row, which of a patient's visits is the latest; the target day where there is none."""
    visited = np.append(cohort.inputs.visited_on, 0)
    return np.where(rows == NONE, cohort.target(time_point), visited[rows])
