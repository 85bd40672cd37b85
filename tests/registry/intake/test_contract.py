"""docs/intake.md says of every table what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.measures import MEASURES
from registry.schema.tables import Table, tables_of

TABLES = tables_of(BUILT_IN)

PAGE = (Path(__file__).parents[3] / "docs" / "intake.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
HOLDS = {"pseudonym": "code", "integer": "whole number", "agent": "drug", "open words": "words, others too"}


def rows(section: str, width: int) -> list[list[str]]:
    """Return the cells of the tables of a section that have so many columns, without their headers."""
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line] for line in lines if len(line) == width]


def described(table: Table) -> list[list[str]]:
    """Return what the page must say of the columns of a table."""
    return [
        [
            f"`{column.name}`",
            "required" if column.required else "",
            HOLDS.get(column.holds, column.holds),
            column.meaning + _words(column.words),
        ]
        for column in table.columns.values()
        if column.holds != "measure"
    ]


def _words(words: tuple[str, ...]) -> str:
    return ": " + ", ".join(f"`{word}`" for word in words) if words else ""


@pytest.mark.parametrize("name", TABLES)
def test_the_page_describes_every_column(name: str) -> None:
    assert rows(SECTIONS[name], 4) == described(TABLES[name])


@pytest.mark.parametrize("name", TABLES)
def test_the_page_names_the_key(name: str) -> None:
    key = ", ".join(f"`{column}`" for column in TABLES[name].key)

    assert SECTIONS[name].lstrip().startswith(f"Key: {key}. ")


def test_the_page_describes_every_condition_with_its_group_and_its_codes() -> None:
    assert rows(SECTIONS["conditions"], 3) == [
        [f"`{each.name}`", f"{each.group}: {each.label}", ", ".join(each.icd10)]
        for each in BUILT_IN.conditions.values()
    ]


def test_the_page_describes_every_measure_with_its_units_and_its_range() -> None:
    assert rows(SECTIONS["visits"], 5) == [
        [
            f"`{measure.name}`",
            measure.unit,
            ", ".join(measure.units[1:]),
            f"{measure.low} and above" if measure.high is None else f"{measure.low} to {measure.high}",
            measure.label,
        ]
        for measure in MEASURES.values()
    ]
