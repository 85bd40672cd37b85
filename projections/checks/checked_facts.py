"""The facts that the rules look at, in forms that several of them share; each is made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from projections.checks import implausible, reading_contradictions
from projections.checks.stated_days import StatedDays, stated_days
from projections.stated import visits
from projections.stated.imaging import study_references
from projections.therapy.drug_courses import DrugCourses, drug_courses

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class CheckedFacts:
    """The facts of a point in time, as the rules take them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def patients(self) -> Any:
        """The patients as facts."""
        return self.facts.of("patients")

    @cached_property
    def visits(self) -> Any:
        """The visits as facts, by patient, day and reference."""
        return visits.ordered(self.facts)

    @cached_property
    def days(self) -> StatedDays:
        """Every clinical day that a fact states."""
        return stated_days(self.facts)

    @cached_property
    def courses(self) -> DrugCourses:
        """The courses of treatment, by patient, agent and start."""
        return drug_courses(self.facts)

    @cached_property
    def values(self) -> Any:
        """The implausible values, of all rules about values."""
        return implausible.table(self.facts)

    @cached_property
    def contradictions(self) -> Any:
        """The readings that cannot all be true, of all rules about readings."""
        return reading_contradictions.table(self.facts)

    @cached_property
    def study_references(self) -> dict[str, str]:
        """The reference of each study, by its code."""
        return study_references(self.facts)

    def centres(self, of_patients: Any) -> Any:
        """Return the centre of each patient of an Arrow array of pseudonyms, null where none is known."""
        places = pc.index_in(of_patients, value_set=self.patients["patient"].combine_chunks())
        return self.patients["centre"].combine_chunks().take(places)
