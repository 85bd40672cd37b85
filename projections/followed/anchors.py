"""The days from which scheduled visits count: enrolment, the start of a course, the start of a line of therapy.

A start that is known to the month or the year only counts as everywhere (`partial_days`): the middle of the days that
it can mean. Lines are those of `treatment_lines`: a gap of at most 90 days is bridged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import Codes, Truth, day_numbers
from projections.columns.partial_days import FOREVER, Days
from projections.followed.spans import places
from projections.therapy import treatment_lines
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatments_of import agents_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.point_in_time import Facts
    from registry.catalogue.protocol import Anchor


class Anchors(NamedTuple):
    """Anchors of one kind: `patient` is the place among the patients, `day` and `until` are days since 1970.

    `until` is the last day of the course or the line, FOREVER while it goes on and of an enrolment; `agent` is what the
    course or the line is of, null of an enrolment; `reference` is the fact's.
    """

    patient: Codes
    reference: ArrowArray
    agent: ArrowArray
    day: Days
    until: Days

    def given(self, which: tuple[str, ...], facts: Facts) -> Truth:
        """Return which anchors are of some agents, by class, name, product or ATC code; of all where none is named."""
        if not which:
            return np.ones(len(self.day), dtype=bool)
        agents = {agent for each in which for agent in agents_of(each, facts.catalogue)}
        return truth(pc.is_in(self.agent, value_set=pa.array(sorted(agents), pa.string())))


def anchors_of(kind: Anchor, facts: Facts, patients: ArrowArray) -> Anchors:
    """Return the anchors of one kind at the point in time; `patients` are the pseudonyms of who is enrolled, sorted."""
    return ANCHORS[kind](facts, patients)


def _enrolments(facts: Facts, patients: ArrowArray) -> Anchors:
    enrolled = facts.of("patients").combine_chunks()
    day = day_numbers(enrolled["enrolled_on"]).astype(np.int64)
    nothing = pa.nulls(len(day), pa.string())
    until = np.full(len(day), FOREVER, dtype=np.int64)
    return Anchors(places(enrolled["patient"], patients), enrolled["fact"], nothing, day, until)


def _courses(facts: Facts, patients: ArrowArray) -> Anchors:
    courses = drug_courses(facts)
    stated = courses.facts
    whose = places(stated["patient"], patients)
    return Anchors(whose, stated["fact"], stated["agent"], courses.started, courses.stopped)


def _lines(facts: Facts, patients: ArrowArray) -> Anchors:
    lines, days = treatment_lines.with_days(facts)
    patient, agent = (lines[name].cast(pa.string()) for name in ("patient", "agent"))
    return Anchors(places(patient, patients), lines["treatment_id"], agent, days.started, days.stopped)


ANCHORS: Final[dict[Anchor, Callable[[Facts, ArrowArray], Anchors]]] = {
    "enrolment": _enrolments,
    "course": _courses,
    "line": _lines,
}
