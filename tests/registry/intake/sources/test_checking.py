"""What a check of a mapping tells, and that it refuses where an import would."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.errors import BatchRefusedError
from registry.intake import ImportOptions, import_mapped
from registry.intake.sources.checking import check_mapping
from registry.intake.sources.foreign_source import SourceField
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.given_rows import GivenRows, a_sheet, opened_as

MAPPING = """
format = 1
[source]
kind = "csv"
files = ["cohort.csv"]
dates = ["%d.%m.%Y"]
[ignore]
note = "free text"
[patient]
field = "pid"
[[table]]
to = "patients"
when = { field = "kind", is = ["1"] }
enrolled_on = { field = "day" }
sex = { field = "sex", codes = { w = "female" } }
[[table]]
to = "visits"
when = { field = "kind", is = ["2"] }
visited_on = { field = "day" }
crp = { field = "crp", unit = "mg/dl" }
"""
GOOD = a_sheet("pid|kind|day|sex|crp|note", "P1|1|03.02.2020|w||", "P1|2|13.02.2020||1.5|hello")
DIRTY = a_sheet(
    "pid|kind|day|sex|crp|note|left",
    *("P1|1|03.02.2020|w|||", "P2|1|03.02.2020|x|||", "P3|1|03.02.2020|x|||", "P1|2|31.02.2020||1.5||9", "P9|3|||||"),
)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    file = tmp_path / "mapping.toml"
    file.write_text(MAPPING, encoding="utf-8")
    return file


def test_each_field_is_mapped_ignored_or_undecided(mapping: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_as(DIRTY, monkeypatch)

    fates = {each.name: (each.fate, each.to, each.why, each.n_filled) for each in check_mapping(mapping).fields}

    assert fates == {
        "pid": ("mapped", ("patient",), "", 5),
        "kind": ("mapped", ("patients, which rows", "visits, which rows"), "", 5),
        "day": ("mapped", ("patients.enrolled_on", "visits.visited_on"), "", 4),
        "sex": ("mapped", ("patients.sex",), "", 3),
        "crp": ("mapped", ("visits.crp",), "", 1),
        "note": ("ignored", (), "free text", 0),
        "left": ("undecided", (), "", 1),
    }


def test_a_value_that_no_code_covers_is_told_once_with_its_count_and_first_row(
    mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_as(DIRTY, monkeypatch)

    found = {each.field: each for each in check_mapping(mapping).findings}

    assert (found["sex"].value, found["sex"].n_rows, found["sex"].told) == ("x", 2, "row 3")
    assert found["day"].value == "31.02.2020"


def test_days_that_cannot_be_read_are_told_once_a_kind_and_values_without_a_code_one_by_one(
    mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"P{number}|1|{day}|{sex}||" for number, day, sex in ((1, "x", "a"), (2, "2020-01-01", "b"), (3, "y", "a"))]
    opened_as(a_sheet("pid|kind|day|sex|crp|note", *rows), monkeypatch)

    found = check_mapping(mapping).findings

    assert [(each.field, each.value, each.n_rows) for each in found] == [
        ("day", "x", 3),
        ("sex", "a", 2),
        ("sex", "b", 1),
    ]


def test_rows_that_no_table_takes_are_counted(mapping: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_as(DIRTY, monkeypatch)

    found = check_mapping(mapping)

    assert (found.n_rows, found.rows, found.untaken, found.first_untaken) == (
        5,
        {"patients": 3, "visits": 1},
        1,
        "row 6",
    )
    assert found.left_out == ["rows that no table takes, once"]


def test_how_the_source_was_read_is_told_with_what_holds_without_a_word(
    mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_as(GOOD, monkeypatch)

    read = check_mapping(mapping).read

    assert read["dates"] == "%d.%m.%Y"
    assert (read["delimiter"], read["decimal"], read["header_row"]) == (",", ".", "the first")


@pytest.mark.parametrize(("source", "is_refused"), [(GOOD, False), (DIRTY, True)])
def test_a_check_refuses_where_an_import_does_and_records_nothing(
    source: GivenRows, is_refused: bool, mapping: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_as(source, monkeypatch)
    with Registry.create(str(tmp_path / "r.db"), actor="ines") as registry:
        found = check_mapping(mapping, registry)

        assert found.is_refused == is_refused
        assert registry.head.position == 0
        if is_refused:
            with pytest.raises((BatchRefusedError, DefinitionError)):
                import_mapped(registry, mapping)
        else:
            assert found.report is not None
            assert found.report.events == import_mapped(registry, mapping).events == 2


def test_a_check_with_a_registry_finds_what_stands_against_it(
    mapping: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_as(a_sheet("pid|kind|day|sex|crp|note", "P7|2|13.02.2020||1.5|"), monkeypatch)
    with Registry.create(str(tmp_path / "r.db"), actor="ines") as registry:
        (problem,) = check_mapping(mapping, registry).problems

    assert "'P7' is not enrolled" in problem.message
    assert not check_mapping(mapping).is_refused


def test_a_field_that_names_a_person_is_refused_even_where_others_may_be_left(
    mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping.write_text(MAPPING.replace('kind = "csv"', 'kind = "csv"\nunmapped = "ignore"'), encoding="utf-8")
    rows = ("P1|1|03.02.2020|w||", "P1|2|13.02.2020||1.5|")
    header = "pid|kind|day|sex|crp|note|left"
    opened_as(a_sheet(header, *(f"{row}|z" for row in rows)), monkeypatch)
    assert not check_mapping(mapping).is_refused

    opened_as(a_sheet(header, *(f"{row}|z" for row in rows), left=SourceField("left", identifier=True)), monkeypatch)
    assert check_mapping(mapping).is_refused


def test_fields_that_may_be_left_are_named_and_counted_by_an_import(
    mapping: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping.write_text(MAPPING.replace('kind = "csv"', 'kind = "csv"\nunmapped = "ignore"'), encoding="utf-8")
    opened_as(a_sheet("pid|kind|day|sex|crp|note|left", "P1|1|03.02.2020|w|||z"), monkeypatch)
    with Registry.create(str(tmp_path / "r.db"), actor="ines") as registry:
        assert import_mapped(registry, mapping, options=ImportOptions(dry_run=True)).unmapped == {"left": 1}
