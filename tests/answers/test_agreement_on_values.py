"""The value of a measure at a visit is the same from `summary`, `cohort`, the exported table, Python and the oracle."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import product
from pathlib import Path
from statistics import median
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import facts_at
from projections.clinical.visit_values import (
    CAPTURED_VALUE,
    COMPUTED,
    COMPUTED_OF_DAY,
    COMPUTED_OF_DAYS,
    NO_VALUE,
    PRORATED_VALUE,
    REPORTED,
    CriterionInputs,
    ValueRule,
    VisitValues,
)
from registry.catalogue.instruments.values import COMPARATORS
from tests.answers.asking import Figure, exported, figures, summaries
from tests.answers.choosing import TimePoint, chosen_value
from tests.answers.facts import Facts, of_patient
from tests.answers.formulas import INPUTS
from tests.answers.formulas import PRORATED as PRORATING
from tests.answers.members import Who, members
from tests.answers.observation import Observation
from tests.answers.recording import registry_of
from tests.answers.registries import Kind, registries
from tests.answers.values import BASMI, ValueChoice, value_at
from tests.oracle.laws import laws

MEASURES: Final = tuple(dict.fromkeys((*INPUTS, *BASMI, "crp", "esr", "basdai_3", "patient_global")))
HOW: Final = {
    NO_VALUE: "none",
    CAPTURED_VALUE: "captured",
    COMPUTED: "computed",
    COMPUTED_OF_DAY: "computed",
    COMPUTED_OF_DAYS: "computed",
    REPORTED: "reported",
    PRORATED_VALUE: "prorated",
}
TIME_POINTS: Final = {"baseline": TimePoint(0, (-100, 20)), "later": TimePoint(120, (21, 400))}
COHORT: Final = """
cohort = "all"
[day0]
event = "{event}"
[[time_points]]
name = "baseline"
day = 0
window = [-100, 20]
[[time_points]]
name = "later"
day = 120
window = [21, 400]
[tables.clinical]
measures = [{measures}]
[values]
combine = "{days} days"
"""


@laws(histories=40)
@given(registries(at_most=4, of=Kind(resumed=False)), st.sampled_from((0, 1, 30)), st.booleans())
def test_the_value_at_a_visit_how_it_came_about_and_its_mark_are_those_of_the_oracle(
    sqlite_template: Path, facts: Facts, days: int, prorate: bool
) -> None:
    rule = ValueRule(days, tuple(PRORATING) if prorate else ())
    with registry_of(sqlite_template, facts) as registry:
        inputs = CriterionInputs(VisitValues(facts_at(registry)), rule)

    at = {reference: place for place, reference in enumerate(inputs.visits["fact"].to_pylist())}
    for measure in MEASURES:
        values, origins, marks = inputs[measure].fractions(), inputs.origins(measure), inputs[measure].marks
        for row in facts.visits:
            expected = value_at(row, of_patient(facts.visits, row.patient), measure, ValueChoice(days, prorate))
            place = at[row.reference]
            assert HOW[int(origins[place])] == expected.how
            assert (values[place] is None) is (expected.value is None)
            if expected.value is not None:
                assert float(values[place] or 0) == pytest.approx(float(expected.value), abs=2e-9)
            assert {int(marks[place])} - {0} == {COMPARATORS[mark] for mark in expected.marks}


@laws(histories=12)
@given(registries(at_most=4, of=Kind(resumed=False)))
def test_summary_has_the_values_that_the_oracle_has_at_the_visits_of_each_label(
    sqlite_template: Path, facts: Facts
) -> None:
    with registry_of(sqlite_template, facts) as registry:
        given_rows = summaries(registry.place)

    by_label: defaultdict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for row in facts.visits:
        for measure in MEASURES:
            value = value_at(row, of_patient(facts.visits, row.patient), measure).value
            if value is not None:
                by_label[measure, row.label or ""].append(value)
    said = {(name, label or ""): each for (name, label), each in given_rows.items() if name in MEASURES}
    assert {key: row["n"] for key, row in said.items()} == {key: len(values) for key, values in by_label.items()}
    for key, values in by_label.items():
        assert said[key]["median"] == pytest.approx(float(median(values)), abs=1e-8)
        assert said[key]["mean"] == pytest.approx(float(sum(values) / len(values)), abs=1e-8)


@laws(histories=25)
@given(registries(at_most=4, of=Kind(precise=True)), st.sampled_from((0, 30)))
def test_a_cohort_has_the_values_that_the_oracle_chooses(sqlite_template: Path, facts: Facts, days: int) -> None:
    measures = ", ".join(f'"{name}"' for name in MEASURES)
    with registry_of(sqlite_template, facts) as registry:
        found = {
            event: figures(registry.place, COHORT.format(event=event, measures=measures, days=days))
            for event in ("enrolment", "line")
        }

    for (event, given_rows), (name, at), measure in product(found.items(), TIME_POINTS.items(), MEASURES):
        chosen = [
            chosen_value(of_patient(facts.visits, patient), measure, zero.day, at, by=ValueChoice(days))
            for patient, zero in members(facts, Who(event=event), Observation()).items()
        ]
        values = [each.value.value for each in chosen if each is not None and each.value.value is not None]
        assert given_rows[Figure("clinical", measure, name, "n")]["value"] == len(values)
        if values:
            mean = given_rows[Figure("clinical", measure, name, "mean")]["value"]
            assert mean == pytest.approx(float(sum(values) / len(values)), abs=1e-8)


@laws(histories=12)
@given(registries(at_most=4, of=Kind(resumed=False)))
def test_the_exported_rows_of_a_visit_give_by_the_rule_what_summary_has(sqlite_template: Path, facts: Facts) -> None:
    with registry_of(sqlite_template, facts) as registry:
        rows = exported(registry.place, ("measures", "visits"))
        given_rows = summaries(registry.place)

    labels = {row["visit_id"]: row["visit"] or "" for row in rows["visits"]}
    standing: dict[tuple[str, str], float] = {}
    for row in sorted(rows["measures"], key=lambda row: bool(row["derived"])):  # computed ones last
        name = {"2-step": "basmi_2step", "10-step": "basmi_10step", "linear": "basmi_linear"}.get(
            row["version"], row["measure"]
        )
        if row["value"] is not None:
            standing[row["visit_id"], name] = row["value"]
    by_label: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for (visit, name), value in standing.items():
        by_label[name, labels[visit]].append(value)
    said = {(name, label or ""): (row["n"], row["low"], row["high"]) for (name, label), row in given_rows.items()}
    assert said == {key: (len(values), min(values), max(values)) for key, values in by_label.items()}
