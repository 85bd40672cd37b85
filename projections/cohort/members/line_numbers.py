"""The number of the line of targeted therapy to which a course belongs, and the days on which patients switched.

Lines are those of `treatment_lines`. A switch is the first day of a line of another agent than that of the line before,
whenever that was stopped; a return to an agent that was given before the last is one, a restart of the last is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, truth
from projections.columns.partial_days import Days, Partial
from projections.therapy import treatment_lines
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatment_episodes import episodes_of

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Switches(NamedTuple):
    """Lines of another agent than the line before, by patient and day: whose, the first course, day and precision."""

    patient: ArrowArray
    course: ArrowArray
    day: Days
    precision: ArrowArray


def line_numbers(facts: Facts, courses: Sequence[str | None], *, bridge: int, partial: Partial) -> list[int | None]:
    """Return the number of the line of each course, given by its reference; None of what is in no line.

    `bridge` is the longest gap within a line, in days.
    """
    lines, _ = treatment_lines.with_days(facts, max_gap_days=bridge, partial=partial)
    every = drug_courses(facts, facts.catalogue.targeted, partial=partial)
    found = episodes_of(every, max_gap_days=bridge)
    references = every.facts["fact"].combine_chunks()
    episodes = references.take(pa.array(found.first[found.of]))
    own = episodes.take(pc.index_in(pa.array(courses, pa.string()), value_set=references))
    place = pc.index_in(own, value_set=lines["treatment_id"].combine_chunks(), skip_nulls=True)
    numbers: list[int | None] = lines["line"].take(place).to_pylist()
    return numbers


def switches(facts: Facts, *, bridge: int, partial: Partial) -> Switches:
    """Return the switches from one agent to another, by patient and day."""
    lines, days = treatment_lines.with_days(facts, max_gap_days=bridge, partial=partial)
    agent, before = (lines[name].cast(pa.string()) for name in ("agent", "switch_from"))
    rows = np.flatnonzero(truth(pc.not_equal(agent, before)))
    found = lines.take(pa.array(rows))
    return Switches(found["patient"], found["treatment_id"], days.started[rows], found["started_on_precision"])
