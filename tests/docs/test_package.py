"""The built wheel works without the checkout: migrations, catalogue and example cohorts travel with it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the contents of a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_holds_the_packages_and_nothing_of_the_workshop(unpacked: Path) -> None:
    top = {path.name for path in unpacked.iterdir() if path.suffix != ".dist-info"}

    assert top == {"spondyl", "registry", "projections", "views", "cli", "migrations"}
    assert (unpacked / "migrations" / "versions" / "0001_event_log.py").exists()


def test_every_package_of_the_wheel_is_typed(unpacked: Path) -> None:
    packages = [path for path in unpacked.iterdir() if path.suffix != ".dist-info"]

    assert [path.name for path in packages if not (path / "py.typed").is_file()] == []


def test_the_command_of_the_wheel_goes_through_the_one_import_name(unpacked: Path) -> None:
    (entry_points,) = unpacked.glob("*.dist-info/entry_points.txt")

    assert "spondyl = spondyl:main" in entry_points.read_text(encoding="utf-8").splitlines()


def test_the_demo_runs_from_the_wheel_and_ends_with_a_command_that_can_be_typed(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PATH": os.defpath}
    command = tmp_path / "my tools" / "spondyl"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom spondyl import main\nmain()\n", encoding="utf-8")
    command.chmod(0o755)

    done = run([str(command), "demo"], tmp_path, environment)
    typed = done.stdout.rpartition("Now look around:")[2].strip()
    shown = run(["/bin/sh", "-c", typed], tmp_path, environment)

    assert done.returncode == 0, done.stderr
    assert "the log: " in done.stdout
    assert Path(tmp_path / "spondyl-demo" / "export-2002" / "manifest.json").exists()
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "BAR1-01" in shown.stdout
