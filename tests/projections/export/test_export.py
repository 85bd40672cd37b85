"""Exports: whole or not at all, the same for the same point in time."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections import TABLES, facts_at, project
from projections.errors import ExistingOutputError, OutputError
from projections.export import content_hash, export
from registry import Registry
from registry.errors import UnknownCodeError, UnknownPointError
from tests.example_cohorts import import_example


def files(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder: Path) -> list[str]:
    """Return what stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_an_export_is_one_folder_a_table_with_a_manifest_and_a_dictionary(published: Registry, tmp_path: Path) -> None:
    export(published, tmp_path / "out")

    assert sorted(files(tmp_path / "out")) == sorted(
        ["manifest.json", "dictionary.json", *(f"{name}/part-00000.parquet" for name in TABLES)]
    )
    assert names(tmp_path) == ["out"]


def test_the_manifest_says_what_it_is_and_how_to_check_it(published: Registry, tmp_path: Path) -> None:
    export(published, tmp_path / "out", as_of="2004-12-31", known_at="@500", tables=["visits"])

    found = files(tmp_path / "out")
    part, digest = found["visits/part-00000.parquet"], published.log.head_at(500).digest.hex()
    rows = project("visits", facts_at(published, as_of="2004-12-31", known_at="@500"))
    assert json.loads(found["manifest.json"]) == {
        "format": 1,
        "spondyl": json.loads(found["manifest.json"])["spondyl"],
        "registry": published.log.head_at(1).digest.hex(),
        "as_of": "2004-12-31",
        "known_at": {"position": 500, "recorded_at": "2014-06-30T09:00:00Z", "digest": digest},
        "root": published.root(500).hex(),
        "dictionary": {
            "bytes": len(found["dictionary.json"]),
            "sha256": sha256(found["dictionary.json"]).hexdigest(),
        },
        "tables": {
            "visits": {
                "edition": 1,
                "columns": ["patient", "visited_on", "visit_id", "visit", "before_enrolment"],
                "key": ["patient", "visit_id"],
                "foreign_keys": [{"columns": ["patient"], "table": "patients", "references": ["patient"]}],
                "never_null": ["patient", "visited_on", "visit_id", "before_enrolment"],
                "field_ids": {"patient": 1, "visited_on": 2, "visit_id": 3, "visit": 4, "before_enrolment": 5},
                "rows": rows.num_rows,
                "content_hash": content_hash(rows),
                "parts": [
                    {
                        "path": "visits/part-00000.parquet",
                        "rows": rows.num_rows,
                        "bytes": len(part),
                        "sha256": sha256(part).hexdigest(),
                    }
                ],
            }
        },
    }


def test_the_dictionary_describes_every_column_in_order(published: Registry, tmp_path: Path) -> None:
    export(published, tmp_path / "out")

    described = json.loads((tmp_path / "out" / "dictionary.json").read_text())["tables"]
    assert {name: [column["name"] for column in table["columns"]] for name, table in described.items()} == {
        name: [column.name for column in table.columns] for name, table in TABLES.items()
    }
    assert described["treatments"]["columns"][15] == {
        "name": "days",
        "id": 16,
        "type": "int32",
        "nullable": True,
        "unit": "d",
        "meaning": TABLES["treatments"].columns[15].meaning,
        "sensitivity": "cut",
        "codes": None,
    }
    assert described["readings"]["order"] == ["patient", "performed_on", "study", "method", "reader", "session"]
    assert described["responses"]["key"] == ["patient", "treatment_id", "visit_id", "criterion"]
    assert described["responses"]["foreign_keys"][-1] == {
        "columns": ["patient", "baseline_visit_id"],
        "table": "visits",
        "references": ["patient", "visit_id"],
    }


