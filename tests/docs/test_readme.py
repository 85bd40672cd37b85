"""What the documentation says is what happens."""

from __future__ import annotations

import re
import runpy
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl, spondyl  # noqa: F401

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), ROOT / "examples" / "README.md")
MADE_BY_THE_READER = {".venv/bin/spondyl"}
MODULES = sorted(ROOT.glob("docs/adding-a*.md"))  # their examples become parts of the packages


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def transcript_of(page: str) -> str:
    (transcript,) = re.findall(r"<!-- demo -->\n```text\n(.*?)```", page, re.DOTALL)
    return str(transcript)


def printed_by(program: str) -> list[str]:
    """Return what a program says in its comments that it prints."""
    return re.findall(r"^ *print\(.*\)  # (.*)$", program, re.MULTILINE)


def test_the_transcript_in_the_documentation_is_what_the_demo_prints(spondyl: Spondyl) -> None:  # noqa: F811
    page = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")

    assert spondyl("demo").out.replace("\u001b", "") == transcript_of(page)


def test_the_readme_begins_with_the_demos_first_two_steps_in_a_window_of_usual_size() -> None:
    begins = transcript_of(README)

    assert transcript_of((ROOT / "docs" / "demo.md").read_text(encoding="utf-8")).startswith(f"{begins}\n3. ")
    assert len(begins.splitlines()) <= 40
    assert max(map(len, begins.splitlines())) <= 100


def test_the_first_figure_of_the_readme_is_seen_without_scrolling() -> None:
    lines = README.splitlines()

    assert next(number for number, line in enumerate(lines, 1) if "107 (10.8%)" in line) <= 25


@pytest.mark.parametrize("program", [each for page in PAGES for each in blocks(page.read_text("utf-8"), "python")])
def test_the_python_of_the_documentation_runs_and_prints_what_its_comments_say(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    (tmp_path / "program.py").write_text(program, encoding="utf-8")

    runpy.run_path("program.py")

    assert capsys.readouterr().out.splitlines() == printed_by(program)


def test_python_in_the_documentation_imports_from_one_name() -> None:
    programs = [each for page in PAGES if page not in MODULES for each in blocks(page.read_text("utf-8"), "python")]
    imports = [line for each in programs for line in each.splitlines() if re.match(r"\s*(from|import) ", line)]

    assert len(programs) >= 2
    inner = r"\s*(from|import) (registry|projections|views|cli|migrations)"
    assert [line for line in imports if re.match(inner, line)] == []
    assert sum("from spondyl import" in line for line in imports) >= 2


def test_the_readme_says_how_the_command_is_found_before_it_shows_one(tmp_path: Path) -> None:
    (typed,) = re.findall(r"^\$ (export PATH=\S+)", README, re.MULTILINE)
    made = tmp_path / ".venv" / "bin" / "spondyl"
    made.parent.mkdir(parents=True)
    made.touch(mode=0o755)

    found = subprocess.run(
        ["/bin/sh", "-c", f"{typed}; command -v spondyl"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert README.index(typed) < README.index("$ spondyl ")
    assert found.stdout.strip() == str(made)


def test_every_command_that_the_readme_shows_exists(spondyl: Spondyl) -> None:  # noqa: F811
    shown = re.findall(r"^\$ spondyl (\w+)", README, re.MULTILINE)

    assert len(shown) >= 8
    assert {spondyl(name, "--help").code for name in shown} == {0}


def test_every_file_that_the_documentation_links_to_exists() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "architecture.md"], ids=lambda page: page.name)
def test_every_path_that_an_overview_names_exists(page: Path) -> None:
    paths = re.findall(r"`((?:[\w.-]+/)+[\w.*-]*)`", page.read_text(encoding="utf-8"))

    assert len(paths) > 20
    assert [path for path in paths if path not in MADE_BY_THE_READER and not list(ROOT.glob(path))] == []


def test_the_architecture_names_every_folder_of_the_packages() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = [
        path.relative_to(ROOT).as_posix()
        for package in ("spondyl", "registry", "projections", "views", "cli", "migrations")
        for path in (ROOT / package, *(ROOT / package).rglob("*"))
        if path.is_dir() and list(path.glob("*.py"))
    ]

    named = {path.rstrip("/").replace("/", ".") for path in re.findall(r"`([\w./]+)`", page)}

    assert len(folders) > 30
    assert [folder for folder in folders if folder.replace("/", ".") not in named] == []
