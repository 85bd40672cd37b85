"""What the documentation says is what happens."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl, spondyl  # noqa: F401

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_transcript_in_the_readme_is_what_the_demo_prints(spondyl: Spondyl) -> None:  # noqa: F811
    (transcript,) = re.findall(r"<!-- demo -->\n```text\n(.*?)```", README, re.DOTALL)

    assert spondyl("demo").out.replace("\u001b", "") == transcript


def test_the_python_of_the_readme_runs_and_prints_what_its_comments_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "readme.py").write_text(blocks(README, "python")[0], encoding="utf-8")

    runpy.run_path("readme.py")

    assert capsys.readouterr().out.split() == ["improved", "4"]


def test_every_command_that_the_readme_shows_exists(spondyl: Spondyl) -> None:  # noqa: F811
    shown = re.findall(r"^\$ spondyl (\w+)", README, re.MULTILINE)

    assert len(shown) >= 8
    assert {spondyl(name, "--help").code for name in shown} == {0}


def test_every_file_that_the_documentation_links_to_exists() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "examples" / "README.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_every_folder_of_the_readmes_table_exists() -> None:
    folders = re.findall(r"`([a-z/_]+/)`", README)

    assert folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
