"""The first switch of each member after day 0, the first return to an earlier agent, and what was begun together."""

from __future__ import annotations

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.first_changes import FirstChanges, lines_of, switches_of
from projections.columns.arrow import ArrowTable
from projections.columns.partial_days import Partial
from projections.therapy.switches import AgentChanges, agent_changes, begun_together
from projections.therapy.treatment_episodes import EpisodeDays
from registry.catalogue.therapy_lines import Bridge


def switches(cohort: Cohort) -> FirstChanges:
    """Return the first switch of each member, by the definition's rule for returns."""

    def made() -> FirstChanges:
        return cohort.admitted.first_changes(switches_of(cohort.definition, _changes(cohort)))

    return cohort.once("switches", made)


def returns(cohort: Cohort) -> FirstChanges:
    """Return the first return of each member to an earlier agent, whether or not that is a switch."""

    def made() -> FirstChanges:
        found = _changes(cohort)
        return cohort.admitted.first_changes(found.take(np.flatnonzero(found.returned)))

    return cohort.once("returns", made)


def together(cohort: Cohort) -> FirstChanges:
    """Return the first lines of each member that were begun on one day, which is no switch."""

    def made() -> FirstChanges:
        return cohort.admitted.first_changes(begun_together(*lines_of_everybody(cohort)))

    return cohort.once("begun together", made)


def lines_of_everybody(cohort: Cohort) -> tuple[ArrowTable, EpisodeDays]:
    """Return the lines of therapy of all patients, by the gaps that the definition bridges, and the days of each."""
    return cohort.once_of_facts(_key(cohort, "lines of therapy"), lambda: lines_of(cohort.definition, cohort.facts))


def _changes(cohort: Cohort) -> AgentChanges:
    key = _key(cohort, "changes of agents")
    return cohort.once_of_facts(key, lambda: agent_changes(*lines_of_everybody(cohort)))


def _key(cohort: Cohort, name: str) -> tuple[str, Bridge, Partial]:
    """Return what lines, and what follows from them, depend on beside the facts."""
    return name, cohort.definition.day_zero.bridge, cohort.definition.observed.observation.partial
