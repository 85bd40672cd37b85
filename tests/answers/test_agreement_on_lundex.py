"""LUNDEX is that of the oracle: retention with late entries, times the responders of those who are on the drug."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from tests.answers.facts import Facts
from tests.answers.members import Who, members
from tests.answers.observation import Observation, observed_spans
from tests.answers.recording import registry_of
from tests.answers.responders import ResponderChoice, response_rate
from tests.answers.retention import lundex, stretches
from tests.answers.test_agreement import questions
from tests.answers.test_agreement_on_responders import LATER, answers
from tests.oracle.laws import laws
from tests.projections.cohort.defined import by_address

CHOICES: Final = (
    ResponderChoice(),
    ResponderChoice(denominator="known", late_entrants=True),
    ResponderChoice(denominator="all", lag=0),
)
DEFINITION: Final = """
cohort = "random"

[day0]
event = "line"

[[time_points]]
name = "baseline"
day = 0
window = [-100, 20]

[[time_points]]
name = "later"
day = 120
window = [60, 200]

[tables.survival]
days = [120]
lundex = "{criterion}"
denominator = "{chosen.denominator}"
lag = {chosen.lag}
late_entrants = {late_entrants}
"""


@laws(histories=25)
@given(questions(precise=True))
def test_lundex_is_that_of_the_oracle(sqlite_template: Path, question: tuple[Facts, date | None]) -> None:
    facts, as_of = question
    asked = [(criterion, chosen) for criterion in ("asas20", "basdai50") for chosen in CHOICES]
    with registry_of(sqlite_template, facts) as registry:
        known = facts_at(registry, as_of=as_of)
        found = [by_address(Cohort.of(parsed(defined(*each).encode()), known)) for each in asked]

    observation = Observation(as_of=as_of)
    at_risk = [
        each
        for patient, zero in members(facts, Who(event="line"), observation).items()
        for each in stretches(zero.day, zero.stopped_on, zero.reason, observed_spans(facts, patient, observation))
    ]
    for (criterion, chosen), figures in zip(asked, found):
        on_it = replace(chosen, on_drug="only")
        rate = response_rate(answers(facts, as_of, "line", criterion, on_it), on_it)
        expected = lundex(at_risk, LATER.day, rate.responders, rate.of)
        figure = figures[f"survival / LUNDEX / later / {criterion}"]
        assert (figure.numerator, figure.denominator) == (rate.responders, rate.of)
        assert figure.value == (None if expected is None else pytest.approx(float(100 * expected)))


def defined(criterion: str, chosen: ResponderChoice) -> str:
    """Return the cohort with a LUNDEX by a criterion and a choice."""
    late = str(chosen.late_entrants).lower()
    return DEFINITION.format(criterion=criterion, chosen=chosen, late_entrants=late)
