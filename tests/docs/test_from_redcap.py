"""docs/from-redcap-to-the-first-table.md is carried out: each command prints what stands below it."""

from __future__ import annotations

import shlex
import shutil
import tomllib
from pathlib import Path

from tests.cli.conftest import Spondyl, spondyl  # noqa: F401
from tests.docs.pages import ROOT, Page

PAGE = Page.named("from-redcap-to-the-first-table.md")
EXAMPLE = ROOT / "examples" / "redcap"
CUT = "…\n"


def carried_out(command: str, run: Spondyl) -> str:
    """What a command of the page prints: its result, then what it says beside it; nothing where that goes to a file."""
    words = shlex.split(command)
    if words[0] == "cp":
        shutil.copy(*words[1:])
        return ""
    assert words[0] == "spondyl"
    if ">" in words:
        answer = run(*words[1 : words.index(">")])
        Path(words[-1]).write_text(answer.out, encoding="utf-8")
    else:
        answer = run(*words[1:])
    assert answer.code == 0, answer.err
    return "" if ">" in words else answer.out + answer.err


def test_every_command_prints_what_stands_below_it(spondyl: Spondyl, tmp_path: Path) -> None:  # noqa: F811
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)

    for block in PAGE.blocks("console"):
        for said in block.split("$ ")[1:]:
            command, _, expected = said.partition("\n")
            printed = carried_out(command, spondyl)
            if expected.endswith(CUT):
                assert printed.startswith(expected.removesuffix(CUT))
            elif expected:
                assert printed == expected


def test_the_mapping_of_the_page_is_that_of_the_example() -> None:
    shown = tomllib.loads(PAGE.block("toml"))
    whole = tomllib.loads((EXAMPLE / "mapping.toml").read_text(encoding="utf-8"))

    assert (shown["source"], shown["patient"]) == (whole["source"], whole["patient"])
    assert shown["ignore"].items() <= whole["ignore"].items()


def test_both_mappings_of_the_example_differ_in_their_files_alone() -> None:
    xml, csv = (
        tomllib.loads((EXAMPLE / name).read_text(encoding="utf-8")) for name in ("mapping.toml", "mapping-csv.toml")
    )

    files = {"files", "dictionary", "events", "arms", "project"}
    assert {
        key for key in {*xml["source"], *csv["source"]} if xml["source"].get(key) != csv["source"].get(key)
    } == files
    assert {key: xml[key] for key in xml if key != "source"} == {key: csv[key] for key in csv if key != "source"}
