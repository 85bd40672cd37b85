"""The library's own variables of the environment: whatever they say, a registry is kept and read as without them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import eventsourcing
import pytest

from registry import Registry
from registry.store.factory import REGISTRY

SOURCE: Final = Path(eventsourcing.__file__).parent
NAMED: Final = re.compile(r'(?:"|getenv\(")([A-Z][A-Z_]{5,})"')
NAMES: Final = sorted(
    {name for path in SOURCE.glob("*.py") for name in NAMED.findall(path.read_text(encoding="utf-8"))} | {REGISTRY}
)
PREFIXES: Final = ("", "PATIENTSTREAMS_", "REGISTRY_", "APPLICATION_")
NASTY: Final = "planted:thing"
PLANTED: Final = "from pathlib import Path\nPath('loaded').touch()\nthing = 1\n"
COMMANDS: Final = (
    ("init",),
    ("import", "patients.csv"),
    ("record", "visit", "patient=P-1", "visited_on=2020-01-02", "visit=baseline", "crp=12"),
    ("amend", "visit/P-1/2020-01-02/baseline", "crp=13", "--reason", "typo"),
    ("show", "P-1"),
    ("table", "visits", "--csv"),
    ("verify",),
)


def test_the_names_that_the_library_asks_for_are_found_in_its_source() -> None:
    assert {
        *("PERSISTENCE_MODULE", "COMPRESSOR_TOPIC", "CIPHER_TOPIC", "CIPHER_KEY", "TRANSCODER_TOPIC", "MAPPER_TOPIC"),
        *("APPLICATION_RECORDER_TOPIC", "IS_SNAPSHOTTING_ENABLED", "AGGREGATE_CACHE_MAXSIZE", "TZINFO_TOPIC"),
        *("DEEPCOPY_FROM_AGGREGATE_CACHE", "POSTGRES_DBNAME", "SQLITE_DBNAME", "ORIGINATOR_ID_TYPE"),
    } <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_variable_of_the_library_breaks_or_turns_a_registry(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for prefix in PREFIXES:
        monkeypatch.setenv(prefix + name, NASTY)

    with Registry.open(sqlite_url, actor="ines") as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")
        registry.record_visit("P-1", visited_on="2020-01-02", visit="baseline", measures={"crp": 12})

        assert registry.head.position == 2
        assert registry.place == sqlite_url.removeprefix("sqlite:///")
        assert registry.verify().is_whole


def told(folder: Path, variables: dict[str, str]) -> list[tuple[int, bytes]]:
    """Return what each command ends with and prints, in a folder in which a module waits to be loaded."""
    (folder / "planted.py").write_text(PLANTED)
    (folder / "patients.csv").write_text("patient,enrolled_on\nP-1,2020-01-01\n")
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{Path(__file__).parents[3]}:{folder}", "USER": "ines"}
    run = (sys.executable, "-c", "from cli.main import main; main()")
    ended = [
        subprocess.run([*run, *each], capture_output=True, check=False, cwd=folder, env=surroundings | variables)
        for each in COMMANDS
    ]
    return [(each.returncode, each.stdout) for each in ended]


def test_commands_do_the_same_and_load_nothing_under_all_variables_at_once(tmp_path: Path) -> None:
    for folder in ("without", "with"):
        (tmp_path / folder).mkdir()

    without = told(tmp_path / "without", {})
    under_all = told(tmp_path / "with", {prefix + name: NASTY for name in NAMES for prefix in PREFIXES})

    assert under_all == without
    assert {code for code, _ in without} == {0}
    assert not (tmp_path / "with" / "loaded").exists()
