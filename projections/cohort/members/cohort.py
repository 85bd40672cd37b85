"""A cohort at a point in time: its members, their day 0, and what stands for them at each time point.

Members are in the order of their pseudonyms; every array over members is in that order, every matrix is members × time
points in the definition's order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeVar

import numpy as np

from projections.cohort.definition.definition import Definition, TimePoint
from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.members.flow import FlowStep, admitted
from projections.cohort.members.line_numbers import line_numbers
from projections.cohort.members.members import Members
from projections.cohort.members.sources import Sources
from projections.cohort.members.value_rows import value_rows
from projections.cohort.members.visit_windows import Candidates
from projections.columns.coded import Rows, Truth
from projections.columns.partial_days import FOREVER, Days, Partial
from registry.catalogue.instruments.values import Values

if TYPE_CHECKING:
    from projections.clinical.judged_visits import JudgedVisits
    from projections.clinical.visit_values import CriterionInputs
    from projections.point_in_time import Facts
    from registry.catalogue.criteria.criterion import Criterion

NO_ANCHOR: Final = "without the day that it counts from"  # of members at a time point

T = TypeVar("T")
M = TypeVar("M", bound="Memberwise")


class Memberwise(Protocol):
    """What has one row a member."""

    def of_members(self, rows: Rows) -> Self:
        """Return the rows of some members."""
        ...


class Cohort:
    """A cohort at a point in time. `flow` says step by step who is in it and who was left out.

    `whole` is the cohort of whose members these are some, itself where these are all. Which rows a table has follows
    from the whole, so that those of a group are the same.
    """

    def __init__(self, definition: Definition, facts: Facts) -> None:
        self.definition, self.facts = definition, facts
        self._sources = Sources(facts, definition.values)
        self.admitted, self.flow = admitted(definition, self._sources)
        self.whole: Cohort = self
        self._rows: Rows = np.arange(self.n)
        self._made: dict[Hashable, Any] = {}
        self._made_of_facts: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, definition: Definition, facts: Facts) -> Self:
        """Return the cohort of a definition at a point in time."""
        return cls(definition, facts)

    def with_options(self, options: StatisticalOptions) -> Cohort:
        """Return the same cohort with other statistical options; nothing is looked up again."""
        other = self._copied(self.definition._replace(options=options))
        if self.whole is self:
            other.whole = other
        return other

    def of_members(self, rows: Rows, step: str) -> Cohort:
        """Return the cohort of some of the members, by their rows ascending; `step` is what the flow calls that.

        What was looked up is not looked up again.
        """
        other = self._copied(self.definition)
        other.admitted, other._rows = self.admitted.take(rows), rows
        other.flow = (*self.flow, FlowStep(step, len(rows), self.n - len(rows)))
        other.whole, other._made = self, {}
        return other

    def at_time_points(self, time_points: tuple[TimePoint, ...]) -> Cohort:
        """Return the same members with other time points; who is in the cohort is not judged again."""
        other = self._copied(self.definition._replace(time_points=time_points))
        other.whole, other._rows, other._made = other, np.arange(self.n), {}
        return other

    def _copied(self, definition: Definition) -> Cohort:
        other: Cohort = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.definition = definition
        return other

    def with_partial_days(self, partial: Partial) -> Cohort:
        """Return the cohort of the same definition with another rule for partial days."""
        observed = self.definition.observed
        observed = observed._replace(observation=observed.observation._replace(partial=partial))
        definition = self.definition._replace(observed=observed)
        return self.once(("partial days", partial), lambda: self._anew(definition)).with_options(self.options)

    def _anew(self, definition: Definition) -> Cohort:
        """Return the cohort of a definition by the same facts."""
        other = Cohort(definition, self.facts)
        other._made_of_facts = self._made_of_facts
        return other

    def counted_from(
        self, rows: Rows, days: Days, precisions: list[str], *, time_points: tuple[TimePoint, ...]
    ) -> Cohort:
        """Return the cohort of some members, by their rows, counted from other days than day 0, at other time points.

        `precisions` are how well each of the days, in days since 1970, is known. No treatment begins on them.
        """
        other = self.at_time_points(time_points)
        nothing: list[str | None] = [None] * len(rows)
        other.admitted = Members(
            [self.members[row] for row in rows],
            day_zero=days.astype(np.int64),
            stopped=np.full(len(rows), FOREVER),
            stop_reasons=nothing,
            precisions=[*precisions],
            stop_precisions=nothing,
            courses=nothing,
            until=self.admitted.until[rows],
            switched=np.full(len(rows), FOREVER),
        )
        other._rows = np.arange(len(rows))
        return other

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned when it was first asked for by this key; it must not look at the options."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def once_of_facts(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return as `once` does what rests on the facts alone, so that it is the same of any of the members."""
        if key not in self._made_of_facts:
            self._made_of_facts[key] = make()
        made: T = self._made_of_facts[key]
        return made

    def by_member(self, key: Hashable, make: Callable[[Cohort], M]) -> M:
        """Return what `make` makes of the whole cohort, a row a member, for these members; it is made once."""
        if self.whole is self:
            return self.once(key, lambda: make(self))
        return self.once(key, lambda: self.whole.by_member(key, make).of_members(self._rows))

    @property
    def options(self) -> StatisticalOptions:
        """The statistical options of the definition."""
        return self.definition.options

    @property
    def defaults(self) -> tuple[tuple[str, str], ...]:
        """The keys that the definition leaves open, each with what then holds; the facts may exclude who withdrew."""
        overruled = {"who.withdrawn"} if self.facts.withdrawn == "exclude" else set()
        return tuple((key, value) for key, value in self.definition.defaults if key not in overruled)

    @property
    def members(self) -> list[str]:
        """The pseudonyms of the members."""
        return self.admitted.patients

    @property
    def n(self) -> int:
        """The number of members."""
        return len(self.members)

    @property
    def rows(self) -> Rows:
        """The rows of the members in the whole cohort, ascending."""
        return self._rows

    @property
    def repeats(self) -> bool:
        """Whether some patient has several rows, so that rows are not independent of each other."""
        return self.once("repeats", lambda: self.admitted.n_patients < self.n)

    @property
    def day_zero(self) -> Days:
        """Day 0 of each member, in days since 1970."""
        return self.admitted.day_zero

    @property
    def stopped(self) -> Days:
        """The last day of the treatment that began on day 0, in days since 1970; FOREVER where it was not stopped."""
        return self.admitted.stopped

    @property
    def stop_reasons(self) -> list[str | None]:
        """Why the treatment that began on day 0 was stopped."""
        return self.admitted.stop_reasons

    @property
    def lines(self) -> list[int | None]:
        """The number of the line of targeted therapy that the treatment of day 0 belongs to, None where to none."""
        asked, partial = self.definition.day_zero, self.definition.observed.observation.partial
        return self.once(
            "lines", lambda: line_numbers(self.facts, self.admitted.courses, bridge=asked.bridge, partial=partial)
        )

    @property
    def enrolment(self) -> dict[str, dict[str, Any]]:
        """The enrolment of every patient of the registry, by pseudonym; columns as of the table `patients`."""
        return self._sources.enrolment

    @property
    def inputs(self) -> CriterionInputs:
        """What was measured at every visit of the registry."""
        return self._sources.inputs

    @property
    def judged(self) -> JudgedVisits:
        """What criteria look at, at every visit of the registry: rows of one day are one visit."""
        return self._sources.judged

    @property
    def names(self) -> list[str]:
        """The names of the time points."""
        return [point.name for point in self.definition.time_points]

    def anchor(self, time_point: str) -> Days:
        """Return the day that a time point counts from, one row a member; FOREVER where there is none yet."""
        return self.once(("anchor", time_point), lambda: self.admitted.anchors([self._time_point(time_point)])[0])

    def without_anchor(self, time_point: str) -> Truth:
        """Return which members have no day that a time point counts from: they are at no such time point (yet)."""
        none: Truth = self.anchor(time_point) == FOREVER
        return none

    def absent_at(self, time_point: str, n: int, why: str) -> list[tuple[int, str]]:
        """Return why `n` members are left out at a time point: those without the day that it counts from, and others.

        They are among the `n`, for nothing lies in a window that counts from no day; `why` is said of the others.
        """
        without = int(self.without_anchor(time_point).sum())
        return [(without, NO_ANCHOR), (n - without, why)]

    def target(self, time_point: str) -> Days:
        """Return the day at which a time point aims, one row a member; FOREVER where there is none yet."""
        anchor = self.anchor(time_point)
        return np.where(anchor == FOREVER, FOREVER, anchor + self._time_point(time_point).day)

    def _time_point(self, name: str) -> TimePoint:
        return self.definition.time_points[self.definition.place(name)]

    def values(self, measure: str) -> list[Values]:
        """Return a measure or an instrument at each time point, one row a member."""
        column, rows = self.inputs[measure], self.value_rows(measure)
        return [column.take(rows[:, place]) for place in range(len(self.names))]

    def value_rows(self, measure: str) -> Rows:
        """Return the visit whose value of a measure stands for each member at each time point, -1 for none.

        Of several on the preferred day a computed value comes before a reported one, and that before a prorated one.
        """
        return value_rows(self.inputs, self._visits, measure)

    def criterion(self, name: str) -> Criterion:
        """Return a criterion by its name: one of the definition's own, or one of the catalogue."""
        own = {each.name: each for each in self.definition.criteria}
        return own.get(name) or self.facts.catalogue.criteria[name]

    def visit_rows(self, known: Truth | None = None) -> Rows:
        """Return the visit, as a row of `inputs.visits`, that stands for each member at each time point, -1 for none.

        `known` says which visits have what is asked for; every visit where it is left out.
        """
        if known is None:
            return self.once("visit rows", lambda: self.visit_rows(np.ones(self.inputs.visits.num_rows, dtype=bool)))
        return self._visits.chosen(known)

    def judged_rows(self, inputs: tuple[str, ...]) -> Rows:
        """Return the visit, as `visit_rows` does, that stands for the inputs of a criterion.

        It is the preferred that has all of them; where none has, the preferred of those that have most.
        """
        return self.once(("judged rows", inputs), lambda: self._visits.with_most(self.judged.n_known(inputs)))

    @property
    def _visits(self) -> Candidates:
        return self.once("visits", lambda: self._sources.visits_in_windows(self.definition, self.admitted))
