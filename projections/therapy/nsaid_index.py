"""The ASAS index of NSAID intake over a period, from courses and their doses.

An intake is what a course has of the period, its length the difference of the two days, as of all courses; what goes on
lasts to the end of the period. Its amount a day follows from dose, unit and frequency
(`registry.catalogue.daily_doses`), the index from the published equivalent doses
(`registry.catalogue.instruments.nsaid_score`). An NSAID without an equivalent, or an intake whose amount a day is not
known, leaves the period without an index: nothing is supposed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from projections.columns.coded import Rows, Truth
from projections.columns.partial_days import Days
from projections.therapy.drug_courses import DrugCourses
from registry.catalogue.daily_doses import daily_amount, milligrams
from registry.catalogue.instruments.nsaid_score import REFERENCE_DOSES, NsaidIntakes, nsaid_scores
from registry.catalogue.instruments.values import Values


class NsaidIndex(NamedTuple):
    """One row a period: the index, 0 without an intake and None where it is not known.

    Of those without one `without_equivalent` had an NSAID that has no equivalent dose; the others one without an amount
    a day. `on_partial_days` are the periods with an intake whose first or last day is not known to the day. `taken` are
    those with any, a course of one day too, which has no length and adds nothing to the index.
    """

    values: list[Fraction | None]
    without_equivalent: Truth
    on_partial_days: Truth
    taken: Truth

    @property
    def known(self) -> list[Fraction]:
        """The indices that there are."""
        return [value for value in self.values if value is not None]


def nsaid_index(courses: DrugCourses, period: Rows, *, began: Days, ended: Days) -> NsaidIndex:
    """Return the index of each period, from its first day to its last one, in days since 1970.

    `courses` are of NSAIDs; `period` is the one, by its row, that each course may have a part of, -1 for none.
    """
    first, last = np.append(began, 0)[period], np.append(ended, 0)[period]
    days = np.minimum(courses.stopped, last) - np.maximum(courses.started, first)
    of_one_day = (courses.started == courses.stopped) & (first <= courses.started) & (courses.started < last)
    some = period[(period >= 0) & ((days > 0) | of_one_day)]
    taken = np.flatnonzero((period >= 0) & (days > 0))
    intakes, of = courses.take(taken), period[taken]
    agents = intakes.agent.array().to_pylist()
    doses = intakes.facts.select(["dose", "dose_unit", "frequency"]).to_pylist()
    daily = Values.of([_daily_mg(**each) for each in doses])
    score = nsaid_scores(
        NsaidIntakes(of, agents, daily, Values.counted(days[taken].astype(np.int64))), period_days=ended - began
    )
    unequalled = np.array([agent not in REFERENCE_DOSES for agent in agents], dtype=bool)
    partial = (intakes.started_from != intakes.started_by) | (intakes.stopped_from != intakes.stopped_by)
    unequal, on_partial = (_any(of[marked], n=len(began)) for marked in (unequalled, partial))
    return NsaidIndex(score.values.fractions(), unequal, on_partial, _any(some, n=len(began)))


def _daily_mg(dose: str | None, dose_unit: str | None, frequency: str | None) -> Fraction | None:
    amount, unit = daily_amount(dose, frequency), milligrams(dose_unit)
    return None if amount is None or unit is None else amount * unit


def _any(of: Rows, *, n: int) -> Truth:
    """Return which of `n` periods occur among some."""
    found: Truth = np.bincount(of, minlength=n) > 0
    return found
