"""Somebody's own `registry.py` or `cli/` in front of spondyl's is said in one sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spondyl.shadows import PACKAGES
from tests.docs.test_package import ROOT, unpacked

THE_COMMAND = "import sys\nfrom spondyl import main\nsys.exit(main())\n"  # as pip writes it
Run = Callable[[str, str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder of somebody's own, which stands in front on Python's path."""
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


@pytest.fixture(params=["tree", "wheel"])
def site(request: pytest.FixtureRequest) -> Path:
    """Where spondyl is: this tree, or a folder into which a wheel was installed."""
    return ROOT if request.param == "tree" else request.getfixturevalue("unpacked")


@pytest.fixture
def run(mine: Path, site: Path, tmp_path: Path) -> Run:
    """Return what runs a script under a name, with somebody's folder in front of spondyl's."""

    def ran(name: str, script: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / name).write_text(script, encoding="utf-8")
        return subprocess.run(
            [sys.executable, str(tmp_path / "bin" / name), "--help"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(mine), str(site)))},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return ran


def in_front(mine: Path, package: str, *, is_folder: bool) -> Path:
    place = mine / package if is_folder else mine / f"{package}.py"
    if is_folder:
        place.mkdir()
    (place / "__init__.py" if is_folder else place).write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    return place


def sentence(place: Path, package: str) -> str:
    return f"{place} shadows spondyl's {package}: rename it, or take {place.parent} off Python's path"


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
@pytest.mark.parametrize("package", PACKAGES)
def test_the_command_says_in_one_line_what_shadows_it(run: Run, mine: Path, package: str, is_folder: bool) -> None:
    place = in_front(mine, package, is_folder=is_folder)

    done = run("spondyl", THE_COMMAND)

    assert (done.returncode, done.stdout, done.stderr) == (3, "", f"spondyl: {sentence(place, package)}\n")


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
@pytest.mark.parametrize("package", PACKAGES)
def test_an_import_is_refused_with_the_same_sentence(run: Run, mine: Path, package: str, is_folder: bool) -> None:
    place = in_front(mine, package, is_folder=is_folder)
    caught = "except ImportError as refusal:\n    print(refusal.name, refusal.path, refusal, sep='|')\n"

    done = run("analysis.py", f"try:\n    import spondyl\n{caught}")

    assert done.stdout == f"{package}|{place}|{sentence(place, package)}\n"
    assert done.returncode == 0, done.stderr


def test_nothing_is_said_of_a_folder_that_python_passes_over_and_of_other_names(run: Run, mine: Path) -> None:
    (mine / "cli").mkdir()  # without __init__.py it yields to a package behind it
    (mine / "registries.py").touch()

    done = run("spondyl", THE_COMMAND)

    assert done.stderr == ""
    assert re.match(r"Usage: spondyl \[OPTIONS\] COMMAND", done.stdout)


def test_a_path_that_is_written_in_a_roundabout_way_is_no_shadow(run: Run, site: Path) -> None:
    script = f"import sys\nsys.path.insert(0, {str(site / 'registry' / '..')!r})\nfrom spondyl import Registry\n"

    assert run("analysis.py", script).stderr == ""


__all__ = ["unpacked"]
