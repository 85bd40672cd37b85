"""Responses are those of the oracle: which episodes are judged, at which visits, from which baseline."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given

from tests.answers.asking import in_python
from tests.answers.criteria import INPUTS
from tests.answers.facts import Facts
from tests.answers.observation import Observation
from tests.answers.recording import registry_of
from tests.answers.responses import responses
from tests.answers.test_agreement import questions
from tests.oracle.laws import laws


@laws(histories=40)
@given(questions())
def test_responses_are_those_of_the_oracle(sqlite_template: Path, question: tuple[Facts, date | None]) -> None:
    facts, as_of = question
    with registry_of(sqlite_template, facts) as registry:
        rows = in_python(registry, ("responses",), as_of)["responses"]

    assert {
        (row["patient"], row["treatment_id"], row["criterion"], row["visit_id"]): (row["baseline_visit_id"], row["met"])
        for row in rows
        if row["criterion"] in INPUTS
    } == {
        (each.patient, each.treatment, each.criterion, each.visit): (each.baseline, each.met)
        for each in responses(facts, Observation(as_of=as_of))
    }
