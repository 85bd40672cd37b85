"""Whose follow-up had ended by a day, and why: by the last period of follow-up that had begun by then."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Rows, Truth, day_number
from projections.columns.partial_days import Days

DIED: Final = "died"
Period = tuple[int, int | None, str | None]  # first day, last day and reason of its end, None while it goes on


class FollowUpEnds(NamedTuple):
    """Whose follow-up had ended by a day: by death, and for another reason."""

    died: Truth
    lost: Truth

    @classmethod
    def by(cls, cohort: Cohort, day: Days) -> FollowUpEnds:
        """Return it of a day of each member."""
        why = np.array(_reasons(cohort, day), dtype=object)
        ended = np.array([each is not None for each in why], dtype=bool)
        died = np.asarray(why == DIED, dtype=bool)
        return cls(died, ended & ~died)

    def of_members(self, rows: Rows) -> FollowUpEnds:
        """Return it of some of the members."""
        return FollowUpEnds(self.died[rows], self.lost[rows])


def _reasons(cohort: Cohort, day: Days) -> list[str | None]:
    """Return why each member's follow-up had ended by a day of the own, None where it went on or had been resumed."""
    periods = cohort.once_of_facts("periods of follow-up", lambda: _periods(cohort))
    return [_reason(periods[patient], until) for patient, until in zip(cohort.members, day.tolist())]


def _reason(periods: list[Period], day: int) -> str | None:
    begun = [period for period in periods if period[0] <= day]
    if not begun:
        return None
    _, ended_on, reason = max(begun)
    return reason if ended_on is not None and ended_on <= day else None


def _periods(cohort: Cohort) -> dict[str, list[Period]]:
    found: dict[str, list[Period]] = {}
    for kind, began, ended, reason in (
        ("patients", "enrolled_on", "follow_up_ended_on", "follow_up_end_reason"),
        ("follow_ups", "resumed_on", "ended_on", "end_reason"),
    ):
        for row in cohort.facts.of(kind).select(["patient", began, ended, reason]).to_pylist():
            end = None if row[ended] is None else day_number(row[ended])
            found.setdefault(row["patient"], []).append((day_number(row[began]), end, row[reason]))
    return found
