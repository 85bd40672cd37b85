"""What is declared of the tables, and how they come to people."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

import pytest

import projections
from projections import TABLES, facts_at, project
from projections.cohort.figures.figures import COHORT_STATISTICS
from projections.columns.tables import Table, rows
from registry import Registry
from registry.errors import UnknownCodeError

MANUAL = Path(__file__).parents[2] / "docs" / "exports.md"


def described(name: str) -> list[tuple[str, str, str, str, bool]]:
    """Return the columns of a table as the manual has them: name, type, unit, meaning, whether in the key."""
    section = MANUAL.read_text().partition(f"\n### {name}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [(name.strip("*"), kind, unit, meaning, name.startswith("**")) for name, kind, unit, meaning in cells]


@pytest.mark.parametrize("table", [*TABLES.values(), COHORT_STATISTICS], ids=lambda table: table.name)
def test_the_manual_has_the_columns_that_are_declared(table: Table) -> None:
    name = table.name

    assert described(name) == [
        (column.name, column.type, column.unit or "", column.meaning, column.name in table.key)
        for column in table.columns
    ]
    assert f"### {name}\n\nOne row per {table.rows}.\n" in MANUAL.read_text()


@pytest.mark.parametrize("name", TABLES)
def test_key_columns_come_in_the_order_of_the_key(name: str) -> None:
    table = TABLES[name]

    assert tuple(column.name for column in table.columns if column.name in table.key) == table.key


@pytest.mark.parametrize("name", TABLES)
def test_rows_say_what_the_table_says(published: Registry, name: str) -> None:
    table = project(name, facts_at(published))

    assert rows(table) == table.to_pylist()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_declared_schema_and_holds_only_declared_codes(published: Registry, name: str) -> None:
    table = TABLES[name]

    projected = project(name, facts_at(published))

    projected.validate(full=True)
    assert projected.schema == table.schema
    for column in table.columns:
        if column.codes and column.type == "string":
            assert set(projected[column.name].unique().to_pylist()) <= {*column.codes, None}


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_in_the_order_of_the_key_nulls_first(published: Registry, name: str) -> None:
    rows = project(name, facts_at(published)).select(TABLES[name].key).to_pylist()

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
