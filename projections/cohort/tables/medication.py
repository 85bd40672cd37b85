"""What the members were given before day 0 and take on it, as tables of patient characteristics list it.

Rows: each class of drugs that somebody had before day 0, then its agents. At `day 0`: `ever` before, `at day 0` (a
course that began before and covers it), `ended before` (ever, and none covers it) and `failed` (a course that ended
before, and by the reason of its stop the drug failed: `is_failure`, as in `treatments --lines`), each of all members;
of a class also how many different agents a patient had (`agents mean`, `agents lowest`, …) and failed (`agents failed
mean`, …), of the patients who had or failed any. Partial days count as the definition says of observed time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.figures.compared import Compared, Numbers, Words
from projections.cohort.figures.comparing import left_out
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel, quartiles_of
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.prior_courses import PriorCourse, prior_courses
from projections.cohort.table import CohortTable, NoKeys, no_keys
from projections.columns.coded import Truth
from registry.catalogue.therapy_lines import reasons_judged

DAY_ZERO: Final = "day 0"

LAYOUT: Final[Layout] = (
    Panel(
        "Before day 0 and on it",
        (
            Column("ever", AT, "ever before"),
            Column("at day 0", AT, "on day 0"),
            Column("ended before", AT, "ended before"),
            Column("failed", AT, "failed"),
            Column("agents mean", AT, "agents"),
            Column("agents median", AT, "median (range)"),
            Column("agents median", AT, "median (IQR)", within=quartiles_of("agents")),
            Column("agents failed mean", AT, "agents failed"),
            Column("agents failed median", AT, "median (range)"),
            Column("agents failed median", AT, "median (IQR)", within=quartiles_of("agents failed")),
        ),
    ),
)


class PriorRow(NamedTuple):
    """A class, or an agent, and the courses of it that members had; `is_class` says which."""

    name: str
    courses: list[PriorCourse]
    is_class: bool


def figures(cohort: Cohort, request: NoKeys) -> Iterator[Figure]:
    """Yield the figures of every class, and below it of its agents, in the order of the catalogue."""
    own = {(row.name, row.is_class): row.courses for row in _rows(cohort)}
    for row in _rows(cohort.whole):
        courses = own.get((row.name, row.is_class), [])
        yield from _shares(cohort, row.name, courses)
        if row.is_class:
            for name, of_agents, why in _counted(courses):
                yield from _agents(cohort, row.name, name, of_agents, why)


def compared(cohort: Cohort, request: NoKeys) -> Iterator[Compared]:
    """Yield what groups are compared by: who had each class and agent, and of how many agents those who had any."""
    for row in _rows(cohort):
        for statistic, who in _had(row.courses).items():
            yield Compared(row.name, DAY_ZERO, statistic, Words.yes_no(*_among_all(cohort, who)))
        for name, courses, _ in _counted(row.courses) if row.is_class else ():
            had = _agents_had(courses)
            counts = [Fraction(len(had[member])) if member in had else None for member in range(cohort.n)]
            yield Compared(row.name, DAY_ZERO, f"{name} mean", Numbers(counts, ranks=f"{name} median"))


def _rows(cohort: Cohort) -> list[PriorRow]:
    return cohort.once("prior courses", lambda: list(_made_rows(cohort)))


def _made_rows(cohort: Cohort) -> Iterator[PriorRow]:
    prior: dict[str, list[PriorCourse]] = defaultdict(list)
    for course in prior_courses(cohort, cohort.day_zero):
        prior[course.agent].append(course)
    catalogue = cohort.facts.catalogue
    for drug_class in catalogue.drug_classes:
        agents = [name for name, agent in catalogue.agents.items() if agent.drug_class == drug_class and name in prior]
        if agents:
            yield PriorRow(drug_class, [course for name in agents for course in prior[name]], is_class=True)
        yield from (PriorRow(name, prior[name], is_class=False) for name in agents)


def _counted(courses: list[PriorCourse]) -> Iterator[tuple[str, list[PriorCourse], str]]:
    """Yield of which courses agents are counted, by name, and why others have none."""
    yield "agents", courses, "given none"
    yield "agents failed", [course for course in courses if course.failed], "with none that failed"


def _shares(cohort: Cohort, row: str, courses: list[PriorCourse]) -> Iterator[Figure]:
    for statistic, members in _had(courses).items():
        note = f"{cohort.n} patients; courses that began before day 0"
        if statistic == "failed":
            note += f", stopped for {' or '.join(reasons_judged(True))}"
        yield share_of(cohort, (row, DAY_ZERO, statistic), *_among_all(cohort, members), note=note, decimals=0)


def _among_all(cohort: Cohort, who: set[int]) -> tuple[Truth, Truth]:
    """Return of all members who is among some of them, and that it is known of each."""
    return np.isin(np.arange(cohort.n), list(who)), np.ones(cohort.n, dtype=bool)


def _had(courses: list[PriorCourse]) -> dict[str, set[int]]:
    """Return by statistic who had one of the courses."""
    ever = {course.member for course in courses}
    now = {course.member for course in courses if course.covers}
    failed = {course.member for course in courses if course.failed}
    return {"ever": ever, "at day 0": now, "ended before": ever - now, "failed": failed}


def _agents_had(courses: Iterable[PriorCourse]) -> dict[int, set[str]]:
    """Return the different agents of each member who had any."""
    had: dict[int, set[str]] = defaultdict(set)
    for course in courses:
        had[course.member].add(course.agent)
    return had


def _agents(cohort: Cohort, row: str, name: str, courses: Iterable[PriorCourse], why: str) -> Iterator[Figure]:
    """Yield how many different agents a patient had, of those who had any."""
    had = _agents_had(courses)
    note = left_out(cohort.n - len(had), cohort.n, why)
    for figure in described((row, DAY_ZERO), [len(agents) for agents in had.values()], note=note):
        yield figure._replace(statistic=f"{name} {figure.statistic}")


TABLE: Final = CohortTable(no_keys, figures, LAYOUT, compared=compared)
