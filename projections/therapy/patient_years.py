"""One row per group of agents: how long patients were exposed to it while under observation.

Levels, from the whole to the part: `follow-up` (all patients, exposed or not), `treatment` (`immunomodulating`: some
agent but NSAIDs and analgesics; `none`: the rest of follow-up), `drug_class`, `agent`. Only time within follow-up
counts (`follow_up`). Courses of one group that overlap count once, so that both rows of `treatment` add up to
follow-up, while agents given together count under each. A course that goes on lasts to the end of follow-up; partial
dates count as their first day; the length of a course is the difference of its days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Truth, in_order
from projections.columns.tables import Table, declared, frame, number, tabled, text, word
from projections.therapy.drug_courses import Days, DrugCourses, days_covered, drug_courses
from projections.therapy.follow_up import DAYS_IN_A_YEAR, Observed, observed
from registry.catalogue.agents import AGENTS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

LEVELS: Final = ("follow-up", "treatment", "drug_class", "agent")
PATIENT_YEARS: Final[Table] = declared(
    "patient_years",
    "group of agents",
    key="level name",
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


def patient_years(facts: Facts) -> pd.DataFrame:
    """Return the patient-years of every group as a frame, one row a group; columns as declared in `PATIENT_YEARS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the patient-years as an Arrow table: levels from the whole to the part, groups in alphabetical order."""
    patients, courses = observed(facts), drug_courses(facts)
    everybody = np.ones(len(patients.began), dtype=bool)
    groups = [_group("follow-up", "all", patients.days, everybody), *_treatment(patients, courses)]
    agents = courses.agent.words.to_pylist()
    for level, names in (("drug_class", [AGENTS[agent].drug_class for agent in agents]), ("agent", agents)):
        of_course = np.array(names, dtype=object)[courses.agent.codes]
        for name in sorted(set(names)):
            days, exposed = exposure(patients, courses.take(np.flatnonzero(of_course == name)))
            if exposed.any():
                groups.append(_group(level, name, days, exposed))
    return tabled(PATIENT_YEARS, groups)


def exposure(patients: Observed, courses: DrugCourses) -> tuple[Days, Truth]:
    """Return for each patient how many days courses cover together within follow-up, and whether they cover any."""
    row = patients.rows_of(courses.patient)
    known = np.flatnonzero(row >= 0)
    known = known[in_order(row[known], courses.started[known])]
    row, began, ended = row[known], patients.began[row[known]], patients.ended[row[known]]
    started, stopped = courses.started[known], courses.stopped[known]
    added = days_covered(row, np.clip(started, began, ended), np.clip(stopped, began, ended))
    days = np.zeros(len(patients.began), dtype=np.int64)
    np.add.at(days, row, added)
    exposed = np.zeros(len(patients.began), dtype=bool)
    exposed[row[(started <= ended) & (stopped >= began)]] = True
    return days, exposed


def _treatment(patients: Observed, courses: DrugCourses) -> list[Row]:
    """Return the time on immunomodulating treatment and the time without."""
    agents = courses.agent.words.to_pylist()
    wanted = np.array([AGENTS[agent].immunomodulating for agent in agents], dtype=bool)[courses.agent.codes]
    days, exposed = exposure(patients, courses.take(np.flatnonzero(wanted)))
    without = patients.days - days
    return [
        _group("treatment", "immunomodulating", days, exposed),
        _group("treatment", "none", without, (without > 0) | ~exposed),
    ]


def _group(level: str, name: str, days: Days, patients: Truth) -> Row:
    total = int(days.sum())
    return {
        "level": level,
        "name": name,
        "n_patients": int(patients.sum()),
        "n_observed": len(patients),
        "days": total,
        "years": total / DAYS_IN_A_YEAR,
    }
