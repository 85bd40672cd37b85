"""Drugs, products and arms of a protocol, wherever drugs stand: courses, lines, exposure, cohorts, checks, exports."""

from __future__ import annotations

import pytest

from projections import facts_at, project, treatments_of
from projections.checks.all_warnings import all_warnings
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from projections.therapy.patient_years import table as patient_years
from projections.therapy.treatment_lines import table as treatment_lines
from registry import Registry
from registry.catalogue.protocol import AgentRecord, CodeRecord, ProductRecord, Protocol
from registry.errors import UnknownCodeError
from registry.toml_keys import DefinitionError
from tests.projections.rows_of import rows_of

PROTOCOL = Protocol(
    protocol="north",
    title="North",
    agents=(AgentRecord(name="study-drug-7", drug_class="IL-17i"), AgentRecord(name="placebo", drug_class="placebo")),
    products=(ProductRecord(name="Adalia", agent="adalimumab", kind="biosimilar"),),
    arms=(CodeRecord(code="ACTIVE", title="study drug 7"), CodeRecord(code="PLACEBO", title="placebo")),
)
BOX = "patient started_on agent atc drug_class product arm"


def treated(registry: Registry, patient: str, agent: str, started_on: str, **cells: object) -> str:
    return registry.start_treatment(patient, agent=agent, started_on=started_on, **cells)


@pytest.fixture
def switched(registry: Registry) -> Registry:
    """A patient who was switched from Benepali, a biosimilar, to Humira."""
    first = treated(registry, "P-1", "Benepali", "2013-01-01", stopped_on="2013-06-30", stop_reason="lack-of-efficacy")
    assert first == "treatment/P-1/etanercept/2013-01-01"
    treated(registry, "P-1", "Humira", "2013-07-14")
    return registry


@pytest.fixture
def trial(registry: Registry) -> Registry:
    """A trial: P-1 on study drug 7, P-2 on placebo, both from 1 January to 1 July 2012."""
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.adopt_protocol(PROTOCOL)
    treated(registry, "P-1", "study-drug-7", "2012-01-01", stopped_on="2012-07-01", arm="ACTIVE")
    treated(registry, "P-2", "placebo", "2012-01-01", stopped_on="2012-07-01", arm="PLACEBO")
    return registry


def test_a_switch_of_products_is_told_by_agents_and_by_boxes(switched: Registry) -> None:
    assert rows_of(project("treatments", facts_at(switched)), BOX) == [
        ("P-1", "2013-01-01", "etanercept", "L04AB01", "TNFi", "Benepali", None),
        ("P-1", "2013-07-14", "adalimumab", "L04AB04", "TNFi", "Humira", None),
    ]
    assert rows_of(treatment_lines(facts_at(switched)), "line agent switch_kind switch_from") == [
        (1, "etanercept", "first", None),
        (2, "adalimumab", "within-class", "etanercept"),
    ]


def test_a_switch_to_a_biosimilar_of_the_same_agent_is_another_course_and_no_other_line(registry: Registry) -> None:
    treated(registry, "P-1", "Enbrel", "2013-01-01", stopped_on="2013-06-30", stop_reason="non-medical-switch")
    treated(registry, "P-1", "Benepali", "2013-07-01")

    courses = rows_of(project("treatments", facts_at(registry)), "agent product")
    assert courses == [("etanercept", "Enbrel"), ("etanercept", "Benepali")]
    assert rows_of(treatment_lines(facts_at(registry)), "line agent") == [(1, "etanercept")]


def test_own_drugs_go_out_with_their_class_their_arm_and_no_code(trial: Registry) -> None:
    assert rows_of(project("treatments", facts_at(trial)), BOX) == [
        ("P-1", "2012-01-01", "study-drug-7", None, "IL-17i", None, "ACTIVE"),
        ("P-2", "2012-01-01", "placebo", None, "placebo", None, "PLACEBO"),
    ]


def test_a_placebo_arm_makes_no_line_and_the_study_drug_does(trial: Registry) -> None:
    assert rows_of(treatment_lines(facts_at(trial)), "patient line agent drug_class") == [
        ("P-1", 1, "study-drug-7", "IL-17i")
    ]


def test_time_on_placebo_is_no_time_on_immunomodulating_treatment(trial: Registry) -> None:
    years = {row["name"]: row["n_patients"] for row in patient_years(facts_at(trial, as_of="2012-12-31")).to_pylist()}

    assert years["immunomodulating"] == 1
    assert years["IL-17i"] == 1
    assert years["placebo"] == 1
    assert years["none"] == 2


def test_courses_are_asked_for_by_own_words(trial: Registry) -> None:
    facts = facts_at(trial)

    assert list(treatments_of(facts, "Study-Drug-7")["patient"]) == ["P-1"]
    assert list(treatments_of(facts, "IL-17i")["patient"]) == ["P-1"]
    assert list(treatments_of(facts, "PLACEBO")["patient"]) == ["P-2"]
    assert list(treatments_of(facts, "Adalia")["patient"]) == []


def test_before_the_protocol_was_adopted_nobody_knew_these_words(trial: Registry) -> None:
    adopted = trial.protocols()[0].position

    with pytest.raises(UnknownCodeError, match="'study-drug-7' is not a known class, agent or ATC code"):
        treatments_of(facts_at(trial, known_at=adopted - 1), "study-drug-7")


def test_a_cohort_begins_with_own_drugs(trial: Registry) -> None:
    text = b"""
        cohort = "north"
        [who]
        exposed_to = ["study-drug-7"]
        [day0]
        event = "course"
        of = ["placebo", "IL-17i"]
        [[time_points]]
        name = "half a year"
        day = 182
        [tables.medication]
    """

    found = Cohort.of(parsed(text, catalogue=trial.catalogue), facts_at(trial))

    assert found.members == ["P-1"]
    with pytest.raises(DefinitionError, match="'study-drug-7'"):
        parsed(text)


def test_own_drugs_are_judged_by_no_limit_that_nobody_knows(trial: Registry) -> None:
    treated(trial, "P-1", "study-drug-7", "2013-01-01", stopped_on="2013-02-01", dose="900000", dose_unit="mg")

    assert not {"drug-before-its-time", "impossible-dose"} & set(all_warnings(facts_at(trial))["rule"])


def test_a_line_over_a_line_on_a_study_drug_is_doubted_as_over_any_other(trial: Registry) -> None:
    treated(trial, "P-1", "Adalia", "2012-03-01")
    treated(trial, "P-2", "Adalia", "2012-03-01")

    doubted = all_warnings(facts_at(trial))
    assert list(doubted.loc[doubted["rule"] == "two-targeted-at-once", "patient"]) == ["P-1"]


def test_the_words_that_columns_can_hold_are_those_of_the_point_in_time(trial: Registry) -> None:
    from projections.stated.treatments import TREATMENTS

    now, before = facts_at(trial).catalogue, facts_at(trial, known_at=1).catalogue
    listed = {column.name: column.codes_in for column in TREATMENTS.columns}

    assert listed["arm"](now) == ("ACTIVE", "PLACEBO")
    assert listed["arm"](before) == ()
    assert "Adalia" in listed["product"](now)
    assert "Adalia" not in listed["product"](before)
    assert "Benepali" in listed["product"](before)
