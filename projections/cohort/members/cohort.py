"""A cohort at a point in time: its members, their day 0, and what stands for them at each time point.

Members are in the order of their pseudonyms; every array over members is in that order, every matrix is members × time
points in the definition's order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import pyarrow as pa

from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.cohort.definition.definition import DAYS_ZERO, Definition
from projections.cohort.definition.statistical_options import Choices
from projections.cohort.members.day_zero import NOWHERE, DaysZero, covers_agents, days_zero, member_rows
from projections.cohort.members.reader_selection import Available, Read, available, by_rule, read_at_all
from projections.cohort.members.visit_windows import NONE, Candidates, Dated
from projections.columns.coded import Rows, coded, day_numbers
from projections.therapy.drug_courses import Days
from registry.catalogue.instruments.values import Values

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Step(NamedTuple):
    """One step of the flow: how many patients it left, and how many it excluded."""

    name: str
    n_left: int
    n_excluded: int


class Cohort:
    """A cohort at a point in time. `flow` says step by step who is in it and who was left out."""

    def __init__(self, definition: Definition, facts: Facts) -> None:
        self.definition, self.facts = definition, facts
        self._kept: dict[Any, Any] = {}
        enrolled = facts.of("patients")
        everybody = pa.array(sorted(enrolled["patient"].to_pylist()), pa.string())
        zero = days_zero(facts, everybody, definition.day_zero)
        self._admit(everybody, zero)
        steps = [Step("in the registry", len(everybody), 0)]
        steps.append(Step(_day_zero_told(definition), len(self.members), len(everybody) - len(self.members)))
        for name, belongs in self._conditions():
            before = len(self.members)
            keep = np.flatnonzero([belongs(place) for place in range(before)])
            self._keep(keep)
            steps.append(Step(name, len(self.members), before - len(self.members)))
        self.flow = tuple(steps)

    def choosing(self, choices: Choices) -> Cohort:
        """Return the same cohort with other statistical choices; nothing is looked up again."""
        other: Cohort = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.definition = self.definition._replace(choices=choices)
        return other

    @property
    def choices(self) -> Choices:
        """The statistical choices of the definition."""
        return self.definition.choices

    @property
    def n(self) -> int:
        """The number of members."""
        return len(self.members)

    @property
    def names(self) -> list[str]:
        """The names of the time points."""
        return [point.name for point in self.definition.time_points]

    def values(self, measure: str) -> list[Values]:
        """Return a measure, or an instrument computed from its items, at each time point, one row a member."""
        inputs = self.inputs
        column = inputs[measure]
        rows = self.visit_rows(column.known)
        return [column.take(rows[:, place]) for place in range(len(self.names))]

    def visit_rows(self, known: Any = None) -> Rows:
        """Return the visit, as a row of `inputs.visits`, that stands for each member at each time point, -1 for none.

        `known` says which visits have what is asked for; every visit where it is left out.
        """
        candidates: Candidates = self._once("visits", self._visits)
        return candidates.chosen(np.ones(self.inputs.visits.num_rows, dtype=bool) if known is None else known)

    @property
    def inputs(self) -> CriterionInputs:
        """What was measured at every visit of the registry."""
        found: CriterionInputs = self._once("inputs", lambda: CriterionInputs(VisitValues(self.facts)))
        return found

    def read(self, method: str) -> Read:
        """Return the readings by a method that stand for the members, by the definition's rule for readers.

        Raises `CohortError` where the definition does not say which of several readers or sessions counts,
        `UnknownCodeError` for a reader who read nothing by the method while others did.
        """
        found: Read = self._once(("read", method), lambda: by_rule(self, method))
        return found

    def available(self, method: str) -> Available:
        """Return the readings by a method of every reader, whatever the rule, of the definition's session.

        Raises `CohortError` where a reader read a study in several sessions and the definition names none.
        """
        found: Available = self._once(("available", method), lambda: available(self, method))
        return found

    def _once(self, key: Any, make: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    # who

    def _admit(self, everybody: Any, zero: DaysZero) -> None:
        self.members: list[str] = everybody.to_pylist()
        self.day_zero, self.stopped = zero.day, zero.stopped
        self.stop_reasons, self.courses = zero.reason, zero.course
        self._keep(np.flatnonzero(zero.day != NOWHERE))

    def _keep(self, rows: Rows) -> None:
        self.members = [self.members[row] for row in rows]
        self.day_zero, self.stopped = self.day_zero[rows], self.stopped[rows]
        self.stop_reasons = [self.stop_reasons[row] for row in rows]
        self.courses = [self.courses[row] for row in rows]
        self._kept = {key: value for key, value in self._kept.items() if key in ("inputs", "enrolment")}

    def _conditions(self) -> Iterable[tuple[str, Any]]:
        """Yield each condition of the definition: what it is, and whether the member at a place fulfils it."""
        who = self.definition.who
        enrolled = self.enrolment
        for name, allowed in (("centre", who.centres), ("sex", who.sex), ("hla_b27", who.hla_b27)):
            if allowed:
                yield (
                    f"{name}: {', '.join(allowed)}",
                    lambda place, name=name, allowed=allowed: self.enrolment[self.members[place]][name] in allowed,
                )
        if who.criteria:
            yield (
                f"criteria: {' or '.join(who.criteria)}",
                lambda place: not set(who.criteria).isdisjoint(enrolled[self.members[place]]["criteria"] or ()),
            )
        if who.consent:
            yield "consent recorded", lambda place: enrolled[self.members[place]]["consented_on"] is not None
        if who.exposed_to:
            exposed = covers_agents(self.facts, who.exposed_to)
            yield f"ever given {' or '.join(who.exposed_to)}", lambda place: self.members[place] in exposed
        for name in who.visits_at:
            rows = self.visit_rows()[:, self.definition.place(name)]
            yield f"a visit at {name}", lambda place, rows=rows: rows[place] != NONE
        for name in who.readings_at:
            there = read_at_all(self)[:, self.definition.place(name)]
            yield f"a reading at {name}", lambda place, there=there: there[place]

    @property
    def enrolment(self) -> dict[str, dict[str, Any]]:
        """The enrolment of every patient of the registry, by pseudonym; columns as of the table `patients`."""
        from projections.stated.patients import table

        found: dict[str, dict[str, Any]] = self._once(
            "enrolment", lambda: {row["patient"]: row for row in table(self.facts).to_pylist()}
        )
        return found

    # when

    def anchors(self) -> list[Days]:
        """Return the day that each time point counts from, one row a member; FOREVER where there is none yet."""
        return [self.stopped if point.anchor == "stop" else self.day_zero for point in self.definition.time_points]

    def _visits(self) -> Candidates:
        visits = self.inputs.visits
        dated = Dated(
            member_rows(coded(visits["patient"]), self.members),
            day_numbers(visits["visited_on"]).astype(np.int64),
            coded(visits["visit"]),
        )
        return Candidates.of(dated, self.definition.time_points, self.anchors())

    @classmethod
    def of(cls, definition: Definition, facts: Facts) -> Self:
        """Return the cohort of a definition at a point in time."""
        return cls(definition, facts)


def _day_zero_told(definition: Definition) -> str:
    zero = definition.day_zero
    of = f" ({', '.join(zero.of)})" if zero.of else ""
    which = f", the {zero.which}" if zero.event == "course" else f", number {zero.line}" if zero.event == "line" else ""
    return f"day 0: {DAYS_ZERO[zero.event]}{of}{which}"
