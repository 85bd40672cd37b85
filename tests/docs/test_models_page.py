"""The page of models: its definition prints what stands there, and its lines for R and Stata name columns there are."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pyreadstat
import pytest

from registry import Registry
from registry.intake import import_batch
from tests.cli.conftest import Spondyl, spondyl
from tests.projections.statistics.expected import STORED

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


def block(language: str) -> list[str]:
    """The blocks of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def invented(spondyl: Spondyl, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spondyl:
    """The command on the registry of the page, with its definition in `models.toml`."""
    path = shutil.copy(sqlite_template, tmp_path / "models.db")
    with Registry.open(str(path), actor="lindner") as opened:
        import_batch(opened, STORED / "cohort_models")
    monkeypatch.setenv("SPONDYL_DB", str(path))
    (tmp_path / "models.toml").write_text(block("toml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return spondyl


def test_the_definition_of_the_page_prints_what_stands_there(invented: Spondyl) -> None:
    printed = invented("cohort", "models.toml").out

    assert block("text")[0].strip() in printed


def test_the_tables_are_no_wider_than_a_terminal() -> None:
    lines = [line for line in block("text")[0].splitlines() if not re.match(r" [ᵃ-ᶻ] ", line)]

    assert max(map(len, lines)) <= 80


def test_the_columns_that_r_and_stata_are_told_are_in_the_data_set(invented: Spondyl) -> None:
    invented("dataset", "models.toml", "r", "--format", "csv", "--wide")
    invented("dataset", "models.toml", "stata", "--format", "dta", "--wide")
    with Path("r/cohort_wide.csv").open(newline="", encoding="utf-8") as written:
        names = {re.sub(r"[^\w.]", ".", name) for name in next(csv.reader(written))}
    of_stata = set(pyreadstat.read_dta("stata/cohort_wide.dta", metadataonly=True)[1].column_names)

    wanted = {"entry", "exit", "event", "sex", "age", "agent", "patient", "basdai.at.baseline"}
    assert all(name in "".join(block("r")) for name in wanted)
    assert wanted <= names
    assert {name.replace(".", "_") for name in wanted} <= of_stata
    assert "basdai_at_baseline" in "".join(block("stata"))


__all__ = ["spondyl"]
