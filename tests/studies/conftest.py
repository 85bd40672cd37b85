"""The simulated registry, loaded once as its README says, and every study asked once."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from cli.main import main

STUDIES: Final = Path(__file__).parents[2] / "examples" / "studies"
DEFINITIONS: Final = sorted(STUDIES.glob("[01]*.toml"))

Figures = dict[str, dict[str, Any]]  # by address: table / row / time point / statistic / group


def spondyl(*arguments: object) -> str:
    """Run the command line in this process, and return what it printed; it may refuse nothing."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr("sys.argv", ["spondyl", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code, f"{arguments} ended with {ended.value.code}"
    return printed.getvalue()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the simulated files, by the commands of the README."""
    folder = tmp_path_factory.mktemp("studies")
    db = folder / "studies.db"
    subprocess.run([sys.executable, STUDIES / "simulate.py", folder / "files"], check=True, capture_output=True)
    spondyl("--db", db, "init")
    spondyl("--db", db, "protocol", "adopt", STUDIES / "protocol.toml")
    spondyl("--db", db, "import", folder / "files")
    return db


@pytest.fixture(scope="session")
def answers(database: Path) -> dict[str, Any]:
    """What `spondyl cohort --json` says of each study, by the number of its file."""
    return {
        file.name.split("-")[0]: json.loads(spondyl("--db", database, "cohort", file, "--json")) for file in DEFINITIONS
    }


@pytest.fixture(scope="session")
def printed(database: Path) -> dict[str, str]:
    """What `spondyl cohort` prints of each study, by the number of its file."""
    return {file.name.split("-")[0]: spondyl("--db", database, "cohort", file) for file in DEFINITIONS}


@pytest.fixture(scope="session")
def figures(answers: dict[str, Any]) -> dict[str, Figures]:
    """The figures of each study by their addresses."""
    return {
        number: {
            " / ".join(filter(None, (one[key] for key in ("table", "row", "timepoint", "statistic", "group")))): one
            for one in answer["figures"]
        }
        for number, answer in answers.items()
    }
