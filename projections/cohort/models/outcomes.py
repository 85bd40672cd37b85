"""The rows of a model before anybody is left out for a covariate: an outcome each, of a member.

Retention has a row for each stretch under observation, in days after day 0. A criterion has one for each member who
counts in the table of responders, a measure one for each member with a value, at each time point of the model.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.figures.as_asked import responder_rule, retention_rule
from projections.cohort.figures.drug_survival import ONGOING, drug_survival
from projections.cohort.figures.response_rates import answers_at
from projections.cohort.members.cohort import Cohort
from projections.cohort.models.asked import Model
from projections.columns.coded import Rows, Truth
from registry.catalogue.therapy_lines import DIED

Doubles = npt.NDArray[np.float64]


class Outcomes(NamedTuple):
    """One row a stretch, or a member and time point: whose, the outcome, of retention the entry and the exit.

    `points` are the time points, `point` the place of each row's. `left_out` is how many members have no row, and why;
    `told` is what else the outcome rests on, as parts of a note.
    """

    member: Rows
    outcome: Doubles
    entry: Doubles
    exit: Doubles
    point: Rows
    points: tuple[str, ...]
    left_out: tuple[tuple[int, str], ...]
    told: tuple[str, ...] = ()

    def only(self, kept: Truth) -> Outcomes:
        """Return some of the rows."""
        return self._replace(
            member=self.member[kept],
            outcome=self.outcome[kept],
            entry=self.entry[kept],
            exit=self.exit[kept],
            point=self.point[kept],
        )


def outcomes(cohort: Cohort, model: Model) -> Outcomes:
    """Return the rows of a model. Raises as `drug_survival` and `answers_at` do."""
    if model.of == "retention":
        return _retention(cohort)
    at = [_criterion(cohort, model, point) for point in model.time_points(cohort.definition)]
    return _together(cohort, model, at)


def _retention(cohort: Cohort) -> Outcomes:
    rule = retention_rule(cohort.definition)
    stretches = cohort.once("drug survival", lambda: drug_survival(cohort)).stretches
    ended = stretches.ended(censor=rule.censor, death_ends=rule.death_ends)
    kept = (stretches.exit > rule.from_day) | (rule.from_day == 0)
    seen, counted = stretches.n_members, len(np.unique(stretches.member[kept]))
    censored = (ONGOING, *rule.censor, *([] if rule.death_ends else [DIED]))
    since = (f"of those at risk after day {rule.from_day}",) if rule.from_day else ()
    return Outcomes(
        stretches.member[kept],
        ended[kept].astype(np.float64),
        np.maximum(stretches.entry[kept], rule.from_day).astype(np.float64),
        stretches.exit[kept].astype(np.float64),
        np.zeros(int(kept.sum()), dtype=np.intp),
        (),
        ((cohort.n - seen, "never under observation"), (seen - counted, f"not at risk after day {rule.from_day}")),
        (f"censored: {', '.join(censored)}", str(cohort.definition.observed), *since),
    )


class _At(NamedTuple):
    """What stands at one time point: of whom there is an outcome, which, and why not of how many others."""

    there: Truth
    outcome: Doubles
    why_not: list[tuple[int, str]]
    told: tuple[str, ...]


def _criterion(cohort: Cohort, model: Model, point: str) -> _At:
    if model.of == "measure":
        column = cohort.values(model.outcome)[cohort.definition.place(point)]
        limits = int(column.censored.sum())
        told = (f"{limits} limits of {model.outcome} at {point} count as values",) if limits else ()
        why_not = cohort.absent_at(point, int((~column.known).sum()), f"without {model.outcome} at {point}")
        return _At(column.known, column.doubles(unknown=0.0), why_not, told)
    rule = responder_rule(cohort.definition)
    answers = answers_at(cohort, model.outcome, rule.choice, baseline=rule.baseline, time_point=point)
    why_not = [*answers.not_counted, *answers.not_in_denominator(rule.baseline)]
    told = (f"{answers.status.told}; {rule.choice}",)
    return _At(answers.denominator, answers.responders.astype(np.float64), why_not, told)


def _together(cohort: Cohort, model: Model, at: list[_At]) -> Outcomes:
    """Return the rows of all time points by member and time point; of several, who is left out has none of them."""
    there = np.stack([each.there for each in at], axis=1)
    member, point = np.nonzero(there)
    outcome = np.stack([each.outcome for each in at], axis=1)[member, point]
    nothing = np.zeros(len(member))
    points = model.time_points(cohort.definition)
    lacking = int((~there.any(axis=1)).sum())
    left_out = tuple(at[0].why_not) if len(at) == 1 else ((lacking, f"without {model.outcome} at any time point"),)
    told = tuple(dict.fromkeys(part for each in at for part in each.told))
    return Outcomes(member, outcome, nothing, nothing, point, points, left_out, told)
