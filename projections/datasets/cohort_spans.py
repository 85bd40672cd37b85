"""One row per stretch of observed time of a member in which one targeted treatment is given: the counting process.

Stretches go from `start`, not included, to `stop`, included, in days after day 0, as `Surv(start, stop, event)` of R
and `stset, enter() failure()` of Stata take them. `state` is what is given throughout: the targeted agents, joined by
`+` in the order of the alphabet, or `none`. A course covers its first day and its last.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import observation_times
from projections.columns.arrow import ArrowTable
from projections.columns.tables import OF_PATIENT, Table, declared, number, refers, tabled, word
from projections.datasets.cohort_members import episode_numbers
from projections.therapy.drug_courses import drug_courses

NONE_GIVEN: Final = "none"
Course = tuple[int, int, str]  # first day, last day, agent

COHORT_SPANS: Final[Table] = declared(
    "cohort_spans",
    "stretch of a member's observed time with one state of treatment",
    order="cohort patient episode start",
    columns=(
        word("cohort", "name of the cohort's definition"),
        word("patient", "pseudonym"),
        number("episode", "number of the member among the patient's, from 1 by day 0"),
        number("start", "after which day it begins", type_="int32", unit="d"),
        number("stop", "on which day it ends", type_="int32", unit="d"),
        word("state", "targeted agents that are given, joined by +, or none"),
    ),
).keyed(
    "cohort patient episode start",
    OF_PATIENT,
    refers("cohort patient episode", "cohort_members"),
    never_null="stop state",
)


def cohort_spans(cohort: Cohort) -> ArrowTable:
    """Return the stretches of a cohort as an Arrow table by patient, episode and start. Raises as `observed_spans`."""
    courses, observed = _courses(cohort), observation_times(cohort)
    episode = episode_numbers(cohort).tolist()
    rows = []
    began, ended = observed.spans.began.tolist(), observed.spans.ended.tolist()
    for member, first, last in zip(observed.member.tolist(), began, ended):
        patient, zero = cohort.members[member], int(cohort.day_zero[member])
        for start, stop, state in stretches(first, last, courses.get(patient, [])):
            rows.append(
                {
                    "cohort": cohort.definition.name,
                    "patient": patient,
                    "episode": episode[member],
                    "start": start - zero,
                    "stop": stop - zero,
                    "state": state,
                }
            )
    return tabled(COHORT_SPANS, rows)


def stretches(first: int, last: int, courses: list[Course]) -> Iterator[Course]:
    """Yield the stretches of a span of days in which the same agents are given: after which day, until which, what.

    >>> list(stretches(0, 10, [(3, 5, "a"), (5, 20, "b")]))
    [(0, 2, 'none'), (2, 4, 'a'), (4, 5, 'a+b'), (5, 10, 'b')]
    """
    within = [(start, stop, agent) for start, stop, agent in courses if start <= last and stop > first]
    cuts = {first, last}
    for start, stop, _ in within:
        cuts |= {day for day in (start - 1, stop) if first < day < last}
    days = sorted(cuts)
    for after, until in pairwise(days):
        given = sorted({agent for start, stop, agent in within if start <= until and stop > after})
        yield after, until, "+".join(given) or NONE_GIVEN


def _courses(cohort: Cohort) -> dict[str, list[Course]]:
    """Return the courses of targeted therapies by patient, in days since 1970."""
    partial = cohort.definition.observed.observation.partial
    given = drug_courses(cohort.facts, cohort.facts.catalogue.targeted, partial=partial)
    by_patient: dict[str, list[Course]] = {}
    columns = (given.facts[name].cast(pa.string()).to_pylist() for name in ("patient", "agent"))
    for patient, agent, start, stop in zip(*columns, given.started.tolist(), given.stopped.tolist()):
        by_patient.setdefault(patient, []).append((start, stop, agent))
    return by_patient
