"""The templates: commented, empty, and importable as they are."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import RefusalError
from registry.intake import import_batch, write_templates
from registry.schema.tables import tables_of
from tests.registry.intake.batches import events

TABLES = tables_of(BUILT_IN)


def test_untouched_templates_import_and_record_nothing(registry: Registry, tmp_path: Path) -> None:
    paths = write_templates(tmp_path / "new" / "folder")

    assert [path.name for path in paths] == [f"{name}.csv" for name in TABLES]
    assert import_batch(registry, tmp_path / "new" / "folder").rows == 0


@pytest.mark.parametrize("name", TABLES)
def test_a_template_has_all_columns_and_explains_each(tmp_path: Path, name: str) -> None:
    write_templates(tmp_path)

    *comments, header = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert header == ",".join(TABLES[name].columns)
    assert all(comment.startswith("# ") for comment in comments)
    for column in TABLES[name].columns.values():
        marked = f"# {column.name}{' (required)' if column.required else ''}: {column.meaning}"
        assert any(comment.startswith(marked) for comment in comments)


def test_the_examples_of_the_templates_import_together(registry: Registry, tmp_path: Path) -> None:
    paths = write_templates(tmp_path / "templates")
    for path in paths:
        header, row = (line.removeprefix("# ") for line in path.read_text().splitlines()[-3:-1])
        extra = "MR-0002,P-001,2024-06-20,MRI,spine;sij,T1;STIR\n" if path.stem == "imaging" else ""
        path.write_text(f"{header}\n{row}\n{extra}")

    import_batch(registry, paths)

    assert {str(event["fact"]).partition("/")[0] for event in events(registry)} == {
        table.kind for table in TABLES.values()
    }


def test_a_filled_template_keeps_its_comments(registry: Registry, tmp_path: Path) -> None:
    (path, *_) = write_templates(tmp_path)
    with path.open("a", newline="") as file:
        csv.writer(file).writerow(["P-1", "2024-01-15", *[""] * (len(TABLES["patients"].columns) - 2)])

    assert import_batch(registry, tmp_path).events == 1


def test_files_that_are_there_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("mine")

    with pytest.raises(RefusalError, match=r"visits\.csv: in .* already, and never overwritten; choose another folder"):
        write_templates(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["visits.csv"]
    assert (tmp_path / "visits.csv").read_text() == "mine"
