"""Day 0 of every patient, and the last day of the treatment that began then.

A partial start or stop counts as `partial_days` says. A course is kept as long as the episode that it belongs to: a row
for each dose, or a gap of up to 90 days, is no end of it. What goes on at the point in time has no last day; day 0 of
an event that is not there at the point in time does not exist. First visits and studies are those of observed time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import DayZero, ObservedTime
from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import Coded, Rows, coded, day_numbers, in_order
from projections.columns.partial_days import FOREVER, Days, Partial
from projections.observation.observed_spans import observed_spans
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatment_episodes import episodes_of
from projections.therapy.treatment_lines import with_days as lines_with_days
from registry.catalogue.catalogue import Catalogue

if TYPE_CHECKING:
    from projections.point_in_time import Facts

NOWHERE: Final = np.iinfo(np.int32).min  # day 0 of a patient who has none
PRECISE: Final = "day"
SEEN: Final = {"first-visit": ("visits", "visited_on"), "first-study": ("imaging", "performed_on")}


class DaysZero(NamedTuple):
    """One row a patient: day 0 (`NOWHERE` where there is none), and the last day of its treatment, in days since 1970.

    `stopped` is FOREVER where nothing was stopped; `reason` is why it was. The precisions are those of `PRECISIONS`:
    how well day 0 and the stop are known, None where there is none. `course` is the reference of the course.
    """

    day: Days
    stopped: Days
    reason: list[str | None]
    precision: list[str | None]
    stop_precision: list[str | None]
    course: list[str | None]

    @classmethod
    def of_days(cls, days: Days) -> Self:
        """Return days 0, each known to the day, that begin no treatment."""
        nothing: list[str | None] = [None] * len(days)
        return cls(days, np.full(len(days), FOREVER), nothing, [PRECISE] * len(days), nothing, nothing)

    def take(self, rows: list[int | None]) -> Self:
        """Return some of the rows, of somebody who has none for None."""
        return type(self)(
            np.array([NOWHERE if row is None else int(self.day[row]) for row in rows], dtype=np.int64),
            np.array([FOREVER if row is None else int(self.stopped[row]) for row in rows], dtype=np.int64),
            *([None if row is None else words[row] for row in rows] for words in self[2:]),
        )


def agents_of(names: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the agents that names of agents and classes mean, all of them for none."""
    agents = catalogue.agents.items()
    return tuple(name for name, agent in agents if not names or name in names or agent.drug_class in names)


def days_zero(facts: Facts, patients: ArrowArray, asked: DayZero, observed: ObservedTime) -> DaysZero:
    """Return day 0 of the patients, an Arrow array of pseudonyms in any order.

    Raises as `observed_spans` does where day 0 is the first visit or study.
    """
    partial = observed.observation.partial
    if asked.event == "course":
        return _first(patients, *_courses(facts, asked, partial))
    if asked.event == "line":
        return _first(patients, *_lines(facts, asked, partial))
    if asked.event == "enrolment":
        rows, days = facts.of("patients"), day_numbers(facts.of("patients")["enrolled_on"]).astype(np.int64)
    else:
        rows, days = _while_observed(facts, *SEEN[asked.event], observed)
    order = np.argsort(days, kind="stable")
    return _first(patients, rows["patient"].take(pa.array(order)), DaysZero.of_days(days[order]))


def _while_observed(facts: Facts, kind: str, column: str, observed: ObservedTime) -> tuple[Any, Days]:
    """Return the facts of a kind within observed time, and their days; the day on which a span opens is in it."""
    rows = facts.of(kind)
    days = day_numbers(rows[column]).astype(np.int64)
    spans = observed_spans(facts, observed.observation)
    within = np.flatnonzero(spans.holds(coded(rows["patient"]), days))
    return rows.take(pa.array(within)), days[within]


def covers_agents(facts: Facts, names: tuple[str, ...]) -> set[str]:
    """Return the patients who were ever given one of the agents or classes, as far as the point in time goes."""
    courses = drug_courses(facts, agents_of(names, facts.catalogue))
    return set(courses.facts["patient"].to_pylist())


def _courses(facts: Facts, asked: DayZero, partial: Partial) -> tuple[ArrowArray, DaysZero]:
    courses = drug_courses(facts, agents_of(asked.of, facts.catalogue), partial=partial)
    episodes = episodes_of(courses)
    last = courses.take(episodes.last[episodes.of])
    sign = 1 if asked.which == "first" else -1
    order = in_order(courses.patient, sign * courses.started, courses.reference)
    courses, last = courses.take(order), last.take(order)
    days = DaysZero(
        courses.started,
        last.stopped.astype(np.int64),
        last.facts["stop_reason"].to_pylist(),
        courses.facts["started_on_precision"].to_pylist(),
        last.facts["stopped_on_precision"].to_pylist(),
        courses.facts["fact"].to_pylist(),
    )
    return courses.facts["patient"], days


def _lines(facts: Facts, asked: DayZero, partial: Partial) -> tuple[ArrowArray, DaysZero]:
    lines, days = lines_with_days(facts, partial=partial)
    wanted = pa.array(agents_of(asked.of, facts.catalogue))
    of_agents = pc.is_in(lines["agent"].cast(pa.string()), value_set=wanted)
    rows = np.flatnonzero(truth(pc.and_(pc.equal(lines["line"], asked.line), of_agents)))
    lines = lines.take(pa.array(rows))
    words = (
        lines[name].to_pylist()
        for name in ("stop_reason", "started_on_precision", "stopped_on_precision", "treatment_id")
    )
    return lines["patient"], DaysZero(days.started[rows], days.stopped[rows].astype(np.int64), *words)


def _first(patients: ArrowArray, whose: ArrowArray, each: DaysZero) -> DaysZero:
    """Return the first row of each patient; those that come later do not count."""
    first: dict[str, int] = {}
    for row, patient in enumerate(whose.to_pylist()):
        first.setdefault(patient, row)
    return each.take([first.get(patient) for patient in patients.to_pylist()])


def member_rows(patient: Coded, members: list[str]) -> Rows:
    """Return the row of the members that each row of a column of pseudonyms belongs to, -1 for a stranger."""
    place = pc.index_in(patient.words, value_set=pa.array(members, pa.string())).fill_null(-1)
    return np.append(place.to_numpy(zero_copy_only=False), -1)[patient.codes].astype(np.intp)
