"""When patients changed to another targeted agent than that of the line before: switches, and returns to earlier ones.

A switch is the first day of a line (`projections.therapy.treatment_lines`) of an agent that the patient never had,
whenever the line before was stopped, or whether. To begin an agent again that was given before the last one is a
return: no switch unless that is asked for. To begin the last one again is neither, and neither is a line that was begun
on the same day as another: nobody can say to which of them the patient changed, or that it was a change (`together`).

So switches count as the registries of the Nordic countries count them, by how many different drugs there were (Di
Giuseppe et al., Rheumatology 2022;61:3647–56), and as a study of claims does, by a new one (Hunter et al., Rheumatol
Ther 2019;6:207–15). That the time between stop and start does not matter is a convention of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.coded import Rows, Truth
from projections.columns.partial_days import Days
from projections.therapy.lines_before import LinesBefore
from projections.therapy.treatment_episodes import EpisodeDays

if TYPE_CHECKING:
    pass

WITHIN, BETWEEN, RETURN = "within-class", "between-classes", "return"
CHANGES: Final = (WITHIN, BETWEEN, RETURN)


class AgentChanges(NamedTuple):
    """Lines of another agent than the line before, by patient and day, in days since 1970.

    `course` is the first course, `precision` how well the day is known, `kind` one of `CHANGES`, `reason` why the line
    before was stopped, null where it goes on or nobody knows.
    """

    patient: ArrowArray
    course: ArrowArray
    day: Days
    precision: ArrowArray
    kind: ArrowArray
    reason: ArrowArray

    def take(self, rows: Rows) -> Self:
        """Return some of the changes."""
        return type(self)(*(each[rows] if isinstance(each, np.ndarray) else each.take(pa.array(rows)) for each in self))

    @property
    def returned(self) -> Truth:
        """Which of them are returns to an earlier agent."""
        return truth(pc.equal(self.kind, RETURN))

    def switches(self, *, returns: bool) -> Self:
        """Return those that are switches; with `returns` all of them are."""
        return self if returns else self.take(np.flatnonzero(~self.returned))


def agent_changes(lines: ArrowTable, days: EpisodeDays) -> AgentChanges:
    """Return the changes to another agent among lines of therapy, of which `days` are those of each."""
    before = LinesBefore.of(lines, days.started)
    return _of_lines(lines, days, ~before.first & ~before.together & ~before.same_agent)


def begun_together(lines: ArrowTable, days: EpisodeDays) -> AgentChanges:
    """Return the lines begun on the same day as another of the patient, which are no changes, in the same columns."""
    return _of_lines(lines, days, LinesBefore.of(lines, days.started).together)


def _of_lines(lines: ArrowTable, days: EpisodeDays, which: Truth) -> AgentChanges:
    rows = np.flatnonzero(which)
    found = lines.take(pa.array(rows))
    kind = found["switch_kind"].cast(pa.string())
    return AgentChanges(
        found["patient"],
        found["treatment_id"],
        days.started[rows],
        found["started_on_precision"],
        pc.if_else(pc.equal(kind, "restart"), RETURN, kind),
        found["previous_stop_reason"],
    )
