"""Every reference that a table, a course or a warning gives is one under which the registry knows the fact."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from projections import TABLES, facts_at, facts_of, project
from projections.checks import all_warnings
from projections.clinical import computed_flares
from projections.course import course_entries
from projections.point_in_time import Facts
from projections.therapy import treatment_episodes, treatment_lines
from projections.verdicts import verdict_basis, verdict_symptoms
from registry import Registry
from registry.errors import RegistryError

PARTS = ("anterior", "posterior")
ITEMS = ("inflammation", "erosion")
KINDS = {"patient", "visit", "treatment", "flare", "adverse-event", "condition", "follow-up", "imaging", "reading"}
STATED: tuple[tuple[str, dict[str, object]], ...] = (
    ("visits", {"visited_on": "2009-12-20", "visit": "baseline", **{f"basdai_{item}": 6 for item in range(1, 7)}}),
    ("visits", {"visited_on": "2010-03-20", "visit": "week 12", **{f"basdai_{item}": 1 for item in range(1, 7)}}),
    ("visits", {"visited_on": "2010-03-21", "visit": "week 12", "crp": 5}),
    ("treatments", {"agent": "infliximab", "started_on": "2010-01", "stopped_on": "2010-11-02"}),
    ("treatments", {"agent": "infliximab", "started_on": "2010-05-01"}),
    ("flares", {"started_on": "2010-06-24", "ended_on": "2010-07-01"}),
    ("adverse_events", {"term": "rash", "started_on": "2010-09-02"}),
    ("conditions", {"condition": "uveitis", "started_on": "2010-05"}),
    ("conditions", {"condition": "psoriasis"}),
    ("follow_ups", {"resumed_on": "2010-02-01"}),
    ("imaging", {"study": "A", "performed_on": "2010-01-03", "modality": "MRI", "regions": "spine"}),
    ("imaging", {"study": "B", "performed_on": "2010-11-05", "modality": "MRI", "regions": "spine"}),
)


@pytest.fixture(params=["with ids of their own", "without"])
def stated(request: pytest.FixtureRequest, registry: Registry) -> Registry:
    """A registry with a fact of every kind, contradictory readings and doubtful days among them."""
    numbers = iter(range(1, 99))

    def row_id() -> dict[str, object]:
        return {"id": f"row/{next(numbers)}"} if request.param != "without" else {}

    registry.enrol_patient(
        "P-2", enrolled_on="2009-01-01", follow_up_ended_on="2010-01-20", follow_up_end_reason="lost"
    )
    registry.enrol_patient("P-3", enrolled_on="2009-01-01")
    for table, cells in STATED:
        patient = "P-2" if table == "follow_ups" else "P-3"
        registry.record(table, {"patient": patient, **cells, **row_id()})
    for study in ("A", "B"):
        for method, grades in (
            ("berlin", {"C2/3": 3}),
            ("vu-lesions", {f"C2/3 {part} {item}": 0 for part in PARTS for item in ITEMS}),
        ):
            registry.record_reading(study, reader="R1", method=method, grades=grades, **row_id())
    registry.record_lesion_verdict(
        "A", "B", reader="consensus", lesion="1", region="spine", kind="romanus", verdict="unchanged", **row_id()
    )
    return registry


def test_every_reference_of_every_table_is_known_to_history(stated: Registry) -> None:
    facts = facts_at(stated)

    given = dict(_of_tables(facts))

    assert {reference.partition("/")[0] for reference in given} >= KINDS - {"patient", "imaging"}
    assert _unknown(stated, given) == {}


def test_every_reference_of_a_course_is_known_to_history(stated: Registry) -> None:
    given = {
        entry.reference: entry.what
        for patient in ("P-2", "P-3")
        for entry in course_entries(facts_of(stated, patient), patient)
    }

    assert {reference.partition("/")[0] for reference in given} == KINDS - {"reading"}
    assert _unknown(stated, given) == {}


def test_every_reference_of_a_warning_is_known_to_history(stated: Registry) -> None:
    warnings = all_warnings.table(facts_at(stated)).to_pylist()

    given = {row["reference"]: row["rule"] for row in warnings}

    assert {reference.partition("/")[0] for reference in given} >= {"imaging", "visit", "treatment"}
    assert _unknown(stated, given) == {}


def _of_tables(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield every reference in the tables, and where it stands."""
    tables = {name: project(name, facts) for name in TABLES} | {
        "episodes": treatment_episodes.table(facts),
        "lines": treatment_lines.table(facts),
        "computed_flares": computed_flares.table(facts),
        "verdict_basis": verdict_basis.table(facts),
        "verdict_symptoms": verdict_symptoms.table(facts, "crp"),
    }
    for name, table in tables.items():
        for column in table.column_names:
            if column.endswith("_id") or (name, column) == ("events", "fact"):
                yield from ((each, f"{name}.{column}") for each in table[column].to_pylist() if each is not None)


def _unknown(registry: Registry, given: dict[str, str]) -> dict[str, str]:
    """Return the references, with where they stand, under which a history has nothing or is refused."""
    unknown = {}
    for reference, where in given.items():
        try:
            versions = registry.history(reference)
        except RegistryError as refusal:
            unknown[reference] = f"{where}: {refusal}"
        else:
            assert versions
    return unknown
