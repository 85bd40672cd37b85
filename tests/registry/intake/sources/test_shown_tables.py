"""The intake tables that come of a mapping, written to be looked at."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry import Registry
from registry.errors import UnreadableError, UnwritableError
from registry.intake import import_batch, import_mapped
from registry.intake.sources.checking import check_mapping
from registry.intake.sources.shown_tables import show_tables
from tests.registry.intake.sources.given_rows import opened_as
from tests.registry.intake.sources.test_checking import DIRTY, GOOD, MAPPING


@pytest.fixture
def mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    opened_as(GOOD, monkeypatch)
    file = tmp_path / "mapping.toml"
    file.write_text(MAPPING, encoding="utf-8")
    return file


def lines(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return [*csv.reader(opened)]


def test_the_tables_are_csv_files_with_the_headers_of_the_intake(mapping: Path, tmp_path: Path) -> None:
    shown = show_tables(mapping, tmp_path / "tables")

    assert shown.rows == {"patients.csv": 1, "visits.csv": 1}
    assert lines(tmp_path / "tables" / "patients.csv") == [
        ["patient", "enrolled_on", "sex"],
        ["P1", "2020-02-03", "female"],
    ]
    assert lines(tmp_path / "tables" / "visits.csv") == [
        ["patient", "visited_on", "crp [mg/dl]"],
        ["P1", "2020-02-13", "1.5"],
    ]  # fmt: skip


def test_what_is_shown_imports_as_the_mapping_does(mapping: Path, tmp_path: Path) -> None:
    show_tables(mapping, tmp_path / "tables")
    payloads = []
    for name in ("shown", "mapped"):
        with Registry.create(str(tmp_path / f"{name}.db"), actor="ines") as registry:
            if name == "shown":
                import_batch(registry, tmp_path / "tables")
            else:
                import_mapped(registry, mapping)
            stated = [registry.history(name) for name in ("patient/P1", "visit/P1/2020-02-13")]
            payloads.append([version.statement for versions in stated for version in versions])

    assert payloads[0] == payloads[1]
    assert len(payloads[0]) == 2


def test_rules_for_one_table_are_one_file_unless_a_column_has_two_units(mapping: Path, tmp_path: Path) -> None:
    more = '[[table]]\nto = "visits"\nvisited_on = { field = "day" }\n'
    mapping.write_text(f'{MAPPING}{more}esr = {{ field = "crp" }}\n{more}crp = {{ field = "crp", unit = "mg/l" }}\n')

    shown = show_tables(mapping, tmp_path / "tables")

    assert [*shown.rows] == ["patients.csv", "visits.csv", "2/visits.csv"]
    assert lines(tmp_path / "tables" / "visits.csv")[0] == ["patient", "visited_on", "crp [mg/dl]", "esr"]
    assert lines(tmp_path / "tables" / "2" / "visits.csv")[0] == ["patient", "visited_on", "crp [mg/l]"]


def test_what_cannot_be_read_is_left_empty_and_told(
    mapping: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_as(DIRTY, monkeypatch)

    shown = show_tables(mapping, tmp_path / "tables")

    assert {each.field for each in shown.findings} == {"sex", "day"}
    assert shown.untaken == 1
    assert lines(tmp_path / "tables" / "patients.csv")[2] == ["P2", "2020-02-03", ""]


def test_nothing_is_written_over_unless_it_was_written_so(mapping: Path, tmp_path: Path) -> None:
    place = tmp_path / "tables"
    show_tables(mapping, place)

    with pytest.raises(UnwritableError, match="something is there; choose another folder, or replace it"):
        show_tables(mapping, place)
    show_tables(mapping, place, overwrite=True)
    (place / "visits.csv").write_text("patient\nmine\n", encoding="utf-8")
    with pytest.raises(UnwritableError, match="is not as `spondyl map show` wrote it, and is not overwritten"):
        show_tables(mapping, place, overwrite=True)

    assert (place / "visits.csv").read_text(encoding="utf-8") == "patient\nmine\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mapping.toml", "tables"]


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_what_somebody_else_made_is_never_overwritten(there: str, mapping: Path, tmp_path: Path) -> None:
    place = tmp_path / "tables"
    if there == "file":
        place.write_text("mine", encoding="utf-8")
    elif there == "folder":
        place.mkdir()
        (place / "visits.csv").write_text("mine", encoding="utf-8")
    else:
        show_tables(mapping, tmp_path / "elsewhere")
        place.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnwritableError, match="is not overwritten"):
        show_tables(mapping, place, overwrite=True)


def test_the_files_are_for_their_owner_alone(mapping: Path, tmp_path: Path) -> None:
    show_tables(mapping, tmp_path / "tables")

    written = [tmp_path / "tables", *(tmp_path / "tables").rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in written} == {0}


def test_a_mapping_of_two_units_is_shown_whole_or_not_at_all(
    mapping: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("registry.intake.sources.shown_tables._write_manifest", fail)

    with pytest.raises(UnwritableError, match="No space left on device"):
        show_tables(mapping, tmp_path / "tables")
    assert [path.name for path in tmp_path.iterdir()] == ["mapping.toml"]


OF_FILES = """
format = 1
[source]
kind = "csv"
files = ["*.csv"]
[patient]
field = "pat"
[[table]]
to = "patients"
enrolled_on = { field = "day" }
"""


@pytest.mark.parametrize(
    ("north", "south", "told"),
    [
        ("pat,pat\n", "pat,day\n", "north.csv:1: the header has 'pat' (columns 1 and 2); rename all but one"),
        ("pat,day\nP1,2020-01-02\n", "pat,day\n\nP2\n", "south.csv:3: 1 cells under 2 columns"),
    ],
)
def test_what_cannot_be_opened_or_read_on_is_told_with_its_file_and_line(
    tmp_path: Path, north: str, south: str, told: str
) -> None:
    for name, text in (("north.csv", north), ("south.csv", south), ("mapping.toml", OF_FILES)):
        (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableError) as why:
        show_tables(tmp_path / "mapping.toml", tmp_path / "tables")

    assert str(why.value).startswith(told)
    assert not (tmp_path / "tables").exists()


def test_a_source_that_cannot_be_opened_is_checked_no_further_and_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "north.csv").write_text("pat,day\nP1,'\x00'\n", encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(OF_FILES, encoding="utf-8")

    with pytest.raises(UnreadableError, match=r"^north\.csv:2: a NUL byte"):
        check_mapping(tmp_path / "mapping.toml")
