"""One row per group of agents: how long patients were exposed to it while under observation.

Levels, from the whole to the part: `follow-up` (all patients, exposed or not), `treatment` (`immunomodulating`: some
agent but NSAIDs and analgesics; `none`: the rest of follow-up), `drug_class`, `agent`. Only observed time counts
(`observed_spans`). Courses of one group that overlap count once, so that both rows of `treatment` add up to follow-up,
while agents given together count under each. A course that goes on lasts to the end of each span; partial starts and
stops count as `partial_days` says. How long that is, and who is counted where, is said by `person_time`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, frame, number, tabled, text, word
from projections.observation.observed_spans import OBSERVED, Observation, ObservedSpans, observed_spans
from projections.therapy.drug_courses import DrugCourses, drug_courses
from projections.therapy.person_time import PersonTime, exposure, whole
from registry.catalogue.catalogue import Catalogue

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

LEVELS: Final = ("follow-up", "treatment", "drug_class", "agent")
PATIENT_YEARS: Final[Table] = declared(
    "patient_years",
    "group of agents",
    order="level name",
    columns=(
        word("level", "what is grouped", *LEVELS),
        text("name", "the group: all, immunomodulating, none, a class, or an agent"),
        number("n_patients", "number of patients with a day in the group, be it without time", type_="int32"),
        number("n_observed", "number of patients under observation", type_="int32"),
        number("days", "days of all patients together", type_="int64", unit="d"),
        number("years", "days / 365.25", type_="double", unit="a"),
    ),
)

Row = dict[str, object]


def patient_years(facts: Facts, *, observation: Observation = OBSERVED) -> pd.DataFrame:
    """Return the patient-years of every group as a frame, one row a group; columns as declared in `PATIENT_YEARS`.

    `observation` says what counts as observed. Raises as `observed_spans` does.
    """
    return frame(table(facts, observation=observation))


def table(facts: Facts, *, observation: Observation = OBSERVED) -> ArrowTable:
    """Return the patient-years as an Arrow table: levels from the whole to the part, groups in alphabetical order."""
    return of_spans(facts, observed_spans(facts, observation))


def of_spans(facts: Facts, spans: ObservedSpans) -> ArrowTable:
    """Return the patient-years over some spans."""
    courses = drug_courses(facts, partial=spans.partial)
    groups = [_group("follow-up", "all", whole(spans)), *_treatment(spans, courses, facts.catalogue)]
    agents = courses.agent.words.to_pylist()
    classes = [facts.catalogue.agents[agent].drug_class for agent in agents]
    for level, names in (("drug_class", classes), ("agent", agents)):
        of_course = np.array(names, dtype=object)[courses.agent.codes]
        for name in sorted(set(names)):
            exposed = exposure(spans, courses.take(np.flatnonzero(of_course == name)))
            if exposed.has_a_day.any():
                groups.append(_group(level, name, exposed))
    return tabled(PATIENT_YEARS, groups)


def _treatment(spans: ObservedSpans, courses: DrugCourses, catalogue: Catalogue) -> list[Row]:
    """Return the time on immunomodulating treatment and the time without."""
    agents = courses.agent.words.to_pylist()
    wanted = np.array([agent in catalogue.immunomodulating for agent in agents], dtype=bool)[courses.agent.codes]
    on = exposure(spans, courses.take(np.flatnonzero(wanted)))
    return [_group("treatment", "immunomodulating", on), _group("treatment", "none", on.rest())]


def _group(level: str, name: str, time: PersonTime) -> Row:
    return {
        "level": level,
        "name": name,
        "n_patients": time.n_patients,
        "n_observed": time.spans.n_patients,
        "days": time.days,
        "years": time.years,
    }
