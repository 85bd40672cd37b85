"""One row per group of agents: how long patients were exposed to it while under observation.

Levels, from the whole to the part: `follow-up` (all patients, exposed or not), `treatment` (`immunomodulating`: some
agent but NSAIDs and analgesics; `none`: the rest of follow-up), `drug_class`, `agent`. Only observed time counts
(`observed_spans`). Courses of one group that overlap count once, so that both rows of `treatment` add up to follow-up,
while agents given together count under each. A course that goes on lasts to the end of each span; partial starts and
stops count as `partial_days` says; the length of a course is the difference of its days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Truth, in_order, summed
from projections.columns.partial_days import Days
from projections.columns.tables import Table, declared, frame, number, tabled, text, word
from projections.observation.observed_spans import (
    DAYS_IN_A_YEAR,
    OBSERVED,
    Observation,
    ObservedSpans,
    observed_spans,
)
from projections.therapy.drug_courses import DrugCourses, days_covered, drug_courses
from registry.catalogue.agents import AGENTS

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
        number("n_patients", "number of patients with a day in the group", type_="int32"),
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
    spans, courses = observed_spans(facts, observation), drug_courses(facts, partial=observation.partial)
    everybody = np.ones(len(spans.began), dtype=bool)
    groups = [_group("follow-up", "all", spans, spans.days, everybody), *_treatment(spans, courses)]
    agents = courses.agent.words.to_pylist()
    for level, names in (("drug_class", [AGENTS[agent].drug_class for agent in agents]), ("agent", agents)):
        of_course = np.array(names, dtype=object)[courses.agent.codes]
        for name in sorted(set(names)):
            days, exposed = exposure(spans, courses.take(np.flatnonzero(of_course == name)))
            if exposed.any():
                groups.append(_group(level, name, spans, days, exposed))
    return tabled(PATIENT_YEARS, groups)


def exposure(spans: ObservedSpans, courses: DrugCourses) -> tuple[Days, Truth]:
    """Return for each span how many days courses cover together within it, and whether they cover any."""
    course, span = spans.joined(courses.patient)
    order = in_order(span, courses.started[course])
    course, span = course[order], span[order]
    began, ended = spans.began[span], spans.ended[span]
    started, stopped = courses.started[course], courses.stopped[course]
    added = days_covered(span, np.clip(started, began, ended), np.clip(stopped, began, ended))
    days = summed(added, span, n=len(spans.began))
    exposed = np.zeros(len(spans.began), dtype=bool)
    exposed[span[(started <= ended) & (stopped >= began)]] = True
    return days, exposed


def _treatment(spans: ObservedSpans, courses: DrugCourses) -> list[Row]:
    """Return the time on immunomodulating treatment and the time without."""
    agents = courses.agent.words.to_pylist()
    wanted = np.array([AGENTS[agent].immunomodulating for agent in agents], dtype=bool)[courses.agent.codes]
    days, exposed = exposure(spans, courses.take(np.flatnonzero(wanted)))
    without = spans.days - days
    return [
        _group("treatment", "immunomodulating", spans, days, exposed),
        _group("treatment", "none", spans, without, (without > 0) | ~exposed),
    ]


def _group(level: str, name: str, spans: ObservedSpans, days: Days, exposed: Truth) -> Row:
    total = int(days.sum())
    return {
        "level": level,
        "name": name,
        "n_patients": spans.take(np.flatnonzero(exposed)).n_patients,
        "n_observed": spans.n_patients,
        "days": total,
        "years": total / DAYS_IN_A_YEAR,
    }
