"""One table of all warnings."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections import facts_at
from projections.checks.all_warnings import RULE_NAMES, WARNINGS, all_warnings, table
from registry import Registry
from registry.simulation import CohortSize, record_simulated, simulated


def test_a_warning_names_the_rule_the_patient_the_fact_what_of_it_and_the_centre(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", centre="Ulm", symptom_onset="1900")
    registry.record_visit("P-2", visited_on="2002-02-01", measures={"crp": 301})

    rows = table(facts_at(registry)).to_pylist()

    assert [tuple(row.values()) for row in rows] == [
        ("beyond-limit", "P-2", "visit/P-2/2002-02-01", "crp", "301 mg/l; 0 to 300", "Ulm"),
        (
            "long-before-enrolment",
            "P-2",
            "patient/P-2",
            "symptom_onset",
            "1900, enrolled on 2002-01-14; 70 years before at the most",
            "Ulm",
        ),
        ("placeholder-day", "P-2", "patient/P-2", "symptom_onset", "1900, in 1900", "Ulm"),
    ]


def test_nothing_implausible_is_a_table_without_rows(registry: Registry) -> None:
    found = table(facts_at(registry))

    assert found.num_rows == 0
    assert found.schema == WARNINGS.schema
    assert all_warnings(facts_at(registry)).empty


def test_warnings_follow_the_point_in_time(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-02-01")
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-02-01")

    assert table(facts_at(registry, as_of="2003-01-31")).num_rows == 0
    assert table(facts_at(registry, as_of="2003-02-01"))["rule"].to_pylist() == ["open-course-overtaken"]


def test_the_example_cohorts_have_no_warning_but_the_thirteen_that_the_paper_has(published: Registry) -> None:
    found = table(facts_at(published))

    assert found["rule"].to_pylist() == ["erosion-below-asspimri-4"] * 13


@pytest.mark.parametrize("size", [CohortSize(60, 40, 3), CohortSize(150, 10, 1), CohortSize(40, 6, 4)])
def test_a_simulated_registry_is_plausible(tmp_path: Path, size: CohortSize) -> None:
    record_simulated(simulated(size), str(tmp_path / "registry.db"))

    with Registry.open(str(tmp_path / "registry.db")) as opened:
        assert table(facts_at(opened)).to_pylist() == []


def test_rules_have_names_of_their_own_that_fit_into_a_line() -> None:
    assert len(set(RULE_NAMES)) == len(RULE_NAMES)
    assert max(map(len, RULE_NAMES)) <= 25
