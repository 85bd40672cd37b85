"""docs/campaigns.md is carried out, from the start of its example to the table of agreement."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Spondyl, spondyl  # noqa: F401
from tests.docs.pages import ROOT, Page
from tests.docs.test_from_redcap import CUT, carried_out

PAGE = Page.named("campaigns.md")


def carried_out_here(command: str, run: Spondyl) -> str:
    """What a command of the page prints; a program plays the reader."""
    words = shlex.split(command)
    if words[0] != "python":
        return carried_out(command, run)
    subprocess.run([sys.executable, *words[1:]], check=True, capture_output=True)
    return ""


def test_every_command_of_the_example_prints_what_stands_below_it(spondyl: Spondyl, tmp_path: Path) -> None:  # noqa: F811
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    [block] = [block for block in PAGE.blocks("console") if "type_grades.py" in block]

    for said in block.split("$ ")[1:]:
        command, _, expected = said.partition("\n")
        printed = carried_out_here(command, spondyl)
        if expected.endswith(CUT):
            assert printed.startswith(expected.removesuffix(CUT))
        elif expected:
            assert printed == expected


def test_what_readers_see_is_of_the_cohort_s_studies() -> None:
    rows = [line.split(",") for line in (ROOT / "examples" / "campaign" / "seen.csv").read_text().splitlines()]
    imaging = (ROOT / "examples" / "baraliakos2013" / "imaging.csv").read_text().splitlines()

    studies = {line.split(",")[0] for line in imaging[1:]}
    assert {tuple(row[:2]) for row in rows[1:]} == {
        (reader, study) for reader in ("R1", "R2", "R3") for study in studies
    }
    assert all(set(row[2:]) <= set("0123") for row in rows[1:])
