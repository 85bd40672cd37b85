"""The invented registry that R fitted models to: see tests/data/cohort_models.R."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections import Facts, facts_at
from registry import Registry
from registry.intake import import_batch
from tests.projections.shown import Clock
from tests.projections.statistics.expected import STORED


@pytest.fixture(scope="session")
def invented(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry with the three tables of the invented patients; tests only read it."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("invented") / "registry.db")
    clock = Clock()
    clock.set("2026-06-30T09:00")
    with Registry.open(str(path), actor="lindner", clock=clock) as opened:
        import_batch(opened, STORED / "cohort_models")
        yield opened


@pytest.fixture(scope="session")
def facts(invented: Registry) -> Facts:
    """All that the registry knows."""
    return facts_at(invented)
