"""Changes to another targeted agent by a cohort's definition, and the first of each member (`therapy.switches`).

One rule for day 0, for time points that count from a switch, and for tables: whether a return is a switch, and which
gaps are bridged, is what the definition says of day 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.cohort.definition.definition import Definition
from projections.columns.arrow import ArrowTable
from projections.columns.coded import Rows
from projections.columns.partial_days import Days
from projections.therapy import treatment_lines
from projections.therapy.switches import AgentChanges, agent_changes
from projections.therapy.treatment_episodes import EpisodeDays

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class FirstChanges(NamedTuple):
    """One row a member who changed, in their order: the first day of the other agent, in days since 1970.

    `precision` is how well that day is known, `kind` one of `CHANGES`, `reason` why the line before was stopped, None
    where it goes on or nobody knows.
    """

    member: Rows
    day: Days
    precision: list[str]
    kind: list[str]
    reason: list[str | None]


def lines_of(definition: Definition, facts: Facts) -> tuple[ArrowTable, EpisodeDays]:
    """Return the lines of therapy of all patients, by the gaps that a definition bridges, and the days of each."""
    partial = definition.observed.observation.partial
    return treatment_lines.with_days(facts, bridge=definition.day_zero.bridge, partial=partial)


def changes_of(definition: Definition, facts: Facts) -> AgentChanges:
    """Return every change to another agent, by the gaps that a definition bridges."""
    return agent_changes(*lines_of(definition, facts))


def switches_of(definition: Definition, changes: AgentChanges) -> AgentChanges:
    """Return those of the changes that are switches by a definition."""
    return changes.switches(returns=definition.day_zero.returns)
