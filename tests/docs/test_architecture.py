"""What no linter checks: what a start imports, how long files are, what the public names are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import registry

ROOT = Path(__file__).parents[2]
PACKAGES = ("spondyl", "registry", "projections", "cli", "migrations")
HEAVY = ("pandas", "scipy", "matplotlib", "pyarrow", "sqlalchemy", "eventsourcing", "alembic", "rich", "numpy")


def imported_by(statement: str) -> set[str]:
    listed = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return {name.partition(".")[0] for name in listed.stdout.split()}


def test_help_imports_nothing_heavy() -> None:
    started = "import cli.main\ntry:\n    cli.main.spondyl(['--help'])\nexcept SystemExit:\n    pass"

    assert imported_by(started) & set(HEAVY) == set()


@pytest.mark.parametrize("module", ["registry.catalogue.methods", "registry.domain.patient", "registry.errors"])
def test_the_domain_imports_nothing_heavy(module: str) -> None:
    assert imported_by(f"import {module}") & set(HEAVY) == set()


def test_public_names_are_imported_when_they_are_asked_for() -> None:
    assert imported_by("import spondyl") & set(HEAVY) == set()
    assert imported_by("from spondyl import RegistryError, methods, AGENTS") & set(HEAVY) == set()


def test_projections_are_imported_without_pandas_and_scipy() -> None:
    assert imported_by("import projections") & {"pandas", "scipy", "matplotlib"} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_grows_beyond_what_a_reader_can_hold(package: str) -> None:
    long = {
        str(path): n
        for path in (ROOT / package).rglob("*.py")
        if (n := len(path.read_text("utf-8").splitlines())) > 400
    }

    assert long == {}


def test_the_public_door_of_the_write_side() -> None:
    assert "Registry" in registry.__all__
    assert sorted(registry.__all__) == sorted(name for names in registry.MODULES.values() for name in names)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        registry.nothing  # noqa: B018
