"""What of a point in time a cohort is made from; each is made once, when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from projections.clinical.judged_visits import JudgedVisits
from projections.clinical.visit_values import STRICT, CriterionInputs, ValueRule, VisitValues
from projections.cohort.definition.definition import Definition
from projections.cohort.members.members import Members
from projections.cohort.members.visit_windows import Candidates, Dated
from projections.columns.coded import coded

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Sources:
    """The facts of a point in time, with the enrolments and what was measured at every visit of the registry."""

    def __init__(self, facts: Facts, rule: ValueRule = STRICT) -> None:
        self.facts, self.rule = facts, rule

    @cached_property
    def enrolment(self) -> dict[str, dict[str, Any]]:
        """The enrolment of every patient of the registry, by pseudonym; columns as of the table `patients`."""
        from projections.stated.patients import table

        return {row["patient"]: row for row in table(self.facts).to_pylist()}

    @cached_property
    def inputs(self) -> CriterionInputs:
        """What was measured at every visit of the registry, by the definition's rule of which value counts."""
        return CriterionInputs(VisitValues(self.facts), self.rule)

    @cached_property
    def judged(self) -> JudgedVisits:
        """What criteria look at, rows of one day as one visit."""
        return JudgedVisits(self.inputs)

    def visits_in_windows(self, definition: Definition, members: Members) -> Candidates:
        """Return the visits, as rows of `inputs.visits`, that may stand for members at a time point."""
        visits = self.inputs.visits
        days = self.inputs.visited_on
        dated = Dated.of(members, coded(visits["patient"]), days, coded(visits["visit"]))
        return Candidates.of(dated, definition.time_points, members.anchors(definition.time_points))
