"""The figures of cohorts within an export, rebuilt from the manifest, and every table read again by another program."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from projections import TABLES
from projections.cohort.figures.figures import COHORT_STATISTICS
from projections.columns.tables import Table
from projections.export import export, read_manifest, reproduce
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, of_paper
from tests.projections.conftest import EXAMPLES

NOT_IN_PAPERS = ("follow_ups", "conditions", "assignments", "final_scores", "agreement")
LESIONS = """
[tables.lesions]

[statistics]
resamples = 200
"""
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "date32": "DATE",
    "timestamp[us, UTC]": "TIMESTAMP WITH TIME ZONE",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "list<string>": "VARCHAR[]",
}


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the MRI study's cohort, of which only the lesions are wanted."""
    text = (EXAMPLES / "baraliakos2013.toml").read_text(encoding="utf-8").partition("[tables.")[0]
    file = tmp_path_factory.mktemp("cohort") / "mri.toml"
    file.write_text(text + LESIONS, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def exported(published: Registry, definition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of everything with the cohort's figures; tests only read it."""
    out = tmp_path_factory.mktemp("export") / "out"
    export(published, out, cohorts=[definition])
    return out


@pytest.mark.parametrize("table", [*TABLES.values(), COHORT_STATISTICS], ids=lambda table: table.name)
def test_duckdb_reads_every_table_with_its_declared_types_and_all_its_rows(exported: Path, table: Table) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create view rows as from read_parquet('{exported}/{table.name}/*.parquet')")
        columns = connection.execute("describe rows").fetchall()
        (n,) = connection.execute("select count(*) from rows").fetchall()[0]

    assert [(name, kind) for name, kind, *_ in columns] == [
        (column.name, DUCKDB_TYPES[column.type]) for column in table.columns
    ]
    assert n == read_manifest(exported).tables[table.name].rows
    assert (n > 0) == (table.name not in NOT_IN_PAPERS)


def test_a_figure_is_found_by_its_place(exported: Path) -> None:
    asked = """select numerator, denominator, denominator_note, round(ci_low, 1), ci_method, known_at from
        read_parquet(?) where "table" = 'lesions' and row = 'active-erosions' and timepoint = 'baseline → 2 years'
        and statistic = 'reduction'"""
    with duckdb.connect() as connection:
        found = connection.execute(asked, [f"{exported}/cohort_statistics/*.parquet"]).fetchall()

    position = read_manifest(exported).known_at.position
    assert found == [(53.0, 90.0, "locations at baseline of 22 of 22 patients", 48.0, "clopper-pearson, 95%", position)]


def test_the_figures_are_those_of_the_cohort(published: Registry, exported: Path) -> None:
    expected = by_address(of_paper("baraliakos2013", published, "lesions", resamples=200))
    asked = """select concat_ws(' / ', "table", row, timepoint, statistic), value, p_value from read_parquet(?)"""
    with duckdb.connect() as connection:
        rows = connection.execute(asked, [f"{exported}/cohort_statistics/*.parquet"]).fetchall()

    assert {place: (value, p) for place, value, p in rows} == {
        place: (figure.value, figure.p_value) for place, figure in expected.items()
    }


def test_the_manifest_alone_is_enough_to_rebuild_the_figures(
    published: Registry, exported: Path, definition: Path, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_bytes((exported / "manifest.json").read_bytes())

    assert read_manifest(exported).cohorts == {"baraliakos2013": definition.read_text(encoding="utf-8")}
    assert reproduce(published, tmp_path).identical
    assert reproduce(None, exported).identical


def test_another_definition_in_the_manifest_is_found_out(published: Registry, exported: Path, tmp_path: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_text(encoding="utf-8"))
    text = manifest["cohorts"]["baraliakos2013"]
    manifest["tables"] = {"cohort_statistics": manifest["tables"]["cohort_statistics"]}

    def differences(changed: str) -> list[str]:
        (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "cohorts": {"x": changed}}), encoding="utf-8")
        return [str(difference) for difference in reproduce(published, tmp_path).differences]

    assert differences(text) == []
    assert "other content" in differences(text.replace("820]", "735]"))[0]
    assert "who.colour: is not a key here" in differences(text.replace("criteria =", "colour ="))[0]


def test_an_export_without_a_cohort_is_what_it_was_without_the_option(published: Registry, tmp_path: Path) -> None:
    manifest = export(published, tmp_path / "out", tables=["visits"])

    assert "cohort" not in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert list(manifest.tables) == ["visits"]


def test_several_cohorts_stand_in_one_table_in_the_order_of_their_names(scanned: Registry, tmp_path: Path) -> None:
    for name in ("z", "a"):
        (tmp_path / f"{name}.toml").write_text(SMALL.replace("small", name) + "[tables.lesions]\n", encoding="utf-8")

    export(scanned, tmp_path / "out", tables=[], cohorts=[tmp_path / "z.toml", tmp_path / "a.toml"])

    manifest = read_manifest(tmp_path / "out")
    assert list(manifest.cohorts) == ["a", "z"]
    assert list(manifest.tables) == ["cohort_statistics"]
    with duckdb.connect() as connection:
        asked = "select distinct cohort, file_row_number from read_parquet(?, file_row_number = true) order by 2"
        found = connection.execute(asked, [f"{tmp_path}/out/cohort_statistics/*.parquet"]).fetchall()
    names = [cohort for cohort, _ in found]
    assert names == sorted(names)
    assert set(names) == {"a", "z"}
    assert reproduce(scanned, tmp_path / "out").identical


def test_two_cohorts_of_one_name_are_refused_and_nothing_is_written(scanned: Registry, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(SMALL + "[tables.lesions]\n", encoding="utf-8")

    with pytest.raises(DefinitionError, match=r"two\.toml: cohort: 'small' is the name of another cohort"):
        export(scanned, tmp_path / "out", cohorts=[tmp_path / "one.toml", tmp_path / "two.toml"])

    assert not (tmp_path / "out").exists()
