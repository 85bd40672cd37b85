"""Responders of cohorts are those of the oracle: who is due, which visits stand, and each denominator."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given

from projections import facts_at
from projections.cohort.definition.definition import Definition
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from tests.answers.choosing import TimePoint
from tests.answers.facts import Facts, of_patient
from tests.answers.members import Who, data_cut, members
from tests.answers.observation import Observation, observed_spans
from tests.answers.recording import registry_of
from tests.answers.responders import Answer, Member, ResponderChoice, answered, response_rate
from tests.answers.test_agreement import questions
from tests.oracle.laws import laws
from tests.projections.cohort.defined import by_address

CRITERIA: Final = ("asas20", "basdai50", "asas-partial-remission")
BASELINE: Final = TimePoint(0, (-100, 20))
LATER: Final = TimePoint(120, (60, 200))
DEFINITION: Final = """
cohort = "random"

[day0]
event = "{event}"

[[time_points]]
name = "baseline"
day = 0
window = [-100, 20]

[[time_points]]
name = "later"
day = 120
window = [60, 200]

[tables.responders]
criteria = ["asas20", "basdai50", "asas-partial-remission"]
denominator = "{chosen.denominator}"
on_drug = "{chosen.on_drug}"
lag = {chosen.lag}
"""
CHOICES: Final = (
    ResponderChoice(),
    ResponderChoice(denominator="known", on_drug="only"),
    ResponderChoice(denominator="all", on_drug="stopped-is-no", lag=0),
)


@laws(histories=25)
@given(questions(precise=True))
def test_responders_are_those_of_the_oracle(sqlite_template: Path, question: tuple[Facts, date | None]) -> None:
    facts, as_of = question
    with registry_of(sqlite_template, facts) as registry:
        known = facts_at(registry, as_of=as_of)
        cohorts = [
            (
                event,
                chosen,
                by_address(Cohort.of(parsed(DEFINITION.format(event=event, chosen=chosen).encode()), known)),
            )
            for event, chosen in product(("enrolment", "line"), CHOICES)
        ]

    for event, chosen, found in cohorts:
        for criterion in CRITERIA:
            expected = response_rate(answers(facts, as_of, event, criterion, chosen), chosen)
            rate, low, high, off = (
                found[f"responders / {criterion} / later / {statistic}"]
                for statistic in ("responders", "lowest possible", "highest possible", "off the drug")
            )
            assert (rate.numerator, rate.denominator) == (expected.responders, expected.of)
            assert off.numerator == expected.off_drug
            for bound, figure in ((expected.lowest, low), (expected.highest, high)):
                assert figure.value == (None if bound is None else pytest.approx(float(100 * bound)))


def defined(event: str, chosen: ResponderChoice) -> Definition:
    """Return the cohort from an event on with the responders that are chosen."""
    return parsed(DEFINITION.format(event=event, chosen=chosen).encode())


def answers(facts: Facts, as_of: date | None, event: str, criterion: str, chosen: ResponderChoice) -> list[Answer]:
    """Return what the oracle says of each member."""
    observation = Observation(as_of=as_of)
    found = []
    for patient, zero in members(facts, Who(event=event), observation).items():
        rows = [row for row in of_patient(facts.visits, patient) if as_of is None or row.visited_on <= as_of]
        spans = observed_spans(facts, patient, observation)
        member = Member(patient, zero.day, zero.stopped_on, rows, spans, zero.precision, event == "line")
        found.append(answered(member, criterion, BASELINE, LATER, data_cut=data_cut(facts, as_of), chosen=chosen))
    return found
