"""What is declared of the tables, and how they come to people."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from pkgutil import iter_modules

import pytest

import projections
from projections import TABLES, facts_at, project
from projections.columns.tables import OF_PATIENT, Table, rows
from projections.export.cohorts import OF_COHORTS
from projections.versions.tables import VERSIONS
from registry import Registry
from registry.errors import UnknownCodeError

ALL = {**TABLES, **VERSIONS, **OF_COHORTS}
MANUAL = Path(__file__).parents[2] / "docs" / "exports.md"
RELEASES = Path(__file__).parents[1] / "streams" / "exports"


def described(name: str) -> list[tuple[str, str, str, str, bool]]:
    """Return the columns of a table as the manual has them: name, type, unit, meaning, whether it is sorted by."""
    section = MANUAL.read_text().partition(f"\n### {name}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [(name.strip("*"), kind, unit, meaning, name.startswith("**")) for name, kind, unit, meaning in cells]


@pytest.mark.parametrize("table", [*ALL.values()], ids=lambda table: table.name)
def test_the_manual_has_the_columns_that_are_declared(table: Table) -> None:
    name = table.name

    assert described(name) == [
        (column.name, column.type, column.unit or "", column.meaning, column.name in table.order)
        for column in table.columns
    ]
    assert f"### {name}\n\nOne row per {table.rows}.\n" in MANUAL.read_text()


def promised(table: Table) -> str:
    """Return what the manual has to say of the key of a table."""

    def listed(columns: Sequence[str]) -> str:
        return ", ".join(f"`{column}`" for column in columns)

    others = [column.name for column in table.columns if column.name in table.never_null - {*table.key}]
    said = f"Key: {listed(table.key)}." + (f" Never null besides: {listed(others)}." if others else "")
    foreign = [
        f"{listed(each.columns)} → `{each.table}`"
        + ("" if each.references == each.columns else f" ({listed(each.references)})")
        for each in table.foreign_keys
    ]
    return f"{said} References: {'; '.join(foreign)}." if foreign else said


@pytest.mark.parametrize("table", [*ALL.values()], ids=lambda table: table.name)
def test_the_manual_has_the_key_that_is_declared_what_is_never_null_and_the_references(table: Table) -> None:
    manual = " ".join(MANUAL.read_text().split(f"\n### {table.name}\n")[1].partition("\n#")[0].split())

    assert f"{promised(table)} " in f"{manual} "


@pytest.mark.parametrize("table", [*ALL.values()], ids=lambda table: table.name)
def test_every_exported_table_has_a_key_without_days_and_refers_to_keys(table: Table) -> None:
    assert table.key
    assert {column.type for column in table.columns if column.name in table.key}.isdisjoint({"date32"})
    assert all(ALL[each.table].key == each.references for each in table.foreign_keys)


def test_of_a_patient_is_whatever_names_one_but_the_log_itself() -> None:
    naming = {name for name, table in TABLES.items() if "patient" in [column.name for column in table.columns]}
    referring = {name for name, table in TABLES.items() if OF_PATIENT in table.foreign_keys}

    assert naming - referring == {"patients", "events"}


RELEASED = sorted(RELEASES.glob("*/dictionary.json"))


@pytest.mark.parametrize("dictionary", RELEASED, ids=lambda path: path.parent.name)
def test_a_column_keeps_the_number_that_a_release_gave_it(dictionary: Path) -> None:
    for name, described in json.loads(dictionary.read_text())["tables"].items():
        table = ALL[name]
        released = {column["name"]: column.get("id", place) for place, column in enumerate(described["columns"], 1)}

        now = {column: number for column, number in table.field_ids.items() if number <= len(released)}

        assert now == released, name


@pytest.mark.parametrize("name", TABLES)
def test_sort_columns_come_in_the_order_of_the_rows(name: str) -> None:
    table = TABLES[name]

    assert tuple(column.name for column in table.columns if column.name in table.order) == table.order


@pytest.mark.parametrize("name", TABLES)
def test_rows_say_what_the_table_says(published: Registry, name: str) -> None:
    table = project(name, facts_at(published))

    assert rows(table) == table.to_pylist()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_declared_schema_and_holds_only_declared_codes(published: Registry, name: str) -> None:
    table, facts = TABLES[name], facts_at(published)

    projected = project(name, facts)

    projected.validate(full=True)
    assert projected.schema == table.schema
    for column in table.columns:
        if (codes := column.codes_in(facts.catalogue)) and column.type == "string":
            assert set(projected[column.name].unique().to_pylist()) <= {*codes, None}


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_in_their_order_nulls_first(published: Registry, name: str) -> None:
    rows = project(name, facts_at(published)).select(TABLES[name].order).to_pylist()

    keys = [[(value is not None, value) for value in row.values()] for row in rows]

    assert keys == sorted(keys)


def test_a_table_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        UnknownCodeError, match="table: 'lesion_course' is not a known table; did you mean 'lesion_cour"
    ):
        project("lesion_course", None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_frame_of_its_name(published: Registry, name: str) -> None:
    frame = getattr(projections, name)(facts_at(published))

    assert list(frame.columns) == [column.name for column in TABLES[name].columns]


def test_no_module_hides_a_public_function() -> None:
    modules = {module.name for module in iter_modules(projections.__path__)}

    assert modules.isdisjoint(projections.__all__)


def test_a_frame_has_one_type_a_column_whatever_its_rows(published: Registry) -> None:
    full = projections.treatments(facts_at(published))
    empty = projections.treatments(facts_at(published, known_at="@0"))

    assert {name: str(kind) for name, kind in full.dtypes.items()} == {
        name: str(kind) for name, kind in empty.dtypes.items()
    }
    assert (str(full["started_on"].dtype), str(full["days"].dtype), str(full["ongoing"].dtype)) == (
        "datetime64[ms]", "Int32", "boolean",
    )  # fmt: skip


def test_words_that_no_row_has_are_not_in_the_table(published: Registry) -> None:
    words = project("imaging", facts_at(published, as_of="2001-12-31"))["patient"].combine_chunks().dictionary

    assert set(words.to_pylist()) < {f"BAR1-{number:02}" for number in range(1, 23)}


def test_nothing_heavy_is_imported_before_it_is_asked_for() -> None:
    heavy = "'numpy', 'pandas', 'pyarrow', 'scipy'"
    asked = f"import sys, projections; print([name for name in ({heavy}) if name in sys.modules])"

    printed = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout

    assert printed == "[]\n"
