"""The pictures of the README are what the command of the Makefile draws."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl, spondyl  # noqa: F401

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
DRAWN = re.findall(
    r"\$\(BIN\)/spondyl --db \.pictures/spondyl\.db (show .+) --svg (docs/pictures/\S+)",
    (ROOT / "Makefile").read_text(),
)


@pytest.fixture
def demo(spondyl: Spondyl) -> Spondyl:  # noqa: F811
    spondyl("demo")
    return spondyl


def test_make_pictures_draws_every_picture_of_the_readme() -> None:
    shown = re.findall(r"!\[.+\]\((.+\.svg)\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert [place for _, place in DRAWN] == shown
    assert {path.name for path in PICTURES.iterdir()} == {Path(place).name for place in shown}


def test_the_pictures_are_up_to_date(demo: Spondyl, tmp_path: Path) -> None:
    for command, place in DRAWN:
        new = tmp_path / Path(place).name

        answer = demo("--db", "spondyl-demo/spondyl.db", *command.split(), "--svg", new)

        assert answer.code == 0, answer.err
        assert new.read_bytes() == (ROOT / place).read_bytes(), "run `make pictures`"
