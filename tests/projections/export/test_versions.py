"""Exports that have the versions of facts beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections import TABLES, LogColumns, facts_at
from projections.export import content_hash, export, read_manifest, reproduce
from projections.versions.known_versions import KnownVersions
from projections.versions.tables import VERSIONS, versions_table
from registry import Registry
from registry.errors import UnknownCodeError
from tests.projections.shown import Clock

FLARE = "flare/P-1/2003-01-10"
MILD = {"patient": "P-1", "started_on": "2003-01-10", "severity": "mild"}
COLUMNS = ("severity", "_known_from_position", "_known_to_position", "event", "reason", "actor", "source")
NOBODY = pa.array([], pa.string())


@pytest.fixture
def flared(registry: Registry) -> Registry:
    """P-1, enrolled at @1, has a flare recorded at @2, amended at @3 and retracted at @4."""
    registry.record("flares", MILD)
    registry.amend(FLARE, {"severity": "severe"}, reason="read again")
    registry.retract(FLARE, reason="another patient's")
    return registry


def exported(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of an export."""
    parts = read_manifest(folder).tables[name].parts
    return [row for part in parts for row in pq.read_table(folder / part.path, partitioning=None).to_pylist()]


def flares(registry: Registry, folder: Path, **point: Any) -> list[tuple[object, ...]]:
    """Return the versions of flares in an export at a point in time, in some columns."""
    export(registry, folder, history=True, tables=["flares_versions"], **point)
    return [tuple(row[name] for name in COLUMNS) for row in exported(folder, "flares_versions")]


def test_a_version_ends_where_the_next_begins_or_the_fact_is_retracted(flared: Registry, tmp_path: Path) -> None:
    assert flares(flared, tmp_path / "out") == [
        ("mild", 2, 3, "FlareStarted", None, "lindner", flared.source),
        ("severe", 3, 4, "FlareAmended", "read again", "lindner", flared.source),
    ]


def test_what_came_after_the_point_of_knowledge_has_not_ended_a_version(flared: Registry, tmp_path: Path) -> None:
    assert [row[:3] for row in flares(flared, tmp_path / "at-3", known_at="@3")] == [
        ("mild", 2, 3),
        ("severe", 3, None),
    ]
    assert [row[:3] for row in flares(flared, tmp_path / "at-2", known_at="@2")] == [("mild", 2, None)]
    assert flares(flared, tmp_path / "@1", known_at="@1") == []


def test_nor_has_it_where_the_columns_that_are_given_go_on_after_the_point(flared: Registry, tmp_path: Path) -> None:
    export(LogColumns.read(flared.log), tmp_path / "out", known_at="@3", history=True, tables=["flares_versions"])

    rows = exported(tmp_path / "out", "flares_versions")
    assert [(row["_known_to_position"], row["_known_to"] is None) for row in rows] == [(3, False), (None, True)]


def test_a_clinical_day_leaves_no_version_out_and_masks_none(flared: Registry, tmp_path: Path) -> None:
    assert len(flares(flared, tmp_path / "out", as_of="2002-12-31")) == 2


