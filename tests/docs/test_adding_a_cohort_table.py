"""The example of the documentation is a cohort table: declared in one module, and everything follows."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.cohort import tables as folder
from projections.cohort.tables import table_names
from tests.cli.conftest import Spondyl, spondyl

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-cohort-table.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The only block of the page in a language."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


@pytest.fixture
def with_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the documentation's module beside the tables that there are."""
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "observation.py").write_text(block("python"), encoding="utf-8")
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(modules)])
    table_names.cache_clear()
    yield
    table_names.cache_clear()
    sys.modules.pop(f"{folder.__name__}.observation", None)


@pytest.fixture
def followed(spondyl: Spondyl, with_the_example: None) -> Spondyl:
    """The command on a registry of the page's three patients, with the page's definition."""
    Path("followed.toml").write_text(block("toml"), encoding="utf-8")
    spondyl("init")
    for patient, ended_on in (("P-1", "2020-04-10"), ("P-2", "2020-12-31"), ("P-3", "2022-06-19")):
        spondyl("record", "patient", f"patient={patient}", "enrolled_on=2020-01-01", f"follow_up_ended_on={ended_on}")
    return spondyl


def test_a_module_in_the_folder_is_a_table_after_those_of_a_paper(with_the_example: None) -> None:
    assert {"agreement", "observation"} <= set(table_names())


def test_a_definition_that_asks_for_it_gives_the_printed_table(followed: Spondyl) -> None:
    printed = followed("cohort", "followed.toml").out

    assert block("text") in re.sub(r" +$", "", printed, flags=re.MULTILINE)


def test_its_figures_are_given_to_machines(followed: Spondyl) -> None:
    figures = followed("cohort", "followed.toml", "--json").json["figures"]

    assert {(each["row"], each["numerator"], each["denominator"]) for each in figures if each["numerator"]} == {
        ("at least 365 days", 2, 3),
        ("at least 730 days", 1, 3),
    }
    assert [each["value"] for each in figures if each["statistic"] in ("mean", "median")] == [455, 365]


def test_it_is_laid_out_in_markdown_and_html(followed: Spondyl) -> None:
    markdown, html = (followed("cohort", "followed.toml", form).out for form in ("--markdown", "--html"))

    assert "| at least 365 days | 2 of 3 (66.7%) |" in markdown
    assert "<td>2 of 3 (66.7%)</td>" in html


def test_its_default_is_told_and_a_wrong_key_refused(followed: Spondyl) -> None:
    definition = Path("followed.toml")
    definition.write_text(definition.read_text("utf-8").replace("at_least = [365, 730]\n", ""), encoding="utf-8")
    assert "tables.observation: at_least = 365" in followed("cohort", "followed.toml").out

    definition.write_text(definition.read_text("utf-8") + "at_most = [365]\n", encoding="utf-8")
    refused = followed("cohort", "followed.toml")
    assert refused.code == 3
    assert "tables.observation.at_most: is not a key here; write 'at_least'" in refused.err


__all__ = ["spondyl"]
