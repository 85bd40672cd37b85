"""What the tab key offers: names from the registry and words of the catalogue, and nothing where anything is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from cli.main import spondyl as group
from tests.cli.conftest import Spondyl

PAGE = Path(__file__).parents[2] / "docs" / "completion.md"


def offered(typed: str) -> list[str]:
    """Return what is offered for the last word of what is typed."""
    *words, begun = typed.split(" ")
    found = ShellComplete(group, {}, "spondyl", "_SPONDYL_COMPLETE").get_completions(words, begun)
    return [each.value if each.type == "plain" else f"<{each.type}>" for each in found]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rest", ["restore"]),
        ("record adv", ["adverse-event"]),
        ("show P", ["P-1", "P-20"]),
        ("erase P-2", ["P-20"]),
        ("scores --patient P-1", ["P-1"]),
        ("status --known-at pap", ["paper-2026"]),
        ("cohort x.toml --versus ", ["paper-2026"]),
        ("verify --from ", ["paper-2026"]),
        ("table lesion_s", ["lesion_states"]),
        ("export out --tables visits,lesion_s", ["visits,lesion_states"]),
        ("export out --history --tables visits_", ["visits_versions"]),
        ("diff --known-at pap", ["paper-2026"]),
        ("diff --known-at @1 --table lesi", ["lesion_courses", "lesion_episodes", "lesion_states", "lesions"]),
        ("diff --known-at @1 --patient P-2", ["P-20"]),
        ("export out --profile de", ["deidentified"]),
        ("export out --profile o", ["omop"]),
        ("responses --criterion asas4", ["asas40"]),
        ("responses --agent ada", ["adalimumab"]),
        ("flares --computed --definition flare-w", ["flare-withdrawal"]),
        ("summary --measure asdas", ["asdas_crp", "asdas_esr"]),
        ("scores --method ber", ["berlin", "berlin-sij"]),
        ("check --rule dec", ["decimal-point-lost"]),
        ("cohort pap", ["<file>"]),
        ("reconcile pap", ["<file>"]),
        ("import vis", ["<file>"]),
        ("import --map map", ["<file>"]),
        ("map d", ["draft"]),
        ("map draft --kind s", ["sav"]),
        ("map check map", ["<file>"]),
    ],
)
def test_what_can_stand_there_is_offered(cohort: Spondyl, typed: str, expected: list[str]) -> None:
    cohort("record", "patient", "patient=P-20", "enrolled_on=2020-01-01")
    cohort("freeze", "paper-2026")

    assert offered(typed) == expected


@pytest.mark.parametrize("typed", ["--db there.db show P", "show --db there.db P"])
def test_patients_are_those_of_the_registry_that_is_named(cohort: Spondyl, typed: str) -> None:
    cohort("--db", "there.db", "init")
    cohort("--db", "there.db", "record", "patient", "patient=P-77", "enrolled_on=2020-01-01")

    assert offered(typed) == ["P-77"]


def test_an_erased_patient_is_not_offered(cohort: Spondyl) -> None:
    cohort("erase", "P-1", "--reason", "Art. 17 GDPR", "--yes")

    assert offered("show P") == []


@pytest.mark.parametrize("typed", ["show P", "status --known-at p", "--db postgresql://127.0.0.1:1/none show P"])
def test_without_a_registry_nothing_is_offered_and_nothing_said(spondyl: Spondyl, typed: str, tmp_path: Path) -> None:
    assert offered(typed) == []
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_no_registry_offers_nothing(spondyl: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "spondyl.db").write_text("no registry")

    assert offered("show P") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_the_manual_says_for_each_shell_gives_its_script(shell: str) -> None:
    variable, value = re.findall(rf"(_\w+)=({shell}_source) spondyl", PAGE.read_text(encoding="utf-8"))[0]
    program = "import sys; sys.argv[0] = 'spondyl'; from cli.main import main; main()"

    made = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
        check=True,
    )

    assert f"{variable}={shell}_complete" in made.stdout
