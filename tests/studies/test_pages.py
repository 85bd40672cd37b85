"""The page of a study says where its facts are from, how they are written, what comes out, and what is left unsaid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.studies.conftest import STUDIES

PAGES = sorted(STUDIES.glob("[01]*.md"))
COMMAND = re.compile(r"^\$ spondyl --db studies\.db cohort examples/studies/(\S+) --table (\w+)$", re.MULTILINE)
SHOWN = re.compile(r"```text\n(.*?)\n```", re.DOTALL)  # python -m tests.studies.refresh writes it anew
HEADINGS = ["The paper", "In the cohort language", "The answer", "What the language cannot say"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_its_parts_and_every_published_figure_says_where_it_was_read(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    published = text.partition("Published figures:")[2].partition("\n## ")[0].strip().splitlines()[2:]
    assert published
    assert all(row.split(" | ")[2].strip(" |") for row in published)
    assert len(text.partition("## What the language cannot say")[2].strip().splitlines()) >= 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_is_what_the_table_of_its_command_says(page: Path, printed: dict[str, str]) -> None:
    text = page.read_text(encoding="utf-8")
    ((file, table),) = COMMAND.findall(text)
    (shown,) = SHOWN.findall(text)

    assert file == f"{page.stem}.toml"
    of_table = printed[page.stem[:2]].partition(f"\n{table.upper()}\n")[2]
    assert shown in "\n".join(line.rstrip() for line in of_table.splitlines())