def test_key_columns_are_required_in_the_files_and_every_field_has_its_number(
    published: Registry, tmp_path: Path
) -> None:
    export(published, tmp_path / "out", tables=["imaging", "measures"])

    studies, measures = (
        pq.ParquetFile(tmp_path / "out" / name / "part-00000.parquet").schema_arrow for name in ("imaging", "measures")
    )
    assert [(field.name, field.nullable, field.metadata[b"PARQUET:field_id"]) for field in studies] == [
        ("patient", False, b"1"),
        ("performed_on", False, b"2"),
        ("study", False, b"3"),
        ("modality", False, b"4"),
        ("regions", False, b"5"),
        ("sequences", False, b"6"),
        ("note", True, b"7"),
    ]
    assert studies.field("regions").type.value_field.metadata[b"PARQUET:field_id"] == b"1005"
    required = [field.name for field in measures if not field.nullable]
    assert required == ["patient", "visited_on", "visit_id", "measure", "unit", "derived"]


def test_every_part_has_all_that_the_dictionary_says_of_its_columns(published: Registry, tmp_path: Path) -> None:
    export(published, tmp_path / "out")

    for name, table in json.loads((tmp_path / "out" / "dictionary.json").read_text())["tables"].items():
        fields = pq.ParquetFile(tmp_path / "out" / name / "part-00000.parquet").schema_arrow
        assert [(field.name, field.nullable, int(field.metadata[b"PARQUET:field_id"])) for field in fields] == [
            (column["name"], column["nullable"], column["id"]) for column in table["columns"]
        ]


@pytest.mark.parametrize("name", TABLES)
def test_a_reader_gets_the_logical_types_and_the_same_rows(published: Registry, tmp_path: Path, name: str) -> None:
    export(published, tmp_path / "out", tables=[name])

    read = pq.ParquetFile(tmp_path / "out" / name / "part-00000.parquet").read()

    rows = project(name, facts_at(published))
    assert [str(kind).replace("element", "item") for kind in read.schema.types] == [
        str(pa.string() if pa.types.is_dictionary(kind) else kind) for kind in rows.schema.types
    ]
    assert read.to_pylist() == rows.to_pylist()


def test_the_same_point_in_time_gives_the_same_bytes_whatever_was_recorded_since(
    scanned: Registry, tmp_path: Path
) -> None:
    scanned.record_reading("A", reader="R1", method="vu-lesions", grades={"C2/3 anterior inflammation": 1})
    position = scanned.head.position
    export(scanned, tmp_path / "then")

    scanned.amend("imaging/A", {"performed_on": "2003-06-03"}, reason="wrong year")
    export(scanned, tmp_path / "now", known_at=position)

    assert files(tmp_path / "then") == files(tmp_path / "now")


def test_what_was_recorded_in_another_order_has_the_same_content_but_for_when_it_was_recorded(
    sqlite_template: Path, tmp_path: Path
) -> None:
    manifests = []
    for number, order in enumerate((("baraliakos2013", "anakinra2004"), ("anakinra2004", "baraliakos2013"))):
        place = tmp_path / f"{number}.db"
        place.write_bytes(sqlite_template.read_bytes())
        with Registry.open(str(place), actor="lindner") as registry:
            for cohort in order:
                import_example(registry, cohort)
            manifests.append(export(registry, tmp_path / f"out-{number}"))

    one, other = ({name: table.content_hash for name, table in manifest.tables.items()} for manifest in manifests)
    of_the_recorded_clock = {"events", "expected_visits"}  # the latter says when the registry learnt of a visit
    assert {name for name in TABLES if one[name] != other[name]} == of_the_recorded_clock


def test_an_empty_registry_can_be_exported(sqlite_url: str, tmp_path: Path) -> None:
    with Registry.open(sqlite_url) as registry:
        manifest = export(registry, tmp_path / "out")

    assert {table.rows for table in manifest.tables.values()} == {0}
    assert (manifest.known_at.position, manifest.known_at.recorded_at) == (0, None)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["registry"] is None


