"""Who is there, which facts of whom, and who is a member from which day 0 on, is what the oracle says."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

from hypothesis import given

from projections import Facts as VisibleFacts
from projections import facts_at, project
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from projections.columns.coded import day_number
from tests.answers.asking import plain
from tests.answers.facts import Facts
from tests.answers.members import Who, members
from tests.answers.observation import Observation
from tests.answers.presence import what_is_there
from tests.answers.recording import registry_of
from tests.answers.test_agreement import repeated_questions
from tests.oracle.laws import laws

COLUMNS: Final = {  # of each table, what the oracle tells of a row
    "follow_ups": ("patient", "resumed_on", "ended_on"),
    "visits": ("patient", "visit_id"),
    "treatments": ("patient", "treatment_id", "ongoing", "stop_reason"),
    "flares": ("patient", "started_on", "ended_on"),
    "adverse_events": ("patient", "started_on", "ended_on"),
    "imaging": ("patient", "performed_on", "study"),
}
CHOICES: Final = tuple(
    Who(event=event, consent=consent, withdrawn=withdrawn)
    for event, consent, withdrawn in product(
        ("enrolment", "first-visit", "first-study", "line"), (False, True), ("keep", "exclude")
    )
)
DEFINITION: Final = """
cohort = "random"

[day0]
event = "{event}"

[who]
consent = {consent}
withdrawn = "{withdrawn}"

[[time_points]]
name = "baseline"
day = 0
"""


@laws(histories=15)
@given(repeated_questions())
def test_the_facts_of_each_table_are_those_that_the_oracle_says_are_there(
    sqlite_template: Path, question: tuple[Facts, list[date | None]]
) -> None:
    facts, points_in_time = question
    with registry_of(sqlite_template, facts) as registry:
        for as_of, policy in product(points_in_time, ("keep", "exclude")):
            known = facts_at(registry, as_of=as_of, withdrawn=policy)

            assert {name: told(name, known) for name in COLUMNS} == what_is_there(facts, as_of, withdrawn=policy)


def told(table: str, known: VisibleFacts) -> list[tuple[Any, ...]]:
    """Return of the rows of a table what the oracle tells of them."""
    rows = [plain(row) for row in project(table, known).to_pylist()]
    return sorted((tuple(row[name] for name in COLUMNS[table]) for row in rows), key=str)


@laws(histories=15)
@given(repeated_questions())
def test_members_and_their_day_0_are_those_of_the_oracle(
    sqlite_template: Path, question: tuple[Facts, list[date | None]]
) -> None:
    facts, points_in_time = question
    with registry_of(sqlite_template, facts) as registry:
        for as_of in points_in_time:
            known = facts_at(registry, as_of=as_of)
            for who in CHOICES:
                cohort = Cohort.of(parsed(defined(who).encode()), known)
                expected = members(facts, who, Observation(as_of=as_of))
                assert dict(zip(cohort.members, cohort.day_zero.tolist())) == {
                    patient: day_number(zero.day) for patient, zero in expected.items()
                }


def defined(who: Who) -> str:
    """Return a cohort of those who are asked for."""
    return DEFINITION.format(event=who.event, consent=str(who.consent).lower(), withdrawn=who.withdrawn)
