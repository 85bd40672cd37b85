"""What the treatment of day 0 of each member was."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Rows
from projections.therapy.drug_courses import DrugCourses, drug_courses


def treatment_words(cohort: Cohort, by: str) -> list[tuple[str, ...] | None]:
    """Return the `agent`, `class` or `product` that each member began on day 0; None where no product was said."""
    courses = drug_courses(cohort.facts)
    rows = _rows(cohort, courses)
    said = courses.facts["product" if by == "product" else "agent"].take(pa.array(rows)).to_pylist()
    if by == "class":
        agents = cohort.facts.catalogue.agents
        said = [agents[agent].drug_class for agent in said]
    return [None if word is None else (word,) for word in said]


def _rows(cohort: Cohort, courses: DrugCourses) -> Rows:
    """Return the row of each member's course of day 0."""
    place = pc.index_in(
        pa.array(cohort.admitted.courses, pa.string()), value_set=courses.facts["fact"].combine_chunks()
    )
    return np.asarray(place.to_numpy(zero_copy_only=False), dtype=np.intp)
