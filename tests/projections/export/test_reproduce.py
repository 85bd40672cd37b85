"""Rebuilding exports from the log, and checking received ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from projections.errors import ManifestError, OtherRegistryError
from projections.export import export, reproduce
from projections.export.first_columns import COLUMNS_OF_0_1
from projections.tables import TABLES
from registry import Registry


@pytest.fixture
def exported(scanned: Registry, tmp_path: Path) -> Path:
    """An export of a small registry."""
    scanned.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 1})
    export(scanned, tmp_path / "out")
    return tmp_path / "out"


def edited(folder: Path, **changes: object) -> None:
    """Change the manifest of an export."""
    stated = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**stated, **changes}))


def without_registry(folder: Path) -> None:
    """Make the manifest of an export one that does not say of which registry it is, as older ones do not."""
    stated = json.loads((folder / "manifest.json").read_text())
    del stated["registry"]
    (folder / "manifest.json").write_text(json.dumps(stated))


def differences(registry: Registry | None, folder: Path) -> list[str]:
    return [str(difference) for difference in reproduce(registry, folder).differences]


def test_an_export_is_rebuilt_identically_whatever_was_recorded_since(scanned: Registry, exported: Path) -> None:
    scanned.amend("imaging/A", {"performed_on": "2003-06-03"}, reason="wrong year")

    assert reproduce(scanned, exported / "manifest.json").identical
    assert reproduce(scanned, exported).identical


def test_a_manifest_names_the_edition_and_the_columns_of_each_table(exported: Path) -> None:
    stated = json.loads((exported / "manifest.json").read_text())["tables"]

    assert {name: (table["edition"], tuple(table["columns"])) for name, table in stated.items()} == {
        name: (table.edition, tuple(column.name for column in table.columns)) for name, table in TABLES.items()
    }


def test_other_content_of_another_edition_is_told_and_does_not_differ(scanned: Registry, exported: Path) -> None:
    stated = json.loads((exported / "manifest.json").read_text())["tables"]
    edited(exported, tables={**stated, "scores": {**stated["scores"], "edition": 1, "content_hash": "0" * 64}})

    found = reproduce(scanned, exported)

    assert [str(each) for each in found.other_editions] == ["scores: made by edition 1, this computes 2"]
    assert (found.differences, found.identical) == ((), False)


def test_the_same_content_of_another_edition_is_identical(scanned: Registry, exported: Path) -> None:
    stated = json.loads((exported / "manifest.json").read_text())["tables"]
    edited(exported, tables={**stated, "scores": {**stated["scores"], "edition": 1}})

    assert reproduce(scanned, exported).identical


def test_other_content_of_the_same_edition_differs(scanned: Registry, exported: Path) -> None:
    stated = json.loads((exported / "manifest.json").read_text())["tables"]
    edited(exported, tables={**stated, "scores": {**stated["scores"], "content_hash": "0" * 64}})

    found = reproduce(scanned, exported)

    assert found.other_editions == ()
    assert [difference.table for difference in found.differences] == ["scores"]


def test_a_manifest_of_0_1_names_neither_and_is_rebuilt_by_the_columns_of_0_1(
    scanned: Registry, exported: Path
) -> None:
    stated = json.loads((exported / "manifest.json").read_text())["tables"]
    of_0_1 = {
        name: {key: value for key, value in table.items() if key not in ("edition", "columns")}
        for name, table in stated.items()
        if tuple(table["columns"]) == COLUMNS_OF_0_1.get(name)
    }
    edited(exported, tables=of_0_1)

    assert reproduce(scanned, exported).identical


def test_an_export_as_of_a_day_is_rebuilt_as_of_that_day(scanned: Registry, tmp_path: Path) -> None:
    export(scanned, tmp_path / "out", as_of="2004-12-31", known_at="@2")

    assert reproduce(scanned, tmp_path / "out").identical


def test_an_export_with_fewer_columns_than_now_is_rebuilt_with_those(scanned: Registry, tmp_path: Path) -> None:
    from projections import facts_at, project
    from projections.export import content_hash

    export(scanned, tmp_path / "out", tables=["measures"])
    stated = json.loads((tmp_path / "out" / "manifest.json").read_text())["tables"]["measures"]
    then = project("measures", facts_at(scanned)).drop_columns(stated["columns"][-1])
    fewer = {"columns": stated["columns"][:-1], "content_hash": content_hash(then)}
    edited(tmp_path / "out", tables={"measures": {**stated, **fewer}})

    assert reproduce(scanned, tmp_path / "out").identical


def test_a_table_with_other_rows_is_named(scanned: Registry, exported: Path) -> None:
    tables = json.loads((exported / "manifest.json").read_text())["tables"]
    tables["visits"]["rows"] = 1200
    tables["imaging"]["content_hash"] = "0" * 64
    tables["weather"] = tables["visits"]
    edited(exported, tables=tables)

    found = differences(scanned, exported)

    assert found[0] == "visits: 0 rows, the manifest says 1,200"
    assert found[1].startswith("imaging: other content: content_hash is ")
    assert found[1].endswith(f", the manifest says {'0' * 64}")
    assert found[2] == "weather: this spondyl has no such table; use the one that wrote it"
    assert len(found) == 3


def test_a_manifest_of_another_registry_is_refused_with_both_ids(published: Registry, exported: Path) -> None:
    stated = json.loads((exported / "manifest.json").read_text())["registry"]
    here = published.log.head_at(1).digest.hex()

    with pytest.raises(OtherRegistryError, match=f"is of registry {stated}, this is registry {here}; ") as refusal:
        reproduce(published, exported)

    assert (refusal.value.stated, refusal.value.here) == (stated, here)
    assert reproduce(published, exported, files_only=True).identical


def test_a_manifest_of_a_registry_is_refused_by_an_empty_one(exported: Path, sqlite_template: Path) -> None:
    with (
        Registry.open(str(sqlite_template)) as empty,
        pytest.raises(OtherRegistryError, match=r"is of registry [0-9a-f]{64}, this is one whose log is empty"),
    ):
        reproduce(empty, exported)


def test_a_manifest_of_when_the_log_was_empty_is_of_every_registry(
    scanned: Registry, tmp_path: Path, sqlite_template: Path
) -> None:
    with Registry.open(str(sqlite_template)) as empty:
        export(empty, tmp_path / "out")

    assert reproduce(scanned, tmp_path / "out").identical


def test_another_log_is_told_by_its_digest(published: Registry, exported: Path) -> None:
    without_registry(exported)

    found = differences(published, exported)

    assert found[0].startswith(f"the log's digest at @5 is {published.log.head_at(5).digest.hex()}, the manifest's ")
    assert any(each.startswith("patients: ") for each in found)


def test_a_log_that_is_too_short_is_told(exported: Path, sqlite_template: Path) -> None:
    without_registry(exported)

    with Registry.open(str(sqlite_template)) as empty:
        assert differences(empty, exported) == [
            "known_at '@5': the log goes from @0 to @0; the export is of another log, or of a later state of this one"
        ]


def test_received_files_are_checked_without_a_registry(exported: Path, scanned: Registry) -> None:
    assert reproduce(None, exported).identical
    assert reproduce(scanned, exported, files_only=True).identical


def test_missing_and_additional_files_are_named(exported: Path) -> None:
    (exported / "dictionary.json").unlink()
    (exported / "imaging" / "part-00000.parquet").unlink()
    (exported / "visits" / "part-00001.parquet").touch()

    assert differences(None, exported) == [
        "dictionary.json is missing",
        "imaging: imaging/part-00000.parquet is missing",
        "visits/part-00001.parquet is no part of the export",
    ]


def test_a_changed_dictionary_is_not_identical(exported: Path, scanned: Registry) -> None:
    meanings = (exported / "dictionary.json").read_text()
    (exported / "dictionary.json").write_text(meanings.replace("canonical unit", "usual unit"))

    for found in (differences(None, exported), differences(scanned, exported)):
        assert len(found) == 1
        assert found[0].startswith("dictionary.json has other bytes: sha256 is ")


def test_a_manifest_alone_is_rebuilt_without_its_dictionary(exported: Path, scanned: Registry) -> None:
    (exported / "dictionary.json").unlink()

    assert reproduce(scanned, exported).identical


def test_changed_bytes_are_named(exported: Path) -> None:
    part = exported / "patients" / "part-00000.parquet"
    changed = bytearray(part.read_bytes())
    changed[100] ^= 1
    part.write_bytes(changed)
    (exported / "visits" / "part-00000.parquet").write_bytes(b"PAR1")

    found = differences(None, exported)

    assert found[0].startswith("patients: patients/part-00000.parquet has other bytes: sha256 is ")
    assert [each for each in found if each.startswith("visits: visits/part-00000.parquet has 4 bytes, the manifest")]
    assert [each for each in found if each.startswith("visits: cannot be read: ")]


def test_files_of_other_rows_are_named_though_their_bytes_are_as_stated(
    exported: Path, published: Registry, tmp_path: Path
) -> None:
    export(published, tmp_path / "other")
    tables = json.loads((tmp_path / "other" / "manifest.json").read_text())["tables"]
    stated = json.loads((exported / "manifest.json").read_text())["tables"]
    part = "imaging/part-00000.parquet"
    (exported / part).write_bytes((tmp_path / "other" / part).read_bytes())
    stated["imaging"]["parts"] = [{**tables["imaging"]["parts"][0], "rows": 3}]
    edited(exported, tables=stated)

    assert differences(None, exported) == [
        "imaging: 70 rows, the manifest says 3",
        "imaging: imaging/part-00000.parquet has 70 rows, the manifest says 3",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"format": 2}', "has format 2, this spondyl reads 1; use the spondyl that wrote it"),
        ("{}", "has format none, this spondyl reads 1; use the spondyl that wrote it"),
        ('{"format": 1}', "is no manifest: Object missing required field `spondyl`"),
        ("PAR1", "is no manifest: JSON is malformed"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(content)

    with pytest.raises(ManifestError) as refusal:
        reproduce(None, tmp_path)

    assert str(refusal.value).startswith(f"{tmp_path / 'manifest.json'}: {message}")


def test_a_missing_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"manifest\.json: cannot be read: No such file or directory"):
        reproduce(None, tmp_path)


def test_a_part_outside_the_folder_is_refused(exported: Path) -> None:
    tables = json.loads((exported / "manifest.json").read_text())["tables"]
    tables["visits"]["parts"][0]["path"] = "../visits/part-00000.parquet"
    edited(exported, tables=tables)

    with pytest.raises(ManifestError, match=r"'\.\./visits/part-00000\.parquet' is no path of a part"):
        reproduce(None, exported)
