"""The first switch of each member after day 0, the first return to an earlier agent, and what was begun together."""

from __future__ import annotations

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.first_changes import FirstChanges, changes_of, switches_of
from projections.therapy.switches import AgentChanges, begun_together


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
        bridge, partial = cohort.definition.day_zero.bridge, cohort.definition.observed.observation.partial
        key = ("begun together", bridge, partial)
        found = cohort.once_of_facts(key, lambda: begun_together(cohort.facts, bridge=bridge, partial=partial))
        return cohort.admitted.first_changes(found)

    return cohort.once("begun together", made)


def _changes(cohort: Cohort) -> AgentChanges:
    bridge, partial = cohort.definition.day_zero.bridge, cohort.definition.observed.observation.partial
    key = ("changes of agents", bridge, partial)
    return cohort.once_of_facts(key, lambda: changes_of(cohort.definition, cohort.facts))
