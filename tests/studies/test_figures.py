"""Every study can be asked, and every figure of it says of how many it is."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest

from tests.studies.conftest import DEFINITIONS, STUDIES, spondyl

NUMBERS = ("value", "p_value", "ci_low", "ci_high")


def test_there_are_ten_studies_each_with_a_definition_and_a_page() -> None:
    numbers = {f"{n:02}" for n in range(1, 11)}

    assert {file.name[:2] for file in DEFINITIONS} == numbers
    assert {file.name[:2] for file in STUDIES.glob("[01]*.md")} == numbers


@pytest.mark.parametrize("number", [file.name.split("-")[0] for file in DEFINITIONS])
def test_every_figure_says_of_how_many_it_is_and_an_empty_one_why(number: str, answers: dict[str, Any]) -> None:
    answer = answers[number]

    assert answer["n_patients"] >= 80
    for figure in answer["figures"]:
        assert figure["denominator"] is not None or figure["denominator_note"], figure
        assert figure["value"] is not None or figure["p_value"] is not None or figure["reason"], figure
        assert all(math.isfinite(figure[key]) for key in NUMBERS if figure[key] is not None), figure


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: file.name[:3])
def test_every_table_of_a_study_is_printed_with_its_groups(file: Path, printed: dict[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    lines = printed[file.name.split("-")[0]].splitlines()

    asked = {line[8:-1] for line in text.splitlines() if line.startswith("[tables.")}
    assert {line.lower() for line in lines if line.isupper()} >= asked
    assert any("between groups:" in line for line in lines) == ("[groups]" in text)


def test_the_same_seed_gives_the_same_files(database: Path, tmp_path: Path) -> None:
    from examples.studies.simulated import registry

    registry.simulated().write(tmp_path)

    for file in (database.parent / "files").iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_the_data_behind_a_study_has_a_row_a_member_and_one_a_value(
    database: Path, tmp_path: Path, answers: dict[str, Any]
) -> None:
    spondyl("--db", database, "dataset", STUDIES / "02-sex-and-retention.toml", tmp_path / "data", "--format", "csv")

    with (tmp_path / "data" / "cohort_members.csv").open(encoding="utf-8") as file:
        members = list(csv.DictReader(file))
    assert len(members) == answers["02"]["n_patients"]
    assert {row["group"] for row in members} == {"women", "men"}
    with (tmp_path / "data" / "cohort_values.csv").open(encoding="utf-8") as file:
        assert {row["timepoint"] for row in csv.DictReader(file)} >= {"baseline", "6 months", "12 months", "24 months"}


def test_the_sums_of_two_readers_are_in_the_data_set_and_give_the_growth_of_the_table(
    database: Path, tmp_path: Path, figures: dict[str, dict[str, Any]]
) -> None:
    spondyl("--db", database, "dataset", STUDIES / "05-msasss-two-readers.toml", tmp_path / "data", "--format", "csv")

    with (tmp_path / "data" / "cohort_values.csv").open(encoding="utf-8") as file:
        sums = {
            (row["patient"], row["timepoint"]): float(row["value"])
            for row in csv.DictReader(file)
            if row["name"] == "msasss" and row["value"]
        }
    growth = [sums[patient, "2 years"] - value for (patient, at), value in sums.items() if at == "inclusion"]
    table = figures["05"]["progression / msasss / inclusion → 2 years / mean"]
    assert len(growth) == table["denominator"]
    assert sum(growth) / len(growth) == pytest.approx(table["value"], abs=1e-9)
