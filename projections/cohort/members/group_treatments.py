"""What the treatment of day 0 of each member was, and the number of its line."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Rows
from projections.therapy.drug_courses import DrugCourses, drug_courses
from projections.therapy.treatment_episodes import episodes_of
from projections.therapy.treatment_lines import with_days as lines_with_days


def treatment_words(cohort: Cohort, by: str) -> list[tuple[str, ...] | None]:
    """Return the `agent`, `class` or `product` that each member began on day 0; None where no product was said."""
    courses = drug_courses(cohort.facts)
    rows = _rows(cohort, courses)
    said = courses.facts["product" if by == "product" else "agent"].take(pa.array(rows)).to_pylist()
    if by == "class":
        agents = cohort.facts.catalogue.agents
        said = [agents[agent].drug_class for agent in said]
    return [None if word is None else (word,) for word in said]


def line_numbers(cohort: Cohort) -> list[int | None]:
    """Return the number of the line of targeted therapy that each member began on day 0; None where it began none."""
    courses = drug_courses(cohort.facts)
    episodes = episodes_of(courses)
    first = courses.facts["fact"].take(pa.array(episodes.first[episodes.of][_rows(cohort, courses)]))
    lines, _ = lines_with_days(cohort.facts, partial=cohort.definition.observed.observation.partial)
    numbers = dict(zip(lines["treatment_id"].to_pylist(), lines["line"].to_pylist(), strict=True))
    return [numbers.get(course) for course in first.to_pylist()]


def _rows(cohort: Cohort, courses: DrugCourses) -> Rows:
    """Return the row of each member's course of day 0."""
    place = pc.index_in(
        pa.array(cohort.admitted.courses, pa.string()), value_set=courses.facts["fact"].combine_chunks()
    )
    return np.asarray(place.to_numpy(zero_copy_only=False), dtype=np.intp)
