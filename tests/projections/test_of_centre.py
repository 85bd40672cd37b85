"""The facts of one centre are those of the patients whom it enrolled."""

from __future__ import annotations

import pytest

from projections import TABLES, facts_at, project
from registry import Registry


@pytest.fixture
def registry(sqlite_url: str) -> Registry:
    registry = Registry.open(sqlite_url, actor="tester")
    for patient, centre in (("P-1", "berlin"), ("P-2", "hamburg"), ("P-3", None)):
        registry.enrol_patient(patient, enrolled_on="2020-01-01", centre=centre)
        registry.record_visit(patient, visited_on="2020-02-01", measures={"crp [mg/l]": 5})
        registry.record_study(
            f"S-{patient}", patient=patient, performed_on="2020-02-02", modality="MRI", regions=["spine"]
        )
    return registry


def test_every_table_has_patients_of_the_centre_only(registry: Registry) -> None:
    own = facts_at(registry).of_centre("berlin")

    for name in TABLES:
        table = project(name, own)
        if "patient" in table.column_names:
            assert set(table["patient"].to_pylist()) <= {"P-1"}, name
    assert own.count("visits") == own.count("imaging") == 1


def test_nobody_is_of_a_centre_that_enrolled_nobody(registry: Registry) -> None:
    assert facts_at(registry).of_centre("munich").count("patients") == 0


def test_who_withdrew_is_left_out_of_a_centre_too(registry: Registry) -> None:
    registry.amend(
        "patient/P-1", {"follow_up_ended_on": "2020-03-01", "follow_up_end_reason": "withdrawn"}, reason="asked"
    )

    assert facts_at(registry, withdrawn="exclude").of_centre("berlin").count("patients") == 0
    assert facts_at(registry).of_centre("berlin").count("patients") == 1
