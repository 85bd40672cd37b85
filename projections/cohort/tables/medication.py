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
from typing import Final

from projections.cohort.figures.comparing import left_out, share
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.prior_courses import PriorCourse, prior_courses
from projections.cohort.table import CohortTable, NoKeys, no_keys
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
            Column("agents failed mean", AT, "agents failed"),
            Column("agents failed median", AT, "median (range)"),
        ),
    ),
)


def figures(cohort: Cohort, request: NoKeys) -> Iterator[Figure]:
    """Yield the figures of every class, and below it of its agents, in the order of the catalogue."""
    prior: dict[str, list[PriorCourse]] = defaultdict(list)
    for course in prior_courses(cohort, cohort.day_zero):
        prior[course.agent].append(course)
    catalogue = cohort.facts.catalogue
    for drug_class in catalogue.drug_classes:
        agents = [name for name, agent in catalogue.agents.items() if agent.drug_class == drug_class and name in prior]
        if not agents:
            continue
        courses = [course for name in agents for course in prior[name]]
        yield from _shares(cohort, drug_class, courses)
        yield from _agents(cohort, drug_class, "agents", courses, "given none")
        failed = [course for course in courses if course.failed]
        yield from _agents(cohort, drug_class, "agents failed", failed, "with none that failed")
        for name in agents:
            yield from _shares(cohort, name, prior[name])


def _shares(cohort: Cohort, row: str, courses: list[PriorCourse]) -> Iterator[Figure]:
    ever = {course.member for course in courses}
    now = {course.member for course in courses if course.covers}
    failed = {course.member for course in courses if course.failed}
    for statistic, members in (("ever", ever), ("at day 0", now), ("ended before", ever - now), ("failed", failed)):
        note = f"{cohort.n} patients; courses that began before day 0"
        if statistic == "failed":
            note += f", stopped for {' or '.join(reasons_judged(True))}"
        yield share((row, DAY_ZERO, statistic), len(members), cohort.n, cohort.options, note=note, decimals=0)


def _agents(cohort: Cohort, row: str, name: str, courses: Iterable[PriorCourse], why: str) -> Iterator[Figure]:
    """Yield how many different agents a patient had, of those who had any."""
    had: dict[str, set[str]] = defaultdict(set)
    for course in courses:
        had[course.member].add(course.agent)
    note = left_out(cohort.n - len(had), cohort.n, why)
    for figure in described((row, DAY_ZERO), [Fraction(len(agents)) for agents in had.values()], note=note):
        yield figure._replace(statistic=f"{name} {figure.statistic}")


TABLE: Final = CohortTable(no_keys, figures, LAYOUT)
