"""Whatever happened: at every position the versions that were current then are what the facts' own tables say there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from projections.versions.known_versions import KnownVersions
from projections.versions.tables import VERSIONS, versions_table
from registry import Registry
from tests.oracle.commands import PATIENTS
from tests.oracle.histories import History, histories, numbers, registry_with
from tests.oracle.laws import laws
from tests.projections.versions.slow_versions import FROM, KINDS, Row, known, slow_versions

NOBODY = pa.array([], pa.string())
WITH_OWN_TABLE = [name.removesuffix("_versions") for name in VERSIONS if name != "lesions_versions"]
OF_LESIONS = ("patient", "fact", "baseline_study", "followup_study", "reader", "session", "lesion", "verdict")
STUDIES = {"readings": ("study",), "lesions": ("baseline_study", "followup_study")}


def versions_at(source: Registry | LogColumns, known_at: int) -> dict[str, list[Row]]:
    """Return the rows of every table of versions, by the name of the facts' own table."""
    known_versions = KnownVersions(facts_at(source, known_at=known_at), NOBODY)
    return {name.removesuffix("_versions"): versions_table(name, known_versions).to_pylist() for name in VERSIONS}


def standing(versions: dict[str, list[Row]], position: int) -> dict[str, list[Row]]:
    """Return the versions that were current at a position, of who was enrolled then and of studies that were there."""
    current = {name: known(rows, position) for name, rows in versions.items()}
    enrolled = {row["patient"] for row in current["patients"]}
    current = {name: [row for row in rows if row["patient"] in enrolled] for name, rows in current.items()}
    studies = {(row["patient"], row["study"]) for row in current["imaging"]}
    for name, columns in STUDIES.items():
        current[name] = [row for row in current[name] if {(row["patient"], row[each]) for each in columns} <= studies]
    readings = {row[FROM] for row in current["readings"]}
    return current | {"findings": [row for row in current["findings"] if row[FROM] in readings]}


def alike(rows: list[Row], columns: list[str]) -> list[list[Any]]:
    """Return the rows in some columns, in one order whatever theirs was."""
    return sorted(([row[name] for name in columns] for row in rows), key=repr)


@laws(histories=40)
@given(histories, st.lists(numbers, min_size=3, max_size=3), st.sampled_from((None, None, *PATIENTS)))
def test_versions_are_what_a_replay_of_the_events_gives(
    sqlite_template: Path, history: History, places: list[int], erased: str | None
) -> None:
    with registry_with(sqlite_template, history) as registry:
        if erased is not None:
            registry.erase_patient(erased, reason="asked for it")
        columns = LogColumns.read(registry.log)
        for place in (*places, columns.head.position):
            known_at = place % (columns.head.position + 1)

            found = versions_at(columns, known_at)

            expected = slow_versions(registry, known_at)
            for kind in KINDS:
                assert found[kind] == expected[kind], f"{kind} known at @{known_at}"


@laws(histories=12)
@given(histories, numbers)
def test_versions_current_at_a_position_are_the_facts_at_it(
    sqlite_template: Path, history: History, place: int
) -> None:
    with registry_with(sqlite_template, history) as registry:
        columns = LogColumns.decoded(registry.log)
        known_at = place % (columns.head.position + 1)
        found = versions_at(columns, known_at)
        for position in range(known_at + 1):
            facts, current = facts_at(columns, known_at=position), standing(found, position)
            for name in WITH_OWN_TABLE:
                rows = project(name, facts).to_pylist()
                if name == "measures":
                    rows = [row for row in rows if not row["derived"]]
                own = [column.name for column in VERSIONS[f"{name}_versions"].columns]
                shared = [column for column in own if rows and column in rows[0]]
                assert len(current[name]) == len(rows), f"{name} at @{position}, known at @{known_at}"
                assert alike(current[name], shared) == alike(rows, shared), f"{name} at @{position}"
            verdicts = [{**row, "fact": row["verdict_id"]} for row in current["lesions"]]
            assert alike(verdicts, [*OF_LESIONS]) == alike(facts.of("lesions").to_pylist(), [*OF_LESIONS])
