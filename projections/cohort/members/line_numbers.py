"""The number of the line of targeted therapy to which a course belongs; lines are those of `treatment_lines`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.partial_days import Partial
from projections.therapy import treatment_lines
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatment_episodes import episodes_of

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.catalogue.therapy_lines import Bridge


def line_numbers(facts: Facts, courses: Sequence[str | None], *, bridge: Bridge, partial: Partial) -> list[int | None]:
    """Return the number of the line of each course, given by its reference; None of what is in no line.

    `bridge` says which gaps are within a line.
    """
    lines, _ = treatment_lines.with_days(facts, bridge=bridge, partial=partial)
    every = drug_courses(facts, facts.catalogue.targeted, partial=partial)
    found = episodes_of(every, bridge=bridge, targeted=every)
    references = every.facts["fact"].combine_chunks()
    episodes = references.take(pa.array(found.first[found.of]))
    own = episodes.take(pc.index_in(pa.array(courses, pa.string()), value_set=references))
    place = pc.index_in(own, value_set=lines["treatment_id"].combine_chunks(), skip_nulls=True)
    numbers: list[int | None] = lines["line"].take(place).to_pylist()
    return numbers
