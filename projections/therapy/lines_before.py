"""What was begun before a line of therapy, by days: of lines begun on one day nobody knows which came first.

A line begun together with another of the patient follows no line of that day, and is no switch: studies of claims leave
out who has two targeted drugs on the day from which they count (PMC6207310, PMC4435053). It is probably a slip in a
date, and `spondyl check` tells it as `two-targeted-at-once`. A later line follows all that began on the last day before
its own. Exchanges of products are counted alike.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Codes, Truth, changes, coded, combined
from projections.columns.partial_days import Days


class BegunBefore(NamedTuple):
    """Rows of groups by start: `number` is that of the day on which each began, `first` whether none is before it.

    Days are numbered over all groups, so that the day before is the number before, but at the first of a group.
    """

    number: Days
    first: Truth

    @classmethod
    def of(cls, group: npt.NDArray[Any], started: Days) -> Self:
        """Return the days on which the rows of each group began; they are sorted by group and start."""
        opens = changes(combined(group, started))
        number = np.cumsum(opens) - 1
        return cls(number, changes(group[opens])[number])

    def together(self, codes: Codes) -> Truth:
        """Return which rows began on one day with another row of the group that has another code."""
        numbers = combined(self.number, codes)
        days = self.number[np.unique(numbers, return_index=True)[1]]
        several: Truth = np.bincount(days, minlength=1)[self.number] > 1
        return several

    def after(self, codes: Codes) -> Truth:
        """Return which rows have the code of a row that began on the day before in the group."""
        size = int(codes.max(initial=0)) + 2  # a code of -1 is one of its own
        there: Truth = np.isin((self.number - 1) * size + codes, self.number * size + codes)
        return there & ~self.first & (codes >= 0)

    def after_any(self, which: Truth) -> Truth:
        """Return which rows follow a day on which such rows of the group began."""
        days = np.append(np.bincount(self.number, weights=which) > 0, False)
        followed: Truth = days[self.number - 1] & ~self.first
        return followed


class LinesBefore(NamedTuple):
    """One row a line, by patient and start: is it of the `first` day of the patient, and begun `together` with another?

    `after_several` lines follow a day on which several began. `same_agent` and `same_class` say whether one that began
    on the day before has the line's own agent, or class.
    """

    first: Truth
    together: Truth
    after_several: Truth
    same_agent: Truth
    same_class: Truth

    @classmethod
    def of(cls, lines: ArrowTable, started: Days) -> Self:
        """Return what was before lines in the columns `patient`, `agent` and `drug_class`, started on these days."""
        before = BegunBefore.of(coded(lines["patient"]).codes, started)
        agent, drug_class = (coded(lines[name]).codes for name in ("agent", "drug_class"))
        together = before.together(agent)
        return cls(before.first, together, before.after_any(together), before.after(agent), before.after(drug_class))

    @property
    def one(self) -> Truth:
        """Which lines follow one line, so that it can be said which was before."""
        return ~(self.first | self.together | self.after_several)
