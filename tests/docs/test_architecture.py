"""What no linter checks: what a start imports, how long files are, what the public names are."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import registry

ROOT = Path(__file__).parents[2]
PACKAGES = ("spondyl", "registry", "projections", "views", "cli", "migrations")
BUILT_IN = {  # lists of what is built in, by the module of the catalogue that has them; a `Catalogue` has a registry's
    "registry.catalogue.measures": {"MEASURES"},
    "registry.catalogue.agents": {"AGENTS", "AGENT_OF_ATC", "agent_of_atc"},
    "registry.catalogue.agent_words": {"AGENT_WORDS"},
    "registry.catalogue.agent_synonyms": {"SYNONYMS"},
    "registry.catalogue.products": {"PRODUCTS", "built_in_products"},
    "registry.catalogue.conditions": {"CONDITIONS"},
    "registry.catalogue.methods": {"methods"},
    "registry.catalogue.instruments": {"instruments"},
    "registry.catalogue.criteria": {"criteria"},
}
PUBLIC_DOORS = {"registry/__init__.py", "spondyl/__init__.py"}  # where users find the lists themselves
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


def built_in_lists_read_in(source: str) -> Iterator[str]:
    """Yield which lists of what is built in a module imports, itself or as part of a module or of a public door."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("registry.catalogue"))
        elif isinstance(node, ast.ImportFrom):
            module = str(node.module)
            yield from (f"{module}.{alias.name}" for alias in node.names if gives_built_in(module, alias.name))


def gives_built_in(module: str, name: str) -> bool:
    """Return whether a name of a module is a list of what is built in, or has one in it."""
    at_doors = set().union(*BUILT_IN.values()) if module in ("registry", "spondyl") else set()
    lists = BUILT_IN.get(module, at_doors)
    return name in lists or (name == "*" and bool(lists)) or f"{module}.{name}" in {*BUILT_IN, "registry.catalogue"}


@pytest.mark.parametrize(
    "statement",
    [
        "from registry.catalogue.measures import MEASURES",
        "def late():\n    from registry.catalogue.methods import methods",
        "from registry.catalogue import methods",
        "from registry.catalogue import agents as drugs",
        "from registry import catalogue",
        "import registry.catalogue.measures",
        "from registry import AGENTS",
        "from spondyl import criteria",
        "from registry.catalogue.conditions import *",
    ],
)
def test_a_list_of_what_is_built_in_is_seen_however_it_is_imported(statement: str) -> None:
    assert list(built_in_lists_read_in(statement))


def test_nobody_outside_the_catalogue_reads_what_is_built_in_behind_the_back_of_a_registrys_catalogue() -> None:
    """A registry's protocol adds to each list; who is not given the catalogue would not know what it added."""
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    outside = {name: text for name, text in sources.items() if not name.startswith("registry/catalogue/")}
    read = {name: found for name, text in outside.items() if (found := list(built_in_lists_read_in(text)))}

    assert len(outside) > 300
    assert read.keys() == PUBLIC_DOORS
