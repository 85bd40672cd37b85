"""A cohort put together from ranges of patients: what is carried on of a range is the events about its members.

Who is in a cohort, and from when, follows from each patient's own facts. So a range says how many patients each step of
the flow left, who the members are, and its latest clinical day, on which depends who is due; the figures are then those
of a registry of the members alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.due import DATA_CUT
from projections.cohort.members.flow import FlowStep
from projections.log.decoding import joined_kinds
from projections.observation.data_cut import data_cut

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts


class PartialCohort(NamedTuple):
    """What a range of patients gives to a cohort: the steps of the flow, and the events about its members by kind.

    `data_cut` is the day up to which the range's facts go, in days since 1970.
    """

    flow: tuple[FlowStep, ...]
    events: Mapping[str, ArrowTable]
    data_cut: int

    @classmethod
    def of(cls, definition: Definition, facts: Facts) -> PartialCohort:
        """Return what the facts of a range of patients give to the cohort of a definition."""
        cohort = Cohort.of(definition, facts)
        return cls(cohort.flow, facts.events_about(pa.array(cohort.members, pa.string())), data_cut(facts))


def whole_cohort(definition: Definition, facts: Facts, partial_cohorts: Iterable[PartialCohort]) -> Cohort:
    """Return the cohort of a definition from the partial ones of ranges that together are all patients.

    `facts` say at which point in time that was; no fact of theirs is read. The cohort is that of the whole registry,
    but that its facts are those of its members alone.
    """
    parts = list(partial_cohorts)
    cohort = Cohort.of(definition, facts.with_events(joined_kinds(part.events for part in parts)))
    if parts:
        cut = max(part.data_cut for part in parts)
        cohort.once_of_facts(DATA_CUT, lambda: cut)
        cohort.flow = tuple(
            FlowStep(steps[0].name, sum(step.n_left for step in steps), sum(step.n_excluded for step in steps))
            for steps in zip(*(part.flow for part in parts), strict=True)
        )
    return cohort