def test_instants_are_those_of_the_events_that_begin_and_end_a_version(
    registry: Registry, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2015-01-01T08:00")
    registry.record("flares", MILD)
    clock.set("2016-02-02T09:30")
    registry.amend(FLARE, {"severity": "severe"}, reason="read again")

    export(registry, tmp_path / "out", history=True, tables=["flares"])

    spans = [(row["_known_from"], row["_known_to"]) for row in exported(tmp_path / "out", "flares_versions")]
    assert [(first.isoformat(), last and last.isoformat()) for first, last in spans] == [
        ("2015-01-01T08:00:00+00:00", "2016-02-02T09:30:00+00:00"),
        ("2016-02-02T09:30:00+00:00", None),
    ]


def test_of_the_tables_that_are_named_each_has_its_versions_beside_it(published: Registry, tmp_path: Path) -> None:
    def written(name: str, **asked: Any) -> list[str]:
        return list(export(published, tmp_path / name, **asked).tables)

    assert written("all", history=True) == [*TABLES, *VERSIONS]
    assert written("two", history=True, tables=["treatments", "scores"]) == [
        "treatments", "scores", "treatments_versions",
    ]  # fmt: skip
    assert written("one", history=True, tables=["lesions_versions"]) == ["lesions_versions"]
    with pytest.raises(UnknownCodeError, match="'visits_versions' is not a known table"):
        export(published, tmp_path / "none", tables=["visits_versions"])


@pytest.mark.usefixtures("short_ranges")
@pytest.mark.parametrize("point", [{}, {"as_of": "2003-12-31"}, {"known_at": "@300"}], ids=str)
def test_wherever_patients_are_cut_the_versions_are_the_same_and_are_reproduced(
    published: Registry, tmp_path: Path, point: dict[str, str]
) -> None:
    manifest = export(published, tmp_path / "out", history=True, **point)  # type: ignore[arg-type]

    known = KnownVersions(facts_at(published, **point), NOBODY)  # type: ignore[arg-type]
    for name in VERSIONS:
        rows = versions_table(name, known)
        assert (manifest.tables[name].rows, manifest.tables[name].content_hash) == (rows.num_rows, content_hash(rows))
    assert len(manifest.tables["findings_versions"].parts) > 2
    assert reproduce(published, tmp_path / "out").identical


def test_a_changed_version_is_found(flared: Registry, tmp_path: Path) -> None:
    export(flared, tmp_path / "out", history=True)
    told = (tmp_path / "out" / "manifest.json").read_text()
    digest = read_manifest(tmp_path / "out").tables["flares_versions"].content_hash
    (tmp_path / "out" / "manifest.json").write_text(told.replace(digest, "0" * 64))

    found = reproduce(flared, tmp_path / "out").differences

    assert [difference.table for difference in found] == ["flares_versions"]


def test_the_dictionary_describes_versions_with_their_key_and_references(flared: Registry, tmp_path: Path) -> None:
    export(flared, tmp_path / "out", history=True)

    tables = json.loads((tmp_path / "out" / "dictionary.json").read_text())["tables"]
    assert tables["flares_versions"]["key"] == ["_known_from_position"]
    assert [foreign["table"] for foreign in tables["flares_versions"]["foreign_keys"]] == ["events", "events"]
    (event,) = (column for column in tables["flares_versions"]["columns"] if column["name"] == "event")
    assert event["codes"] == ["FlareStarted", "FlareAmended", "FlareEnded"]


def test_a_centre_that_stands_no_more_is_among_the_codes_of_versions(registry: Registry, tmp_path: Path) -> None:
    registry.amend("patient/P-1", {"centre": "old"}, reason="known since")
    registry.amend("patient/P-1", {"centre": "north"}, reason="it moved")
    protocol = tmp_path / "protocol.toml"
    protocol.write_text('format = 1\nprotocol = "p"\ntitle = "P"\n[[centres]]\ncode = "north"\ntitle = "North"\n')
    registry.adopt_protocol(protocol, reason="declared")

    export(registry, tmp_path / "out", history=True)

    tables = json.loads((tmp_path / "out" / "dictionary.json").read_text())["tables"]
    codes = {
        name: column["codes"]
        for name in ("patients", "patients_versions")
        for column in tables[name]["columns"]
        if column["name"] == "centre"
    }
    assert codes == {"patients": ["north"], "patients_versions": ["north", "old"]}


def test_nothing_of_who_was_erased_is_in_versions_and_an_earlier_export_differs_by_that_alone(
    flared: Registry, tmp_path: Path
) -> None:
    flared.enrol_patient("Z-9", enrolled_on="2002-01-14")
    visit = flared.record_visit("Z-9", visited_on="2002-02-01", measures={"crp": 7})
    flared.amend(visit, {"crp": 8}, reason="read again")
    export(flared, tmp_path / "before", history=True)
    flared.erase_patient("Z-9", reason="asked for it")
    export(flared, tmp_path / "after", history=True)

    found = reproduce(flared, tmp_path / "before")

    assert found.only_erased
    of_them = {"patients_versions", "visits_versions", "measures_versions"}
    assert of_them <= {difference.table for difference in found.differences}
    for name in VERSIONS:
        assert ("Z-9" in str(exported(tmp_path / "before", name))) is (name in of_them)
        assert "Z-9" not in str(exported(tmp_path / "after", name))


@pytest.mark.usefixtures("short_ranges")
def test_who_is_left_out_has_no_version_under_the_pseudonym_of_before_a_merge(
    registry: Registry, tmp_path: Path
) -> None:
    registry.enrol_patient("Z-9", enrolled_on="2002-01-14")
    registry.record_visit("Z-9", visited_on="2002-02-01", measures={"crp": 7})
    for number in range(45):
        registry.enrol_patient(f"Q-{number:02}", enrolled_on="2002-01-14")
    registry.merge_patients("Z-9", into="P-1", reason="one person")
    registry.end_follow_up("P-1", ended_on="2004-01-01", reason="withdrawn")

    kept = export(registry, tmp_path / "kept", history=True)
    export(registry, tmp_path / "left", history=True, withdrawn="exclude")

    assert len(kept.tables["patients_versions"].parts) > 1, "the two stand in ranges of their own"
    assert {row["patient"] for row in exported(tmp_path / "kept", "visits_versions")} == {"P-1", "Z-9"}
    for name in VERSIONS:
        assert {row["patient"] for row in exported(tmp_path / "left", name)} & {"P-1", "Z-9"} == set()
    assert len(exported(tmp_path / "left", "patients_versions")) == 45