def test_a_registry_keeps_its_id_at_every_position_and_when_its_first_patient_is_erased(
    scanned: Registry, tmp_path: Path
) -> None:
    first = scanned.log.head_at(1).digest.hex()
    before = export(scanned, tmp_path / "before", known_at="@2", tables=["patients"])

    scanned.erase_patient("P-1", reason="asked for it")

    after = export(scanned, tmp_path / "after", tables=["patients"])
    assert (before.registry, after.registry) == (first, first)
    assert scanned.head.position > 2


@pytest.mark.parametrize("stage", ["patients", "findings", "manifest.json"])
def test_an_interrupted_export_leaves_nothing_behind(published: Registry, tmp_path: Path, stage: str) -> None:
    def interrupted(table: str, _done: int, _of: int) -> None:
        if table == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(published, tmp_path / "out", progress=interrupted)

    assert names(tmp_path) == []


def test_an_interrupted_overwriting_leaves_the_earlier_export(published: Registry, tmp_path: Path) -> None:
    export(published, tmp_path / "out", tables=["visits"])
    before = files(tmp_path / "out")

    def interrupted(table: str, _done: int, _of: int) -> None:
        if table == "findings":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(published, tmp_path / "out", overwrite=True, progress=interrupted)

    assert files(tmp_path / "out") == before
    assert names(tmp_path) == ["out"]


def test_a_point_in_time_that_is_not_there_leaves_nothing_behind(published: Registry, tmp_path: Path) -> None:
    with pytest.raises(UnknownPointError, match="@10000"):
        export(published, tmp_path / "out", known_at="@10000")

    assert names(tmp_path) == []


def test_what_stands_there_is_not_touched(published: Registry, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    with pytest.raises(
        ExistingOutputError, match="something is there; choose another folder, or replace it with --overwrite"
    ):
        export(published, tmp_path / "out")

    assert names(tmp_path / "out") == []


def test_an_earlier_export_is_replaced_when_asked_for(published: Registry, tmp_path: Path) -> None:
    export(published, tmp_path / "out")

    export(published, tmp_path / "out", tables=["visits"], overwrite=True)

    assert sorted(files(tmp_path / "out")) == ["dictionary.json", "manifest.json", "visits/part-00000.parquet"]
    assert names(tmp_path) == ["out"]


def test_where_the_system_cannot_exchange_folders_the_new_one_still_takes_the_place(
    published: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(published, tmp_path / "out")
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())

    export(published, tmp_path / "out", tables=["visits"], overwrite=True)

    assert sorted(files(tmp_path / "out")) == ["dictionary.json", "manifest.json", "visits/part-00000.parquet"]
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("content", [{}, {"manifest.json": "{}"}, {"manifest.json": '{"name": "an app"}', "a.txt": ""}])
def test_what_is_no_export_is_not_replaced_either(published: Registry, tmp_path: Path, content: dict[str, str]) -> None:
    (tmp_path / "out").mkdir()
    for name, text in content.items():
        (tmp_path / "out" / name).write_text(text)

    with pytest.raises(ExistingOutputError, match="what is there is no export of spondyl, and is not overwritten"):
        export(published, tmp_path / "out", overwrite=True)

    assert names(tmp_path / "out") == sorted(content)


def test_an_export_with_something_else_in_it_is_not_replaced(published: Registry, tmp_path: Path) -> None:
    export(published, tmp_path / "out", tables=["visits"])
    (tmp_path / "out" / "notes.txt").touch()

    with pytest.raises(
        ExistingOutputError, match=r"notes\.txt is there too and is no part of the export; move it first"
    ):
        export(published, tmp_path / "out", overwrite=True)


def test_a_place_that_cannot_be_written_is_named(published: Registry, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot export to .*nowhere/out: No such file or directory"):
        export(published, tmp_path / "nowhere" / "out")


def test_an_unknown_table_is_refused_with_the_nearest(published: Registry, tmp_path: Path) -> None:
    with pytest.raises(UnknownCodeError, match="tables: 'score' is not a known table; did you mean 'scores'"):
        export(published, tmp_path / "out", tables=["score"])
