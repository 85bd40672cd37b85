"""Exports cut by patient: parts, and nothing else, follow from where the cuts are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import TABLES, LogColumns, facts_at, project
from projections.export import content_hash, export, read_manifest, reproduce
from projections.export.pieces import ranges
from projections.log.block_files import Patients
from registry import Registry
from tests.oracle.histories import History, histories, registry_with
from tests.oracle.laws import laws
from tests.projections.export.test_export import files


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 20), max_size=12), st.integers(1, 30))
def test_every_patient_is_in_one_range_and_a_range_ends_before_it_has_too_many_events(
    events: dict[str, int], at_most: int
) -> None:
    names = sorted(events)
    table = pa.table({"patient": pa.array(events, pa.string()), "events": pa.array(events.values(), pa.int64())})

    found = ranges(table, at_most=at_most)

    members = [[name for name in names if first <= name <= last] for first, last in found]
    assert [name for each in members for name in each] == names
    totals = [sum(events[name] for name in each) for each in members]
    assert all(total <= at_most or len(each) == 1 for total, each in zip(totals, members))
    assert all(total + events[after[0]] > at_most for total, after in zip(totals, members[1:]))


def test_ranges_follow_the_code_points_of_the_pseudonyms() -> None:
    table = pa.table({"patient": ["é", "Z", "a", "𝄞", "\uffff"], "events": [1, 1, 1, 1, 1]})

    assert ranges(table, at_most=2) == [Patients("Z", "a"), Patients("é", "\uffff"), Patients("𝄞", "𝄞")]


@pytest.mark.usefixtures("short_ranges")
@pytest.mark.parametrize("point", [{}, {"as_of": "2003-12-31"}, {"known_at": "@300"}], ids=str)
def test_the_parts_of_every_table_are_together_what_it_is_in_one_piece(
    published: Registry, tmp_path: Path, point: dict[str, str]
) -> None:
    manifest = export(published, tmp_path / "out", **point)  # type: ignore[arg-type]

    facts = facts_at(published, **point)  # type: ignore[arg-type]
    for name, table in manifest.tables.items():
        rows = project(name, facts)
        assert (table.rows, table.content_hash) == (rows.num_rows, content_hash(rows)), name
        read = pa.concat_tables(pq.ParquetFile(tmp_path / "out" / part.path).read() for part in table.parts)
        assert read.to_pylist() == rows.to_pylist(), name
    assert min(len(manifest.tables[name].parts) for name in ("visits", "findings", "events")) > 2


@laws(histories=6)
@given(history=histories, at_most=st.integers(1, 12))
def test_wherever_the_patients_are_cut_the_content_is_the_same(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, history: History, at_most: int
) -> None:
    out = tmp_path_factory.mktemp("export") / "out"
    with registry_with(sqlite_template, history) as registry, pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.export.pieces.EVENTS_OF_A_RANGE", at_most)
        manifest = export(registry, out, withdrawn="exclude")

        facts = facts_at(LogColumns.decoded(registry.log), withdrawn="exclude")
        assert {name: table.content_hash for name, table in manifest.tables.items()} == {
            name: content_hash(project(name, facts)) for name in TABLES
        }


@pytest.mark.usefixtures("short_ranges")
def test_the_files_do_not_depend_on_how_the_log_is_kept(
    published: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(LogColumns.decoded(published.log), tmp_path / "decoded", tables=["measures", "readings", "events"])
    monkeypatch.setattr("projections.log.blocks.EVENTS_AT_MOST", 200)
    monkeypatch.setattr("projections.log.blocks.TAIL_EVENTS", 20)
    export(published, tmp_path / "from blocks", tables=["measures", "readings", "events"])

    assert files(tmp_path / "from blocks") == files(tmp_path / "decoded")


@pytest.mark.usefixtures("short_ranges")
def test_a_table_that_has_no_rows_in_a_range_has_no_part_there(registry: Registry, tmp_path: Path) -> None:
    for number in range(2, 5):
        registry.enrol_patient(f"P-{number}", enrolled_on="2002-01-14")
    for day in range(1, 29):
        registry.record_visit("P-1", visited_on=f"2003-01-{day:02}")
        registry.record_visit("P-3", visited_on=f"2003-02-{day:02}")
    registry.start_flare("P-3", started_on="2003-05-05")

    tables = export(registry, tmp_path / "out").tables

    assert [part.path for part in tables["patients"].parts] == [f"patients/part-0000{n}.parquet" for n in range(2)]
    assert [(part.path, part.rows) for part in tables["flares"].parts] == [("flares/part-00001.parquet", 1)]
    assert [(part.path, part.rows) for part in tables["findings"].parts] == [("findings/part-00000.parquet", 0)]
    assert reproduce(registry, tmp_path / "out").identical
    assert reproduce(None, tmp_path / "out").identical


@pytest.mark.usefixtures("short_ranges")
def test_a_study_code_that_was_another_patients_before_is_only_the_later_ones(
    scanned: Registry, tmp_path: Path
) -> None:
    scanned.retract("imaging/C", reason="another patient's")
    scanned.enrol_patient("P-2", enrolled_on="2002-01-14")
    for day in range(1, 29):
        scanned.record_visit("P-1", visited_on=f"2003-01-{day:02}")
        scanned.record_visit("P-2", visited_on=f"2003-02-{day:02}")
    scanned.record_study("C", patient="P-2", performed_on="2006-06-12", modality="MRI", regions="spine")
    scanned.record_reading("C", reader="R1", method="berlin", grades={"C2/3": 1})

    export(scanned, tmp_path / "out", tables=["imaging", "findings"])

    parts = read_manifest(tmp_path / "out").tables["findings"].parts
    assert [part.path for part in parts] == ["findings/part-00001.parquet"]
    assert set(pq.ParquetFile(tmp_path / "out" / parts[0].path).read()["patient"].to_pylist()) == {"P-2"}
